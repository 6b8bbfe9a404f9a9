from datetime import date

import pytest

from ali.accounts import roles
from ali.accounts.models import User
from ali.demo.filling.works import add_works
from ali.organisations.models import Organisation
from ali.portfolio.models import Appraisal
from ali.renovation.models import Works
from ali.renovation.queries import budget_of, list_of
from ali.renovation.states import Phase
from ali.rules.services import load_shipped_rules
from tests.factories.housing import DwellingFactory
from tests.factories.organisations import actor_for_role

pytestmark = pytest.mark.django_db


def test_one_site_is_late_and_has_options_the_other_waits_for_its_title(today: date) -> None:
    load_shipped_rules()
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    User.objects.filter(pk=manager.user_id).update(is_invented=True)
    body = Organisation.objects.get(pk=manager.organisation_id)
    DwellingFactory(manager=body, works=True)
    DwellingFactory(manager=body, found=True)

    assert add_works(today) == 2

    rows = {row.works.phase: row for row in list_of(Works.objects.all(), today)}
    assert set(rows) == {Phase.SITE, Phase.PERMITS}
    assert rows[Phase.SITE].late_days > 0
    assert rows[Phase.PERMITS].late_days == 0
    assert budget_of(rows[Phase.SITE].works, today).invoiced == 913_000
    assert Appraisal.objects.count() == 4
