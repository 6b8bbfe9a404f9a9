from collections.abc import Mapping
from datetime import date

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.housing.models import Dwelling
from ali.organisations.models import Organisation
from ali.renovation.models import Works
from ali.renovation.schedule import usual_plan
from ali.renovation.services import WorksFacts, begin_phase, open_works, plan_all
from ali.renovation.states import Phase
from tests.factories.housing import BuildingFactory, DwellingFactory
from tests.factories.organisations import actor_for_role
from tests.factories.places import MUNICIPALITIES

OPENED = date(2026, 1, 12)
DAYS = {"site": 60, "permits": 30, "design": 20}


def manager_of(home: Dwelling) -> Actor:
    """A housing manager of the body of a home."""
    return actor_for_role(roles.HOUSING_MANAGER.code, organisation=home.manager)


def home_to_renew(actor: Actor, **kwargs: object) -> Dwelling:
    """A dwelling of the actor's body, agreed with its owner, with two beds."""
    town = next(name for _istat, name, province, *_rest in MUNICIPALITIES if province in actor.provinces)
    manager = Organisation.objects.get(pk=actor.organisation_id)
    given = {"state": "agreed", "available_on": None, **kwargs}
    return DwellingFactory(manager=manager, building=BuildingFactory(town=town), **given)


def make_works(
    actor: Actor | None = None,
    *,
    phase: Phase = Phase.AVAILABILITY,
    planned: bool = True,
    days: Mapping[str, int] = DAYS,
    name: str = "Lavori di via dell'Esempio",
    home: Dwelling | None = None,
) -> Works:
    """Works of the actor's body (a manager in Padova when nobody is given), planned from January and taken to a phase."""
    actor = actor or actor_for_role(roles.HOUSING_MANAGER.code)
    actor = manager_of(home) if home else actor
    worker = actor if actor.role == roles.HOUSING_MANAGER else colleague_of(actor)
    home = home or home_to_renew(worker)
    works = open_works(
        actor=worker, building=home.building, dwellings=[home], facts=WorksFacts(name=name), today=OPENED
    )
    if planned:
        plan_all(
            actor=worker,
            works=works,
            spans=usual_plan(OPENED, days),
            expected_version=works.version,
            today=OPENED,
        )
    if phase != Phase.AVAILABILITY:
        begin_phase(
            actor=worker,
            works=works,
            phase=phase,
            on=OPENED,
            expected_version=works.version,
            today=OPENED,
            skipped_because="già fatto prima",
        )
    return works


def colleague_of(actor: Actor) -> Actor:
    return actor_for_role(
        roles.HOUSING_MANAGER.code, organisation=Organisation.objects.get(pk=actor.organisation_id)
    )
