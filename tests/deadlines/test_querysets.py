"""Nobody is reminded of a page that stays closed to them."""

from datetime import date

import pytest

from ali.deadlines.models import Deadline, DeadlineKind
from ali.deadlines.services import Due, write_deadlines
from ali.organisations.models import Organisation
from tests.factories.organisations import OrganisationFactory, actor_for_role

pytestmark = pytest.mark.django_db

OF_PEOPLE = {"permit", "appointment", "exit", "extension", "next_step", "job"}
OF_HOMES = {"works", "upkeep", "visit"}
CLOSED = {
    "centre_operator": {"rent"} | OF_HOMES,
    "housing_manager": {"contract"},
    "housing_operator": {"proposal", "contract"},
    "rent_accountant": OF_PEOPLE | {"proposal", "contract", "upkeep", "visit"},
    "municipal_officer": OF_PEOPLE | OF_HOMES | {"proposal", "contract", "rent"},
    "prefecture_officer": {"rent"} | OF_HOMES,
}


@pytest.fixture
def body() -> Organisation:
    body: Organisation = OrganisationFactory()
    write_deadlines(
        [
            Due(kind.value, f"prova:{kind.value}", date(2026, 3, 2), "Da fare", (body.pk,))
            for kind in DeadlineKind
        ]
    )
    return body


@pytest.mark.parametrize("role", CLOSED)
def test_role_sees_the_kinds_whose_pages_it_opens(body: Organisation, role: str) -> None:
    actor = actor_for_role(role, organisation=body)

    seen = set(Deadline.objects.visible_to(actor).values_list("kind", flat=True))

    assert seen == set(DeadlineKind.values) - CLOSED[role]


def test_another_body_sees_none(body: Organisation) -> None:
    assert not Deadline.objects.visible_to(actor_for_role("prefecture_officer")).exists()
