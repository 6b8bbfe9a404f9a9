"""What speaks against a tenancy: each with the rule that says so, and whether it blocks or only warns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ali.agreements.clocks import ContractTerms, duration_problem
from ali.agreements.queries import covers
from ali.agreements.states import ContractType
from ali.core.decisions import type_text
from ali.core.money import show_euros, to_cents
from ali.housing.models import Occupancy, Room
from ali.housing.queries import bedrooms_of, bodies_that_host, capacity_rules, ongoing
from ali.housing.states import Mode, RoomKind
from ali.people.models import Permit
from ali.people.states import PermitState
from ali.rules.values import RuleValue, rule_in_force
from ali.tenancies.models import Tenancy, TenancyParty
from ali.tenancies.states import Bond, TenancyState
from ali.tenancies.terms import (
    BANDED_TYPES,
    HOSPITALITY_TYPES,
    place_of,
    rule_for,
    rule_of_contract,
)

RENEWAL = "people.permit_renewal_days"
OVER = (PermitState.EXPIRED, PermitState.REVOKED, PermitState.CONVERTED)
ASKED = (
    PermitState.REQUESTED,
    PermitState.APPOINTMENT,
    PermitState.FINGERPRINTS,
    PermitState.PRINTING,
    PermitState.READY,
    PermitState.RENEWING,
)


@dataclass(frozen=True)
class Check:
    """Something to weigh. `is_blocking`: it cannot be signed like this."""

    code: str
    is_blocking: bool
    sentence: str
    source: str
    rule: RuleValue | None = None

    @property
    def tone(self) -> str:
        return "danger" if self.is_blocking else "warning"


@dataclass(frozen=True)
class Case:
    """A tenancy with what its checks read. `names` of the persons whom the reader may know."""

    tenancy: Tenancy
    parties: Sequence[TenancyParty]
    names: Mapping[int, str]
    today: date
    rules_on: date | None = None

    @property
    def day(self) -> date:
        """The day whose rules hold, unless said: that of the signature, today until then."""
        return self.rules_on or self.tenancy.signed_on or self.today

    def rule(self, code: str) -> RuleValue:
        return rule_for(code, self.tenancy.dwelling, self.day)

    def name(self, party: TenancyParty) -> str:
        return self.names.get(party.person_id) or _("una delle persone")


def checks_of(case: Case) -> list[Check]:
    """Return everything that speaks against signing, what blocks first."""
    found = [
        *_overlaps(case),
        *_capacity(case),
        *_terms(case),
        *_agreed_rent(case),
        *_agreement(case),
        *_permits(case),
        *_conflict(case),
        *_visit(case),
    ]
    return sorted(found, key=lambda check: not check.is_blocking)


def blocking(checks: Sequence[Check]) -> list[Check]:
    return [check for check in checks if check.is_blocking]


def _by(rule: RuleValue, code: str, sentence: str, *, blocks: bool | None = None) -> Check:
    return Check(code, rule.is_blocking if blocks is None else blocks, sentence, rule.source, rule)


# --- overlapping tenancies


def present(parties: Iterable[TenancyParty], day: date) -> list[TenancyParty]:
    """Return those still in the tenancy on `day`, or about to enter."""
    return [party for party in parties if party.ends_on is None or party.ends_on > day]


@dataclass(frozen=True)
class Scope:
    """What of a dwelling a tenancy takes: beds, a room, or all of it (both empty)."""

    beds: frozenset[int]
    rooms: frozenset[int]

    def meets(self, other: "Scope") -> bool:
        if not (self.beds or self.rooms) or not (other.beds or other.rooms):
            return True
        if self.beds and other.beds:
            return bool(self.beds & other.beds)
        return bool(self.rooms & other.rooms)


def scope_of(tenancy: Tenancy, parties: Sequence[TenancyParty]) -> Scope:
    """Return what the tenancy takes: single beds only when everybody in it has one and the home is let by the bed."""
    beds = [party.bed for party in parties if party.bed]
    by_bed = tenancy.bond != Bond.JOINT and tenancy.dwelling.mode != Mode.WHOLE
    if by_bed and parties and len(beds) == len(parties):
        return Scope(frozenset(bed.pk for bed in beds), frozenset(bed.room_id for bed in beds))
    return Scope(frozenset(), frozenset([tenancy.room_id] if tenancy.room_id else []))


def free_from(tenancy: Tenancy, today: date) -> date | None:
    """Return the day on which the place is free again; None when nobody knows, or when its term has passed and they stay."""
    if tenancy.leaves_on is not None:
        return tenancy.leaves_on
    stays_on = (
        tenancy.state == TenancyState.RUNNING and tenancy.ends_on is not None and tenancy.ends_on < today
    )
    return None if tenancy.ends_on is None or stays_on else tenancy.ends_on + timedelta(days=1)


def overlapping(tenancy: Tenancy, parties: Sequence[TenancyParty], today: date) -> list[Tenancy]:
    """Return the tenancies that keep from others, in the same days, something that this one takes. Two queries."""
    mine, end = scope_of(tenancy, present(parties, tenancy.starts_on)), tenancy.ends_on
    others = (
        Tenancy.objects.taking()
        .filter(dwelling=tenancy.dwelling_id)
        .exclude(pk=tenancy.pk)
        .select_related("dwelling__building")
        .prefetch_related("parties__bed")
        .order_by("pk")
    )
    return [
        other
        for other in others
        if (end is None or other.starts_on <= end)
        and ((over := free_from(other, today)) is None or over > tenancy.starts_on)
        and mine.meets(scope_of(other, present(other.parties.all(), tenancy.starts_on)))
    ]


def _overlaps(case: Case) -> list[Check]:
    rule = case.rule("overlap")
    return [
        _by(
            rule,
            "overlap",
            _("In quei giorni c'è già un altro affitto sullo stesso posto (%(state)s, dal %(from)s%(to)s).")
            % {
                "state": other.get_state_display(),
                "from": _show(other.starts_on),
                "to": f" {_('al %(day)s') % {'day': _show(other.ends_on)}}" if other.ends_on else "",
            },
        )
        for other in overlapping(case.tenancy, case.parties, case.today)
    ]


def _show(day: date) -> str:
    return f"{day:%d/%m/%Y}"


# --- capacity


def _capacity(case: Case) -> list[Check]:
    dwelling, start = case.tenancy.dwelling, case.tenancy.starts_on
    mine = [party.person_id for party in present(case.parties, start)]
    others = (
        Occupancy.objects.filter(
            ongoing(start), Q(ends_on__isnull=True) | Q(ends_on__gt=start), bed__room__dwelling=dwelling
        )
        .exclude(person__in=mine)
        .count()
    )
    rules = capacity_rules(case.day)
    capacity = rules.capacity(dwelling, bedrooms_of([dwelling.pk]).get(dwelling.pk))
    people = others + len(mine)
    if not capacity.warns(people):
        return []
    rule, blocks = rules.standard_for(dwelling), capacity.blocks(people)
    return [
        Check(
            "capacity",
            blocks,
            _("Ci abiterebbero in %(people)s e la capienza è di %(capacity)s: decide %(binding)s.")
            % {"people": people, "capacity": capacity.people, "binding": capacity.binding_label},
            dwelling.max_people_source if blocks and dwelling.max_people_source else rule.source,
            rule,
        )
    ]


# --- the type of contract


def _terms(case: Case) -> list[Check]:
    tenancy = case.tenancy
    rule = rule_of_contract(tenancy.contract_type, tenancy.dwelling, case.day)
    terms = ContractTerms.from_rule(rule)
    found = [_by(rule, "duration", problem) for problem in [_duration(tenancy, terms)] if problem]
    months = terms.deposit_max_months
    if months is not None and tenancy.deposit_cents > months * tenancy.rent_cents:
        found.append(
            _by(
                rule,
                "deposit",
                _("Il deposito di %(deposit)s supera %(months)s mensilità (%(most)s).")
                % {
                    "deposit": show_euros(tenancy.deposit_cents),
                    "months": months,
                    "most": show_euros(months * tenancy.rent_cents),
                },
            )
        )
    if tenancy.contract_type == ContractType.TRANSITORY and not tenancy.purpose:
        sentence = _("Il contratto transitorio chiede l'esigenza documentata: scrivila.")
        found.append(_by(rule, "purpose", sentence))
    if (tenancy.bond == Bond.HOSPITALITY) != (tenancy.contract_type in HOSPITALITY_TYPES):
        sentence = _(
            "Un accordo di ospitalità non è un affitto: tipo di contratto e obbligo non vanno insieme."
        )
        found.append(_by(rule, "bond", sentence, blocks=True))
    if tenancy.contract_type == ContractType.LOAN and tenancy.rent_cents:
        found.append(_by(rule, "rent", _("Il comodato è gratuito: il canone deve essere zero."), blocks=True))
    return found


def _duration(tenancy: Tenancy, terms: ContractTerms) -> str:
    if tenancy.ends_on is None and terms.max_months is not None:
        return _("Questo tipo dura al massimo %(months)s mesi: scrivi la scadenza.") % {
            "months": terms.max_months
        }
    return duration_problem(terms, tenancy.starts_on, tenancy.ends_on)


# --- agreed rents


def _agreed_rent(case: Case) -> list[Check]:
    tenancy = case.tenancy
    if tenancy.contract_type not in BANDED_TYPES:
        return []
    if not tenancy.agreed_zone:
        rule = case.rule("agreed_rent.zone_1")
        return [
            _by(
                rule,
                "agreed_rent",
                _("Manca la zona dell'accordo territoriale: senza, il canone non si può controllare."),
                blocks=False,
            )
        ]
    rule = case.rule(f"agreed_rent.zone_{tenancy.agreed_zone}")
    high = rule.value.get("rent_high") if isinstance(rule.value, dict) else None
    if high is None:
        return [
            _by(
                rule,
                "agreed_rent",
                _(
                    "Nessuno ha ancora scritto i canoni dell'accordo territoriale per la zona %(zone)s di %(town)s."
                )
                % {"zone": tenancy.agreed_zone, "town": tenancy.dwelling.building.municipality.name},
                blocks=False,
            )
        ]
    area = let_area(tenancy)
    most = to_cents(Decimal(str(high)) * area)
    if tenancy.rent_cents <= most:
        return []
    return [
        _by(
            rule,
            "agreed_rent",
            _("Il canone di %(rent)s supera il massimo della zona %(zone)s: %(most)s per %(area)s m².")
            % {
                "rent": show_euros(tenancy.rent_cents),
                "zone": tenancy.agreed_zone,
                "most": show_euros(most),
                "area": area,
            },
        )
    ]


def let_area(tenancy: Tenancy) -> Decimal:
    """Return the area that the rent pays for: the dwelling's, or for a room its part in proportion to the bedrooms."""
    area: Decimal = tenancy.dwelling.net_area_m2
    if tenancy.room is None:
        return area
    bedrooms = Room.objects.filter(
        dwelling=tenancy.dwelling_id, kind=RoomKind.BEDROOM, closed_on__isnull=True
    ).values_list("area_m2", flat=True)
    total = sum(bedrooms, Decimal(0))
    return (area * tenancy.room.area_m2 / total).quantize(Decimal("0.1")) if total else area


# --- how the body holds the home


def _agreement(case: Case) -> list[Check]:
    tenancy = case.tenancy
    cover = covers(
        tenancy.dwelling,
        tenancy.starts_on,
        tenancy.ends_on,
        holder_id=tenancy.landlord_id,
        rules_on=case.day,
    )
    head = cover.agreement
    if head is None:
        return []
    found = []
    if not cover.is_covered and head.last_on is not None:
        sentence = _("Finirebbe dopo il contratto con il proprietario (%(type)s), che scade il %(day)s.")
        words = {"type": head.get_contract_type_display(), "day": _show(head.last_on)}
        found.append(_by(cover.rule, "agreement", sentence % words))
    if not cover.allows_sublet:
        found.append(
            _by(
                case.rule("owner_consent"),
                "consent",
                _("Il contratto con il proprietario non dice che consente di darla ad altri: controlla."),
                blocks=True if tenancy.contract_type == ContractType.SUBLET else None,
            )
        )
    return found


# --- permits


def holds_on(permit: Permit, day: date) -> bool:
    """Say whether a permit, or the receipt that it was asked or is being renewed, holds on `day`."""
    if permit.state in OVER:
        return False
    return permit.state in ASKED or permit.expires_on is None or permit.expires_on >= day


def _permits(case: Case) -> list[Check]:
    parties = [party for party in present(case.parties, case.today) if party.is_signatory]
    held: dict[int, list[Permit]] = {party.person_id: [] for party in parties}
    for permit in Permit.objects.filter(person__in=list(held)).order_by("pk"):
        held[permit.person_id].append(permit)
    found = []
    for party in parties:
        valid = [one for one in held[party.person_id] if holds_on(one, case.day)]
        found += _permit_of(case, party, valid)
    return found


def _permit_of(case: Case, party: TenancyParty, valid: Sequence[Permit]) -> list[Check]:
    if not valid:
        return [
            _by(
                case.rule("permit_at_signing"),
                "permit",
                _("%(name)s: manca un permesso valido, o la ricevuta della richiesta o del rinnovo.")
                % {"name": case.name(party)},
            )
        ]
    end = case.tenancy.ends_on
    ends = [one.expires_on for one in valid if one.state not in ASKED]
    expires = None if not ends or None in ends else max(day for day in ends if day)
    if expires is None or (end is not None and expires >= end):
        return []
    return [
        _by(
            case.rule("permit_before_end"),
            "permit_renewal",
            _(
                "%(name)s: il permesso scade il %(day)s, prima dell'affitto; il rinnovo si chiede entro il %(by)s."
            )
            % {"name": case.name(party), "day": _show(expires), "by": _show(renewal_day(case, expires))},
        )
    ]


def renewal_day(case: Case, expires: date) -> date:
    """Return the day by which the renewal of a permit is asked."""
    rule = rule_in_force(RENEWAL, day=case.today, **place_of(case.tenancy.dwelling))
    return expires - timedelta(days=int(rule.value))


# --- conflict of interests, visit


def _conflict(case: Case) -> list[Check]:
    if case.tenancy.landlord_id not in bodies_that_host([case.tenancy.landlord_id], case.today):
        return []
    return [
        _by(
            case.rule("same_body_conflict"),
            "conflict",
            _("%(body)s gestisce anche l'accoglienza ed è pagato per le presenze: chi decide ne tenga conto.")
            % {"body": case.tenancy.landlord},
        )
    ]


def visit_day(tenancy: Tenancy) -> date | None:
    """Return the day of the visit: the proposal's when the tenancy comes from one."""
    if tenancy.placement is not None and tenancy.placement.proposal.visit_on is not None:
        return localtime(tenancy.placement.proposal.visit_on).date()
    return tenancy.visited_on


def _visit(case: Case) -> list[Check]:
    source: type_text = _("Prassi: chi entra vede la casa e conosce i coinquilini prima di rispondere")
    found = []
    if visit_day(case.tenancy) is None:
        found.append(
            Check(
                "visit",
                False,
                _("Non risulta che abbiano visitato la casa prima di rispondere."),
                str(source),
            )
        )
    lives_with_others = case.tenancy.dwelling.mode != Mode.WHOLE
    if lives_with_others and case.tenancy.flatmates_met_on is None:
        found.append(
            Check("flatmates", False, _("Non risulta che abbiano incontrato i coinquilini."), str(source))
        )
    return found
