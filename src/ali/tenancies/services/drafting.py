"""A tenancy in preparation: from a signed proposal, or by hand for people whom the body knows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.agreements.clocks import ContractTerms, last_day
from ali.allocation.models import Placement
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing.models import Bed, Dwelling, Occupancy, Room
from ali.housing.queries import costs_of, ongoing
from ali.housing.states import Mode
from ali.people.models import Person
from ali.tenancies import permissions
from ali.tenancies.models import HouseRules, Tenancy, TenancyParty, TenancyShare
from ali.tenancies.states import Bond, Guarantee, TenancyState
from ali.tenancies.terms import PEOPLE_TYPES, rule_of_contract, split_cents


class ImpossibleTenancy(Refusal):
    """Dates, people or money that cannot be."""


class NotDraft(Refusal):
    """The tenancy is no longer in preparation."""


@dataclass(frozen=True)
class TenancyFacts:
    """What a tenancy says. Money in cents a month."""

    contract_type: str
    bond: str
    starts_on: date
    ends_on: date | None
    rent_cents: int
    condominium_cents: int = 0
    utilities_cents: int = 0
    deposit_cents: int = 0
    due_day: int = 5
    room: Room | None = None
    guarantee: str = Guarantee.DEPOSIT
    agreed_zone: int | None = None
    purpose: str = ""
    visited_on: date | None = None
    flatmates_met_on: date | None = None

    @property
    def monthly_cents(self) -> int:
        return self.rent_cents + self.condominium_cents + self.utilities_cents

    def check(self, dwelling: Dwelling, today: date) -> None:
        """Raise `ImpossibleTenancy` for what no rule needs to say."""
        if self.contract_type not in PEOPLE_TYPES:
            raise ImpossibleTenancy(_("Questo tipo di contratto è tra l'ente e il proprietario."))
        if self.ends_on is not None and self.ends_on <= self.starts_on:
            raise ImpossibleTenancy(_("La scadenza viene dopo la decorrenza: controlla le due date."))
        if not 1 <= self.due_day <= 28:
            raise ImpossibleTenancy(_("Il giorno del canone va da 1 a 28: c'è in tutti i mesi."))
        if self.room is not None and self.room.dwelling_id != dwelling.pk:
            raise ImpossibleTenancy(_("La stanza non è di questa casa."))
        if any(day and day > today for day in (self.visited_on, self.flatmates_met_on)):
            raise ImpossibleTenancy(_("Visita e incontro si scrivono quando sono avvenuti."))


def suggested(dwelling: Dwelling, people: int, starts_on: date, contract_type: str) -> TenancyFacts:
    """Return what a form shows first: the dwelling's costs for so many people, the shortest term that the type allows."""
    costs = costs_of(dwelling, people)
    terms = ContractTerms.from_rule(rule_of_contract(contract_type, dwelling, starts_on))
    most = dwelling.deposit_months if terms.deposit_max_months is None else terms.deposit_max_months
    months = min(dwelling.deposit_months, most)
    length = terms.min_months or terms.max_months
    return TenancyFacts(
        contract_type=contract_type,
        bond=_bond(dwelling, contract_type, people),
        starts_on=starts_on,
        ends_on=last_day(starts_on, length) if length else None,
        rent_cents=costs.rent,
        condominium_cents=costs.condominium,
        utilities_cents=costs.utilities,
        deposit_cents=costs.rent * months,
        guarantee=Guarantee.DEPOSIT if months else Guarantee.NONE,
    )


def _bond(dwelling: Dwelling, contract_type: str, people: int) -> str:
    if contract_type in {"OSP", "FAM"}:
        return Bond.HOSPITALITY
    return Bond.JOINT if dwelling.mode == Mode.WHOLE and people > 1 else Bond.ROOM


@atomic
def draft_tenancy(
    *,
    actor: Actor,
    dwelling: Dwelling,
    facts: TenancyFacts,
    persons: Sequence[Person],
    today: date,
    placement: Placement | None = None,
) -> Tenancy:
    """Prepare a tenancy for `persons`; adults sign and share what is due in equal parts, children do neither.

    With `placement`, the household of the signed proposal; a proposal gives one tenancy.
    """
    permissions.may_let_dwelling(actor, dwelling).or_refuse()
    facts.check(dwelling, today)
    if not persons:
        raise ImpossibleTenancy(_("Scegli almeno una persona."))
    if placement is not None:
        _check_placement(placement, dwelling)
    tenancy = Tenancy.objects.create(
        dwelling=dwelling,
        landlord_id=dwelling.manager_id,
        placement=placement,
        house_rules=house_rules_in_force(dwelling, facts.starts_on),
        **_fields(replace(facts, visited_on=_own_visit(placement, facts.visited_on))),
    )
    _write_parties(tenancy, persons, facts, today)
    audit.record(
        actor,
        "tenancy_drafted",
        tenancy,
        persons=[person.public_id for person in persons],
        contract=facts.contract_type,
        from_placement=placement is not None,
    )
    return tenancy


def _check_placement(placement: Placement, dwelling: Dwelling) -> None:
    if placement.dwelling_id != dwelling.pk:
        raise ImpossibleTenancy(_("La proposta firmata è per un'altra casa."))
    if Tenancy.objects.filter(placement=placement).exists():
        raise ImpossibleTenancy(_("Da questa proposta l'affitto è già stato preparato: aprilo dall'elenco."))


def _own_visit(placement: Placement | None, visited_on: date | None) -> date | None:
    """The proposal keeps its own visit: it is not written twice."""
    return None if placement is not None and placement.proposal.visit_on else visited_on


def _fields(facts: TenancyFacts) -> dict[str, object]:
    values = {name: value for name, value in asdict(facts).items() if name != "room"}
    return {**values, "room": facts.room, "purpose": facts.purpose.strip()}


def _write_parties(
    tenancy: Tenancy, persons: Sequence[Person], facts: TenancyFacts, today: date
) -> list[TenancyParty]:
    adults = [person for person in persons if not person.is_minor_on(facts.starts_on)]
    if not adults:
        raise ImpossibleTenancy(_("Almeno un adulto firma: i minori entrano con un genitore."))
    shares = dict(zip([one.pk for one in adults], split_cents(facts.monthly_cents, len(adults)), strict=True))
    beds = _beds_of(tenancy.dwelling, persons, today)
    made = [
        TenancyParty(
            tenancy=tenancy,
            person=person,
            bed=beds.get(person.pk),
            is_signatory=person.pk in shares,
            share_cents=shares.get(person.pk, 0),
            starts_on=facts.starts_on,
        )
        for person in persons
    ]
    TenancyParty.objects.bulk_create(made)
    write_shares({party: party.share_cents for party in made if party.is_signatory}, facts.starts_on)
    return made


def _beds_of(dwelling: Dwelling, persons: Sequence[Person], today: date) -> dict[int, Bed]:
    """Return the beds in which they already sleep, or are about to."""
    stays = Occupancy.objects.filter(
        ongoing(today), bed__room__dwelling=dwelling, person__in=[person.pk for person in persons]
    ).select_related("bed__room")
    return {stay.person_id or 0: stay.bed for stay in stays.order_by("pk")}


def write_shares(shares: dict[TenancyParty, int], starts_on: date) -> None:
    """Write what each pays from a day on; what was to be paid from later days is forgotten."""
    parties = [party.pk for party in shares]
    TenancyShare.objects.filter(party__in=parties, starts_on__gte=starts_on).delete()
    TenancyShare.objects.bulk_create(
        [TenancyShare(party=party, starts_on=starts_on, cents=cents) for party, cents in shares.items()]
    )
    for party, cents in shares.items():
        party.share_cents = cents
    TenancyParty.objects.bulk_update(list(shares), ["share_cents"])


def house_rules_in_force(dwelling: Dwelling, day: date) -> HouseRules | None:
    """Return the latest version of the dwelling's own rules, else of its body's."""
    versions = HouseRules.objects.filter(body=dwelling.manager_id, valid_from__lte=day)
    own = versions.filter(dwelling=dwelling).order_by("-valid_from", "-number").first()
    shared = versions.filter(dwelling__isnull=True).order_by("-valid_from", "-number").first()
    found: HouseRules | None = own or shared
    return found


def check_draft(tenancy: Tenancy) -> None:
    """Raise `NotDraft` unless the tenancy is still in preparation."""
    if tenancy.state != TenancyState.DRAFT:
        raise NotDraft(_("Non è più in preparazione: per cambiarla riportala in preparazione."))


@atomic
def change_draft(
    *, actor: Actor, tenancy: Tenancy, facts: TenancyFacts, expected_version: int, today: date
) -> Tenancy:
    """Change a tenancy in preparation. When what is due changes, the shares are made equal again."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    check_draft(tenancy)
    facts.check(tenancy.dwelling, today)
    before = tenancy.monthly_cents
    for name, value in _fields(
        replace(facts, visited_on=_own_visit(tenancy.placement, facts.visited_on))
    ).items():
        setattr(tenancy, name, value)
    tenancy.house_rules = house_rules_in_force(tenancy.dwelling, facts.starts_on)
    tenancy.save_if_unchanged(expected_version)
    parties = list(tenancy.parties.order_by("pk"))
    TenancyParty.objects.filter(tenancy=tenancy).update(starts_on=facts.starts_on)
    payers = [party for party in parties if party.is_signatory]
    cents = (
        split_cents(tenancy.monthly_cents, len(payers))
        if tenancy.monthly_cents != before
        else [party.share_cents for party in payers]
    )
    TenancyShare.objects.filter(party__in=[party.pk for party in parties]).delete()
    write_shares(dict(zip(payers, cents, strict=True)), facts.starts_on)
    audit.record(actor, "tenancy_changed", tenancy, persons=subjects(tenancy))
    return tenancy


@atomic
def set_parties(
    *,
    actor: Actor,
    tenancy: Tenancy,
    persons: Sequence[Person],
    beds: dict[int, Bed],
    expected_version: int,
    today: date,
) -> Tenancy:
    """Say who is in a tenancy in preparation, and in which beds (by person id). The shares are made equal again."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    check_draft(tenancy)
    if not persons:
        raise ImpossibleTenancy(_("Scegli almeno una persona."))
    if any(bed.room.dwelling_id != tenancy.dwelling_id for bed in beds.values()):
        raise ImpossibleTenancy(_("Il posto letto non è di questa casa."))
    if len({bed.pk for bed in beds.values()}) < len(beds):
        raise ImpossibleTenancy(_("Due persone non possono avere lo stesso posto letto."))
    tenancy.save_if_unchanged(expected_version)
    tenancy.parties.all().delete()
    made = _write_parties(tenancy, persons, _facts_of(tenancy), today)
    for party in made:
        party.bed = beds.get(party.person_id, party.bed)
    TenancyParty.objects.bulk_update(made, ["bed"])
    audit.record(actor, "tenancy_people_changed", tenancy, persons=[one.public_id for one in persons])
    return tenancy


def _facts_of(tenancy: Tenancy) -> TenancyFacts:
    return TenancyFacts(**{name: getattr(tenancy, name) for name in TenancyFacts.__dataclass_fields__})


def subjects(tenancy: Tenancy) -> list[UUID]:
    """Return the public ids of its people, for the log."""
    return list(tenancy.parties.order_by("pk").values_list("person__public_id", flat=True))
