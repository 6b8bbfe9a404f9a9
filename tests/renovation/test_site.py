from datetime import date

import pytest

from ali.accounts import roles
from ali.core.decisions import Refusal
from ali.renovation.queries import places_of
from ali.renovation.services import PlaceFacts, add_places, end_trainee, place_trainee
from ali.work.models import Job
from tests.factories.organisations import actor_for_role
from tests.factories.people import PersonFactory
from tests.factories.renovation import make_works

pytestmark = pytest.mark.django_db
PLACES = PlaceFacts("muratura", 1, date(2026, 2, 1), date(2026, 6, 1))


def test_places_count_everybody_and_name_only_who_is_seen(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    works = make_works(manager)
    place = add_places(actor=manager, works=works, facts=PLACES)
    learner = PersonFactory(seen_by=manager)
    trainee = place_trainee(actor=manager, place=place, person=learner, starts_on=today)
    Job.objects.create(person=learner, kind="traineeship", net_monthly_cents=0, starts_on=today)

    mine, theirs = (
        places_of(works, manager)[0],
        places_of(works, actor_for_role(roles.HOUSING_MANAGER.code))[0],
    )
    assert (mine.taken, mine.free, len(mine.seen), mine.with_traineeship) == (1, 0, 1, 1)
    assert (theirs.taken, len(theirs.seen), theirs.unseen) == (1, 0, 1)
    with pytest.raises(Refusal, match="tutti presi"):
        place_trainee(actor=manager, place=place, person=PersonFactory(seen_by=manager), starts_on=today)
    end_trainee(actor=manager, trainee=trainee, on=today)
    assert places_of(works, manager)[0].free == 1


def test_day_outside_the_places_is_refused(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    place = add_places(actor=manager, works=make_works(manager), facts=PLACES)

    with pytest.raises(Refusal, match="In quel giorno"):
        place_trainee(
            actor=manager, place=place, person=PersonFactory(seen_by=manager), starts_on=date(2026, 7, 1)
        )
