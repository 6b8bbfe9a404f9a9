from datetime import date
from typing import Any

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.housing.models import Bed, Certificate, Dwelling, Occupancy
from ali.organisations.models import Organisation
from tests.factories.housing import BuildingFactory, DwellingFactory, OccupancyFactory
from tests.factories.places import MUNICIPALITIES
from tests.rules.url_examples import Example


def home_for(actor: Actor, **kwargs: Any) -> Dwelling:
    """A home that the actor sees: its own for a housing body, otherwise one of its provinces."""
    if actor.role in roles.HOUSING_BODY_ROLES:
        kwargs["manager"] = Organisation.objects.get(pk=actor.organisation_id)
    town = next(name for _istat, name, province, *_rest in MUNICIPALITIES if province in actor.provinces)
    return DwellingFactory(building=BuildingFactory(town=town), **kwargs)


def _home(actor: Actor) -> dict[str, Any]:
    return {"public_id": home_for(actor).public_id}


def _bed(actor: Actor) -> dict[str, Any]:
    return {"public_id": Bed.objects.get(room__dwelling=home_for(actor, beds=1)).public_id}


def _stay(actor: Actor) -> dict[str, Any]:
    stay: Occupancy = OccupancyFactory(bed=Bed.objects.get(room__dwelling=home_for(actor, beds=1)))
    return {"public_id": stay.public_id}


def _sheet(actor: Actor) -> dict[str, Any]:
    return {"public_id": home_for(actor).public_id, "sheet": "dotazioni"}


def _certificate(actor: Actor) -> dict[str, Any]:
    made = Certificate.objects.create(dwelling=home_for(actor), kind="habitable", issued_on=date(2026, 1, 7))
    return {"public_id": made.public_id}


EXAMPLES = {
    "housing:sheet_edit": Example(make=_sheet),
    "housing:cadastre_edit": Example(make=_home),
    "housing:certificate_add": Example(make=_home),
    "housing:certificate_detail": Example(make=_certificate),
    "housing:certificate_edit": Example(make=_certificate),
    "housing:certificate_remove": Example(make=_certificate, post={"version": "1", "reason": "prova"}),
    "housing:home_list": Example(query={"libere": "90", "uso": "men"}),
    "housing:home_points": Example(query={"libere": "90"}),
    "housing:free_bed_list": Example(query={"libere": "30"}),
    "housing:home_detail": Example(make=_home),
    "housing:home_edit": Example(make=_home),
    "housing:rooms_edit": Example(make=_home),
    "housing:home_add_beside": Example(make=_home),
    "housing:home_step": Example(make=_home, post={"verb": "suspend", "version": "1", "reason": "prova"}),
    "housing:bed_detail": Example(make=_bed),
    "housing:bed_rename": Example(make=_bed, post={"label": "Finestra"}),
    "housing:bed_move_in": Example(make=_bed, post={"starts_on": "2026-03-02"}),
    "housing:occupancy_end": Example(make=_stay, post={"version": "1"}),
    "housing:occupancy_communicate": Example(
        make=_stay, post={"version": "1", "communicated_on": "2026-03-02"}
    ),
    "housing:occupancy_remove": Example(make=_stay, post={"version": "1"}),
}
