from typing import Any

from ali.accounts.actors import Actor
from ali.core import clock
from ali.housing.models import Dwelling, Occupancy
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.tenancies import services
from ali.tenancies.models import Duty, EntryHelp, EntryPlan, Tenancy
from tests.factories.housing import BuildingFactory, DwellingFactory
from tests.factories.organisations import actor_for_role
from tests.factories.people import PersonFactory, show_to
from tests.factories.places import load_small_places, municipality
from tests.factories.tenancies import TenancyFactory, TenancyPartyFactory
from tests.rules.url_examples import Example
from tests.tenancies.scenes import make_home, make_placed

CAPITALS = {"PD": "Padova", "VI": "Vicenza"}
BODY_ROLES = ("housing_manager", "housing_operator", "rent_accountant")


def _dwelling(actor: Actor) -> Dwelling:
    """A home of the actor's body, or of another body in their province for who follows people."""
    load_small_places()
    town = municipality(CAPITALS[min(actor.provinces, default="PD")])
    own = (
        {"manager": Organisation.objects.get(pk=actor.organisation_id)}
        if actor.role_code in BODY_ROLES
        else {}
    )
    made: Dwelling = DwellingFactory(building=BuildingFactory(municipality=town), **own)
    return made


def _tenancy(actor: Actor, **traits: Any) -> Tenancy:
    """A tenancy of somebody whom the actor sees, whose home they see too."""
    dwelling = _dwelling(actor)
    person = PersonFactory()
    if actor.role_code != "rent_accountant":
        show_to(person, actor)
    tenancy = TenancyFactory(dwelling=dwelling, **{"running": True, **traits})
    bed = dwelling.rooms.get().beds.first()
    TenancyPartyFactory(tenancy=tenancy, person=person, bed=bed)
    Occupancy.objects.create(bed=bed, person=person, starts_on=tenancy.starts_on)
    return tenancy


def _running(actor: Actor) -> dict[str, Any]:
    return {"public_id": _tenancy(actor).public_id}


def _draft(actor: Actor) -> dict[str, Any]:
    return {"public_id": _tenancy(actor, running=False).public_id}


def _signature(actor: Actor) -> dict[str, Any]:
    home = make_home(actor)
    tenancy = home.send(home.draft(home.tenant()))
    return {"public_id": tenancy.signatures.get(position=1).public_id}


def _signed(actor: Actor) -> dict[str, Any]:
    home = make_home(actor)
    return {"public_id": home.signed(home.tenant()).public_id}


def _ended(actor: Actor) -> dict[str, Any]:
    return {"public_id": _tenancy(actor, running=False, ended=True).public_id}


def _party(actor: Actor) -> dict[str, Any]:
    return {"public_id": _tenancy(actor).parties.get().public_id}


def _duty(actor: Actor) -> dict[str, Any]:
    duty = Duty.objects.create(tenancy=_tenancy(actor), kind="utilities", due_on=clock.today())
    return {"public_id": duty.public_id}


def _stay(actor: Actor) -> dict[str, Any]:
    tenancy = _tenancy(actor)
    stay = Occupancy.objects.get(person__in=tenancy.parties.values("person"))
    return {"public_id": tenancy.public_id, "stay_id": stay.public_id}


def _own_home(actor: Actor) -> dict[str, Any]:
    return {"public_id": _dwelling(actor).public_id}


def _placed(actor: Actor) -> dict[str, Any]:
    """A proposal with its three signatures on a home of the actor's body."""
    manager = actor_for_role("housing_manager", min(actor.provinces, default="PD"))
    province = min(actor.provinces, default="PD")
    home, placement, _person = make_placed(landlord=manager, province=province)
    Dwelling.objects.filter(pk=home.dwelling.pk).update(manager=actor.organisation_id)
    return {"public_id": placement.proposal.public_id}


def _loan(actor: Actor) -> dict[str, Any]:
    home = make_home(actor)
    key = services.add_key(actor=actor, dwelling=home.dwelling, label="portone", copies=2)
    loan = services.give_key(
        actor=actor, key=key, copies=1, given_on=clock.today(), today=clock.today(), holder_name="Idraulico"
    )
    return {"public_id": loan.public_id}


def _item(actor: Actor) -> dict[str, Any]:
    home = make_home(actor)
    item = services.add_item(actor=actor, dwelling=home.dwelling, label="tavolo", quantity=1)
    return {"public_id": item.public_id}


def _entry(actor: Actor) -> dict[str, Any]:
    tenancy = _tenancy(actor)
    person: Person = tenancy.parties.get().person
    return {"dwelling_id": tenancy.dwelling.public_id, "household_id": person.household.public_id}


def _help(actor: Actor) -> dict[str, Any]:
    tenancy = _tenancy(actor)
    plan = EntryPlan.objects.create(
        household=tenancy.parties.get().person.household, dwelling=tenancy.dwelling
    )
    return {"public_id": EntryHelp.objects.create(plan=plan, source="fund", cents=10_000).public_id}


def _paper(actor: Actor) -> dict[str, Any]:
    return {**_running(actor), "kind": "contratto"}


TODAY = "2026-03-02"
REASON = {"reason": "prova del motivo", "version": "1"}

EXAMPLES = {
    "tenancies:tenancy_list": Example(query={"manca": "adempimenti"}),
    "tenancies:tenancy_detail": Example(make=_running),
    "tenancies:tenancy_add": Example(make=_own_home, query={"tipo": "C32"}),
    "tenancies:tenancy_from_proposal": Example(make=_placed),
    "tenancies:tenancy_edit": Example(make=_draft),
    "tenancies:tenancy_people": Example(make=_draft, post={"version": "1"}),
    "tenancies:tenancy_send": Example(make=_draft, post={"version": "1", "body_signer": "Ada"}),
    "tenancies:sign": Example(make=_signature, post={"version": "1"}),
    "tenancies:tenancy_back": Example(make=_running, post=REASON),
    "tenancies:tenancy_cancel": Example(make=_draft, post=REASON),
    "tenancies:hand_over": Example(make=_signed),
    "tenancies:hand_over_return": Example(make=_ended),
    "tenancies:shares_set": Example(make=_running, post={"version": "1", "starts_on": TODAY}),
    "tenancies:party_leave": Example(make=_party, post={"version": "1"}),
    "tenancies:bed_change": Example(make=_party, post={"bed": ""}),
    "tenancies:tenancy_notice": Example(make=_running, post={"version": "1"}),
    "tenancies:tenancy_notice_back": Example(make=_running, post=REASON),
    "tenancies:tenancy_extend": Example(make=_running, post={"version": "1"}),
    "tenancies:tenancy_end": Example(make=_running, post={"version": "1"}),
    "tenancies:deposit_return": Example(
        make=_ended,
        post={"version": "1", "trattenute-TOTAL_FORMS": "0", "trattenute-INITIAL_FORMS": "0"},
    ),
    "tenancies:duty_done": Example(make=_duty, post={"version": "1"}),
    "tenancies:communication_done": Example(make=_stay, post={"version": "1"}),
    "tenancies:paper": Example(make=_paper, query={"lang": "ar"}),
    "tenancies:keys_and_inventory": Example(make=_own_home),
    "tenancies:key_add": Example(make=_own_home, post={"chiave-label": "portone", "chiave-copies": "2"}),
    "tenancies:key_give": Example(make=_own_home, post={}),
    "tenancies:key_return": Example(make=_loan, post={"version": "1"}),
    "tenancies:inventory_add": Example(make=_own_home, post={"oggetto-label": "tavolo"}),
    "tenancies:inventory_remove": Example(make=_item, post={"version": "1"}),
    "tenancies:house_rules": Example(make=_own_home),
    "tenancies:entry_detail": Example(make=_entry),
    "tenancies:entry_costs": Example(make=_entry, post={"version": "1", "furniture_cents": "200"}),
    "tenancies:entry_help_add": Example(
        make=_entry, post={"source": "fund", "cents": "100", "state": "asked"}
    ),
    "tenancies:entry_help_state": Example(make=_help, post={"version": "1", "state": "granted"}),
}
