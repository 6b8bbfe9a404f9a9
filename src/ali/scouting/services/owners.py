"""Owners, what they own, and every call or letter with them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.text import search_key
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadline
from ali.housing.models import Dwelling
from ali.scouting import permissions
from ali.scouting.models import Campaign, Lead, Owner, OwnerContact, Ownership
from ali.scouting.states import Channel, Outcome, OwnerKind

CALL = gettext_noop("%(what)s: proprietario di %(home)s")
CALL_OWNER = gettext_noop("%(what)s: un proprietario")


class ImpossibleOwner(Refusal):
    """What was written of an owner cannot be."""


@dataclass(frozen=True)
class OwnerFacts:
    """Who an owner is and how to reach them."""

    name: str
    kind: str = OwnerKind.PERSON
    tax_code: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    iban: str = ""
    notes: str = ""

    def check(self) -> None:
        """Raise `ImpossibleOwner` when nobody could be meant."""
        if not self.name.strip():
            raise ImpossibleOwner(_("Scrivi come si chiama il proprietario."))


@dataclass(frozen=True)
class ContactFacts:
    """A call, a letter or a meeting."""

    channel: str
    on: date
    outcome: str
    notes: str = ""
    next_step: str = ""
    next_on: date | None = None


@atomic
def add_owner(*, actor: Actor, facts: OwnerFacts) -> Owner:
    """Write an owner that the actor's body keeps."""
    permissions.may_search_homes(actor).or_refuse()
    facts.check()
    owner = Owner.objects.create(kept_by_id=actor.body, **asdict(facts))
    audit.record(actor, "owner_added", owner)
    return owner


@atomic
def find_or_add_owner(*, actor: Actor, facts: OwnerFacts) -> Owner:
    """Return the owner of that name with the same telephone, e-mail or tax code, or with none of them; else a new one."""
    permissions.may_search_homes(actor).or_refuse()
    facts.check()
    same = Owner.objects.filter(kept_by=actor.body, folded=search_key(facts.name)[:240])
    reach = Q(pk__in=[])
    for name in ("phone", "email", "tax_code"):
        if value := getattr(facts, name):
            reach |= Q(**{name: value})
    silent = Q(phone="", email="", tax_code="")
    known: Owner | None = (same.filter(reach).order_by("pk").first()) or same.filter(silent).order_by(
        "pk"
    ).first()
    if known is None:
        return add_owner(actor=actor, facts=facts)
    filled = {name: value for name, value in asdict(facts).items() if value and not getattr(known, name)}
    if filled:
        for name, value in filled.items():
            setattr(known, name, value)
        known.save_if_unchanged(known.version)
        audit.record(actor, "owner_changed", known)
    return known


@atomic
def change_owner(
    *,
    actor: Actor,
    owner: Owner,
    facts: OwnerFacts,
    not_to_contact: bool,
    expected_version: int,
    today: date,
) -> Owner:
    """Correct an owner; `not_to_contact` says that they want no more calls and letters."""
    permissions.may_edit_owner(actor, owner).or_refuse()
    facts.check()
    for name, value in asdict(facts).items():
        setattr(owner, name, value)
    owner.not_to_contact_since = (owner.not_to_contact_since or today) if not_to_contact else None
    owner.save_if_unchanged(expected_version)
    audit.record(actor, "owner_changed", owner)
    return owner


@atomic
def add_ownership(
    *, actor: Actor, home: Dwelling, owner: Owner, share: Decimal, starts_on: date, whole_building: bool
) -> Ownership:
    """Say what share of a home, or of its whole building, an owner has from a day on."""
    permissions.may_say_owner(actor, home, owner).or_refuse()
    unit = None if whole_building else home
    held = Ownership.objects.filter(
        owner__kept_by=actor.body, building=home.building_id, dwelling=unit, ends_on__isnull=True
    )
    if held.filter(owner=owner).exists():
        raise ImpossibleOwner(_("Questo proprietario c'è già: chiudi prima la sua quota."))
    owned = held.aggregate(sum=Sum("share"))["sum"] or Decimal(0)
    if owned + share > Decimal("1.0001"):
        raise ImpossibleOwner(
            _("Le quote insieme superano il 100%%: ora sono al %(owned)s%%.") % {"owned": round(owned * 100)}
        )
    made = Ownership.objects.create(
        owner=owner, building=home.building, dwelling=unit, share=share, starts_on=starts_on
    )
    audit.record(actor, "ownership_added", home)
    return made


@atomic
def end_ownership(*, actor: Actor, ownership: Ownership, ends_on: date, expected_version: int) -> Ownership:
    """Say until when an owner had a share."""
    permissions.may_edit_owner(actor, ownership.owner).or_refuse()
    if ends_on <= ownership.starts_on:
        raise ImpossibleOwner(_("La fine viene dopo l'inizio: controlla il giorno."))
    ownership.ends_on = ends_on
    ownership.save_if_unchanged(expected_version)
    audit.record(actor, "ownership_ended", ownership.building)
    return ownership


@atomic
def record_contact(
    *,
    actor: Actor,
    owner: Owner,
    facts: ContactFacts,
    today: date,
    now: datetime,
    lead: Lead | None = None,
    campaign: Campaign | None = None,
) -> OwnerContact:
    """Write what came of a call, a letter or a meeting; what earlier ones had left to do is done with it."""
    permissions.may_edit_owner(actor, owner).or_refuse()
    _check(owner, facts, today)
    for earlier in OwnerContact.objects.filter(owner=owner, next_on__isnull=False).order_by("pk"):
        close_deadline(_source(earlier), now=now)
    made = OwnerContact.objects.create(
        owner=owner, lead=lead, campaign=campaign, by_id=actor.signer, **asdict(facts)
    )
    if facts.outcome == Outcome.NEVER and owner.not_to_contact_since is None:
        owner.not_to_contact_since = today
        owner.save_if_unchanged(owner.version)
    if made.next_on:
        write_deadline(_due(made))
    audit.record(actor, "owner_contacted", owner, channel=facts.channel, outcome=facts.outcome)
    return made


def _check(owner: Owner, facts: ContactFacts, today: date) -> None:
    if facts.on > today:
        raise ImpossibleOwner(_("Un contatto si scrive quando è avvenuto: la data è nel futuro."))
    if owner.not_to_contact_since and facts.channel != Channel.MEETING:
        raise ImpossibleOwner(
            _(
                "Ha chiesto di non essere contattato: se ha cambiato idea, togli prima il segno dalla sua scheda."
            )
        )
    if facts.next_step and not facts.next_on:
        raise ImpossibleOwner(_("Scrivi entro quando: il prossimo passo finisce tra le scadenze."))
    if facts.outcome == Outcome.NEVER and facts.next_on:
        raise ImpossibleOwner(_("Se non vuole più essere contattato non c'è un prossimo passo."))


def _source(contact: OwnerContact) -> str:
    return f"scouting.contact:{contact.public_id}"


def _due(contact: OwnerContact) -> Due:
    return Due(
        kind=DeadlineKind.NEXT_STEP,
        source=_source(contact),
        due_on=contact.next_on or contact.on,
        title=CALL if contact.lead else CALL_OWNER,
        words={
            "what": contact.next_step or Outcome(contact.outcome).label,
            **({"home": str(contact.lead)} if contact.lead else {}),
        },
        organisations=(contact.owner.kept_by_id,),
        url_name="scouting:owner_detail",
        url_id=contact.owner.public_id,
    )
