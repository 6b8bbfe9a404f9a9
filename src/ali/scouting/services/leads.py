"""From an empty home that somebody heard of to a home of the network: written, visited, judged, agreed, made a home."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadline
from ali.housing import services as housing
from ali.housing.models import Dwelling
from ali.housing.states import DwellingState, Mode
from ali.scouting import permissions
from ali.scouting.models import Inspection, Lead, Owner, Ownership
from ali.scouting.services.owners import OwnerFacts, find_or_add_owner
from ali.scouting.states import (
    ITEMS,
    LEAD_TRANSITIONS,
    STEP_LABELS,
    STEPS_WITH_REASON,
    Answer,
    LeadSource,
    LeadState,
)

NEXT = gettext_noop("%(what)s: %(home)s")


class ImpossibleLead(Refusal):
    """What was written of a lead cannot be, or cannot happen now."""


@dataclass(frozen=True)
class LeadFacts:
    """What is known of an empty home. Only the Comune is needed to begin."""

    municipality_id: str
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    source: str = LeadSource.REPORT
    kind: str = ""
    what: str = ""
    area_m2: Decimal | None = None
    rooms: int | None = None
    floor: int | None = None
    section: str = ""
    sheet: str = ""
    parcel: str = ""
    subunit: str = ""
    category: str = ""
    empty_since: date | None = None
    why_empty: str = ""
    use_state: str = ""
    availability: list[str] = field(default_factory=list)
    asking_cents: int = 0
    excluded_by_owner_on: date | None = None
    notes: str = ""
    next_step: str = ""
    next_on: date | None = None

    def check(self, today: date) -> None:
        """Raise `ImpossibleLead` when it cannot be."""
        if self.empty_since and self.empty_since > today:
            raise ImpossibleLead(_("«Vuota dal» non può essere un giorno che deve ancora venire."))
        if not (self.address.strip() or self.what.strip() or self.parcel.strip()):
            raise ImpossibleLead(
                _("Scrivi almeno l'indirizzo, la particella o che cos'è: qualcuno la deve trovare.")
            )
        if self.next_step and not self.next_on:
            raise ImpossibleLead(_("Scrivi entro quando: il prossimo passo finisce tra le scadenze."))


@dataclass(frozen=True)
class HomeFacts:
    """What is needed beside the lead to make a home of it."""

    address: str
    net_area_m2: Decimal
    rent_cents: int
    label: str = ""
    mode: str = Mode.WHOLE
    floor: int = 0
    transferred_on: date | None = None
    assigned_on: date | None = None


@atomic
def add_lead(*, actor: Actor, facts: LeadFacts, today: date, owner: Owner | None = None) -> Lead:
    """Write a lead of the actor's body."""
    permissions.may_search_homes(actor).or_refuse()
    facts.check(today)
    if owner is not None:
        permissions.may_edit_owner(actor, owner).or_refuse()
    lead = Lead.objects.create(kept_by_id=actor.body, owner=owner, **asdict(facts))
    _write_next(lead)
    audit.record(actor, "lead_added", lead, source=facts.source)
    return lead


@atomic
def take_offer(*, actor: Actor, owner: OwnerFacts, home: LeadFacts, today: date) -> Lead:
    """Write what an owner who calls offers: the owner, found or new, and the lead, already in touch."""
    keeper = find_or_add_owner(actor=actor, facts=owner)
    lead = add_lead(actor=actor, facts=home, today=today, owner=keeper)
    lead.state = LEAD_TRANSITIONS.after("contact", LeadState(lead.state))
    lead.save_if_unchanged(lead.version)
    return lead


@atomic
def change_lead(
    *,
    actor: Actor,
    lead: Lead,
    facts: LeadFacts,
    owner: Owner | None,
    expected_version: int,
    today: date,
    now: datetime,
) -> Lead:
    """Correct a lead and say what comes next."""
    permissions.may_edit_lead(actor, lead).or_refuse()
    facts.check(today)
    if lead.state == LeadState.CONVERTED:
        raise ImpossibleLead(_("È già diventata un alloggio: si corregge nella scheda della casa."))
    for name, value in asdict(facts).items():
        setattr(lead, name, value)
    lead.owner = owner
    lead.save_if_unchanged(expected_version)
    if not lead.next_on:
        close_deadline(_source(lead), now=now)
    _write_next(lead)
    audit.record(actor, "lead_changed", lead)
    return lead


def _source(lead: Lead) -> str:
    return f"scouting.lead:{lead.public_id}:next"


def next_due(lead: Lead) -> Due | None:
    """Return what comes next for a lead, as the board of its body shows it."""
    if lead.next_on is None:
        return None
    return Due(
        kind=DeadlineKind.NEXT_STEP,
        source=_source(lead),
        due_on=lead.next_on,
        title=NEXT,
        words={"what": lead.next_step or gettext_noop("Prossimo passo"), "home": str(lead)},
        organisations=(lead.kept_by_id,),
        url_name="scouting:lead_detail",
        url_id=lead.public_id,
    )


def _write_next(lead: Lead) -> None:
    if due := next_due(lead):
        write_deadline(due)


@atomic
def take_step(
    *, actor: Actor, lead: Lead, verb: str, reason: str, expected_version: int, now: datetime
) -> Lead:
    """Take a lead a step further; what stops it or brings it back needs a reason."""
    permissions.may_edit_lead(actor, lead).or_refuse()
    if verb not in STEP_LABELS:
        raise ImpossibleLead(_("Questo passaggio non esiste."))
    if verb in STEPS_WITH_REASON and not reason.strip():
        raise ImpossibleLead(_("Scrivi il motivo: resta nella storia della segnalazione."))
    before = lead.state
    lead.state = LEAD_TRANSITIONS.after(verb, LeadState(lead.state))
    lead.reason = reason.strip()[:300] if verb in STEPS_WITH_REASON else ""
    if lead.state in {LeadState.ARCHIVED, LeadState.NOT_FEASIBLE}:
        lead.next_step, lead.next_on = "", None
        close_deadline(_source(lead), now=now)
    lead.save_if_unchanged(expected_version)
    audit.record(actor, "lead_step_taken", lead, reason=lead.reason, step=verb, before=before)
    return lead


@atomic
def record_inspection(
    *,
    actor: Actor,
    lead: Lead,
    visited_on: date,
    answers: Mapping[str, str],
    today: date,
    now: datetime,
    beds: int | None = None,
    works_cents: int = 0,
    notes: str = "",
) -> Inspection:
    """Write the report of a visit; what could not be seen is left out of `answers`."""
    permissions.may_edit_lead(actor, lead).or_refuse()
    if visited_on > today:
        raise ImpossibleLead(_("Il sopralluogo si scrive quando è avvenuto: la data è nel futuro."))
    kept = {code: answer for code, answer in answers.items() if answer}
    if not set(kept) <= set(ITEMS) or not set(kept.values()) <= set(Answer.values):
        raise ImpossibleLead(_("Rispondi alle voci dell'elenco con sì, in parte o no."))
    state = LeadState(lead.state)
    verb = "visit" if LEAD_TRANSITIONS.can("visit", state) else "visit_again"
    lead.state = LEAD_TRANSITIONS.after(verb, state)
    lead.save_if_unchanged(lead.version)
    made = Inspection.objects.create(
        lead=lead,
        visited_on=visited_on,
        visited_by_id=actor.signer,
        answers=kept,
        beds=beds,
        works_cents=works_cents,
        notes=notes,
    )
    audit.record(actor, "lead_visited", lead)
    return made


@atomic
def convert_lead(
    *, actor: Actor, lead: Lead, facts: HomeFacts, expected_version: int, today: date, now: datetime
) -> Dwelling:
    """Make a home of a lead in one step: the building, the dwelling, its owner, its cadastre and why it was empty."""
    permissions.may_make_home(actor, lead).or_refuse()
    after = LEAD_TRANSITIONS.after("convert", LeadState(lead.state))
    home = housing.add_home(
        actor=actor,
        building=housing.BuildingFacts(
            municipality_id=lead.municipality_id,
            address=facts.address,
            postcode=lead.postcode,
            latitude=lead.latitude,
            longitude=lead.longitude,
            is_confiscated=lead.is_confiscated,
            transferred_to_municipality_on=facts.transferred_on,
            assigned_on=facts.assigned_on,
        ),
        dwelling=housing.DwellingFacts(
            net_area_m2=facts.net_area_m2,
            rent_cents=facts.rent_cents,
            label=facts.label,
            mode=facts.mode,
            floor=facts.floor,
        ),
        rooms=(),
        state=DwellingState.AGREED,
        today=today,
    )
    _describe(actor, lead, home, today)
    lead.building, lead.dwelling, lead.state = home.building, home, after
    lead.next_step, lead.next_on = "", None
    lead.save_if_unchanged(expected_version)
    close_deadline(_source(lead), now=now)
    audit.record(actor, "lead_converted", lead, home=str(home.public_id))
    return home


def _describe(actor: Actor, lead: Lead, home: Dwelling, today: date) -> None:
    """Carry over what the census knew."""
    if lead.owner is not None:
        Ownership.objects.create(owner=lead.owner, building=home.building, dwelling=home, starts_on=today)
    named = ("use_state", "empty_since", "why_empty", "availability", "asking_cents", "excluded_by_owner_on")
    vacancy = {name: getattr(lead, name) for name in named}
    if any(vacancy.values()):
        housing.write_sheet(
            actor=actor, home=home, name="vacancy", values=vacancy, expected_version=0, today=today
        )
    if lead.kind:
        housing.write_sheet(
            actor=actor,
            home=home,
            name="building",
            values={"kind": lead.kind},
            expected_version=0,
            today=today,
        )
    if lead.sheet and lead.parcel:
        unit = housing.CadastralFacts(lead.sheet, lead.parcel, lead.section, lead.subunit, lead.category)
        housing.set_cadastral_units(actor=actor, home=home, units=[unit], expected_version=home.version)
