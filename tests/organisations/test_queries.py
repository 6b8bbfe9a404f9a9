from datetime import date

import pytest

from ali.accounts.actors import actor_for
from ali.accounts.roles import ROLES
from ali.organisations.models import OrganisationRole
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, actor_for_role, actor_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role_code", sorted(ROLES))
def test_actor_acts_in_the_role_and_provinces_of_the_membership(role_code: str) -> None:
    actor = actor_for_role(role_code, province="VI")

    assert actor.role_code == role_code
    assert actor.provinces == {"VI"}


def test_user_without_membership_is_nobody() -> None:
    assert actor_for(UserFactory()) is None


def test_ended_membership_gives_nothing() -> None:
    assert actor_for(MembershipFactory(ended=True).user) is None


def test_inactive_user_is_nobody() -> None:
    user = MembershipFactory().user
    user.is_active = False

    assert actor_for(user) is None


def test_role_of_the_body_that_ended_gives_no_province() -> None:
    body = OrganisationFactory(prefecture=True)
    OrganisationRole.objects.filter(organisation=body).update(ends_on=date(2021, 1, 1))

    assert actor_for_role("prefecture_officer", organisation=body).provinces == frozenset()


def test_user_with_two_memberships_chooses() -> None:
    user = MembershipFactory(centre_operator=True).user
    other = MembershipFactory(housing_manager=True, user=user)

    assert actor_of(user).role_code == "centre_operator"
    chosen = actor_for(user, str(other.public_id))
    assert chosen is not None
    assert chosen.role_code == "housing_manager"
