"""How the sweeps ask for the addresses of the search for homes."""

from datetime import date
from typing import Any

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.organisations.models import Organisation
from ali.scouting.models import Campaign, Inspection, Lead, Ownership
from tests.factories.accounts import UserFactory
from tests.factories.places import MUNICIPALITIES
from tests.factories.scouting import LeadFactory, OwnerFactory
from tests.housing.url_examples import home_for
from tests.rules.url_examples import Example


def _lead(actor: Actor, **kwargs: Any) -> Lead:
    town = next(name for _istat, name, province, *_rest in MUNICIPALITIES if province in actor.provinces)
    if actor.role in roles.HOUSING_BODY_ROLES:
        kwargs["kept_by"] = Organisation.objects.get(pk=actor.organisation_id)
    return LeadFactory(town=town, **kwargs)


def _lead_id(actor: Actor) -> dict[str, Any]:
    return {"public_id": _lead(actor).public_id}


def _agreed(actor: Actor) -> dict[str, Any]:
    return {"public_id": _lead(actor, agreed=True).public_id}


def _visit(actor: Actor) -> dict[str, Any]:
    made = Inspection.objects.create(
        lead=_lead(actor, visited=True),
        visited_on=date(2026, 1, 7),
        visited_by=UserFactory(),
        answers={"damp": "no", "structure": "yes"},
    )
    return {"public_id": made.public_id}


def _owner(actor: Actor) -> dict[str, Any]:
    return {"public_id": OwnerFactory(kept_by=Organisation.objects.get(pk=actor.organisation_id)).public_id}


def _home(actor: Actor) -> dict[str, Any]:
    return {"public_id": home_for(actor).public_id}


def _share(actor: Actor) -> dict[str, Any]:
    body = Organisation.objects.get(pk=actor.organisation_id)
    home = home_for(actor)
    made = Ownership.objects.create(
        owner=OwnerFactory(kept_by=body), building=home.building, dwelling=home, starts_on=date(2024, 1, 1)
    )
    return {"public_id": made.public_id}


def _campaign(actor: Actor) -> dict[str, Any]:
    made = Campaign.objects.create(
        kept_by_id=actor.body, title="Prova", subject="Casa a {comune}", text="Gentile {nome}"
    )
    return {"public_id": made.public_id}


EXAMPLES = {
    "scouting:lead_list": Example(query={"stato": "reported", "fonte": "offer"}),
    "scouting:lead_points": Example(query={"riquadro": "11,45,12,46"}),
    "scouting:lead_detail": Example(make=_lead_id),
    "scouting:lead_edit": Example(make=_lead_id),
    "scouting:lead_step": Example(make=_lead_id, post={"verb": "contact", "version": "1"}),
    "scouting:inspection_add": Example(make=_lead_id),
    "scouting:inspection_detail": Example(make=_visit),
    "scouting:lead_convert": Example(make=_agreed),
    "scouting:owner_list": Example(post={"words": "esempio"}),
    "scouting:owner_detail": Example(make=_owner),
    "scouting:owner_edit": Example(make=_owner),
    "scouting:contact_add": Example(
        make=_owner, post={"channel": "call", "on": "2026-01-07", "outcome": "interested"}
    ),
    "scouting:ownership_add": Example(make=_home),
    "scouting:home_zone": Example(make=_home),
    "scouting:ownership_end": Example(make=_share, post={"ends_on": "2026-01-07", "version": "1"}),
    "scouting:campaign_detail": Example(make=_campaign),
    "scouting:campaign_edit": Example(make=_campaign),
    "scouting:campaign_recipients": Example(make=_campaign, post={"version": "1"}),
    "scouting:campaign_letters": Example(make=_campaign),
    "scouting:campaign_send": Example(make=_campaign, post={"version": "1"}),
    "scouting:campaign_close": Example(make=_campaign, post={"version": "1"}),
}
