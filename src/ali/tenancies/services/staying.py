"""While people live there: longer terms, notice, new shares when somebody leaves, the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.agreements.clocks import ContractTerms, after_months
from ali.allocation.services.endings import end_placement
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.money import show_euros
from ali.core.transactions import atomic
from ali.deadlines.services import close_deadline
from ali.housing import services as housing
from ali.people.services import unassign
from ali.people.states import Capacity
from ali.tenancies import hooks, permissions
from ali.tenancies.checks import Case, blocking, checks_of, present
from ali.tenancies.models import Extension, Tenancy, TenancyParty
from ali.tenancies.queries import names_seen
from ali.tenancies.services.drafting import subjects, write_shares
from ali.tenancies.services.duties import (
    forget_duties,
    start_extension,
    start_termination,
    term_source,
    write_term,
)
from ali.tenancies.services.signing import Blocked, lock_dwelling, step, typed
from ali.tenancies.states import LIVED_IN_STATES, OPEN_STATES, Destination, LeavingReason, Side, TenancyState
from ali.tenancies.terms import WrongShares, rule_for, rule_of_contract, split_like

# What is asked again when a tenancy is prolonged.
ASKED_AGAIN = {"overlap", "duration", "agreement", "agreed_rent", "permit", "capacity"}


class WrongTerm(Refusal):
    """The days cannot be."""


@atomic
def extend(
    *,
    actor: Actor,
    tenancy: Tenancy,
    agreed_on: date,
    ends_on: date,
    note: str,
    expected_version: int,
    today: date,
) -> Extension:
    """Prolong or renew a tenancy to a later day: what blocks a signature is asked again, permits too."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    if agreed_on > today:
        raise WrongTerm(_("La proroga si registra quando è concordata: la data è nel futuro."))
    if tenancy.ends_on is None or ends_on <= tenancy.ends_on:
        raise WrongTerm(_("La nuova scadenza viene dopo quella di ora."))
    lock_dwelling(tenancy)
    step(tenancy, "extend")
    before, tenancy.ends_on = tenancy.ends_on, ends_on
    _ask_again(actor, tenancy, today)
    tenancy.save_if_unchanged(expected_version)
    made = Extension.objects.create(
        tenancy=tenancy, agreed_on=agreed_on, previous_ends_on=before, ends_on=ends_on, note=note.strip()
    )
    write_term(tenancy)
    start_extension(tenancy, agreed_on)
    audit.record(actor, "tenancy_extended", tenancy, persons=subjects(tenancy))
    hooks.tell(hooks.News.EXTENDED, tenancy, today)
    return made


def _ask_again(actor: Actor, tenancy: Tenancy, today: date) -> None:
    parties = list(tenancy.parties.select_related("person", "bed__room").order_by("pk"))
    case = Case(tenancy, present(parties, today), names_seen(actor, parties), today, rules_on=today)
    stopped = [check for check in blocking(checks_of(case)) if check.code in ASKED_AGAIN]
    if stopped:
        raise Blocked(f"{stopped[0].sentence} ({stopped[0].source})")


@dataclass(frozen=True)
class Notice:
    """From when somebody may leave after giving notice, and which rule says so. `months` None: the contract says."""

    earliest: date
    months: int | None
    source: str


def notice_of(tenancy: Tenancy, by: str, notice_on: date) -> Notice:
    """Return the earliest day on which a notice given that day takes effect."""
    rule = rule_of_contract(tenancy.contract_type, tenancy.dwelling, notice_on)
    terms = ContractTerms.from_rule(rule)
    months = terms.tenant_notice_months if by == Side.TENANT else terms.landlord_notice_months
    return Notice(after_months(notice_on, months or 0), months, rule.source)


@atomic
def give_notice(
    *,
    actor: Actor,
    tenancy: Tenancy,
    by: str,
    notice_on: date,
    leaves_on: date,
    reason: str,
    expected_version: int,
    today: date,
) -> Tenancy:
    """Record a notice. The landlord keeps to the months of the rule; who lives there may leave earlier if both agree."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    if notice_on > today or leaves_on < notice_on:
        raise WrongTerm(
            _("La disdetta si registra quando è data, e si lascia la casa dopo: controlla le date.")
        )
    notice = notice_of(tenancy, by, notice_on)
    if by == Side.LANDLORD and leaves_on < notice.earliest:
        raise WrongTerm(
            _("Con %(months)s mesi di preavviso si lascia la casa dal %(day)s (%(source)s).")
            % {"months": notice.months, "day": f"{notice.earliest:%d/%m/%Y}", "source": notice.source}
        )
    step(tenancy, "give_notice")
    tenancy.notice_on, tenancy.notice_by, tenancy.leaves_on = notice_on, by, leaves_on
    tenancy.notice_reason = reason.strip()
    tenancy.save_if_unchanged(expected_version)
    housing.expect_leaving(dwelling=tenancy.dwelling, person_ids=_people(tenancy, today), ends_on=leaves_on)
    audit.record(actor, "tenancy_notice_given", tenancy, persons=subjects(tenancy), by=by)
    return tenancy


@atomic
def take_notice_back(
    *, actor: Actor, tenancy: Tenancy, reason: str, expected_version: int, today: date
) -> Tenancy:
    """They stay after all."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    words = typed(reason)
    step(tenancy, "take_notice_back")
    tenancy.notice_on = tenancy.leaves_on = None
    tenancy.notice_by = tenancy.notice_reason = ""
    tenancy.save_if_unchanged(expected_version)
    housing.expect_leaving(dwelling=tenancy.dwelling, person_ids=_people(tenancy, today), ends_on=None)
    audit.record(actor, "tenancy_notice_taken_back", tenancy, persons=subjects(tenancy), reason=words)
    return tenancy


def _people(tenancy: Tenancy, today: date) -> list[int]:
    return [party.person_id for party in present(tenancy.parties.order_by("pk"), today)]


@dataclass(frozen=True)
class Leaving:
    """Why somebody leaves and where they go. `LeavingReason`, `Destination`."""

    left_on: date
    because: str
    destination: str
    note: str = ""

    def check(self, today: date) -> None:
        if self.left_on > today:
            raise WrongTerm(_("L'uscita si registra quando è avvenuta: prima si dà la disdetta."))
        needs_words = LeavingReason.OTHER in {self.because} or self.destination == Destination.OTHER_PLACE
        if needs_words and not self.note.strip():
            raise WrongTerm(_("Scrivi nella nota perché, o dove va."))


@atomic
def let_party_leave(
    *,
    actor: Actor,
    party: TenancyParty,
    leaving: Leaving,
    expected_version: int,
    today: date,
) -> TenancyParty:
    """One of several leaves and the tenancy goes on with the others. Their shares change only when somebody decides."""
    tenancy = party.tenancy
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    if tenancy.state not in LIVED_IN_STATES:
        raise WrongTerm(_("L'affitto non è in corso."))
    others = [one for one in present(tenancy.parties.all(), leaving.left_on) if one.pk != party.pk]
    if not any(one.is_signatory for one in others):
        raise WrongTerm(
            _("È l'ultima persona adulta: chiudi l'affitto, così si fanno riconsegna e deposito.")
        )
    _write_leaving(actor, party, leaving, expected_version, today)
    audit.record(actor, "tenant_left", tenancy, persons=[party.person.public_id], because=leaving.because)
    hooks.tell(hooks.News.SHARES_CHANGED, tenancy, today)
    return party


def _write_leaving(
    actor: Actor, party: TenancyParty, leaving: Leaving, expected_version: int, today: date
) -> None:
    leaving.check(today)
    if leaving.left_on <= party.starts_on:
        raise WrongTerm(_("L'uscita viene dopo l'entrata: controlla il giorno."))
    party.ends_on = leaving.left_on
    party.left_because, party.destination = leaving.because, leaving.destination
    party.left_note = leaving.note.strip()
    party.save_if_unchanged(expected_version)
    dwelling = party.tenancy.dwelling
    housing.leave_beds(dwelling=dwelling, person_ids=[party.person_id], ends_on=leaving.left_on, today=today)
    days = int(rule_for("sight_after_end_days", dwelling, today).value)
    unassign(
        actor=actor,
        person=party.person,
        organisation_id=party.tenancy.landlord_id,
        capacity=Capacity.TENANCY,
        reason=_("Ha lasciato la casa"),
        today=today,
        ends_on=leaving.left_on + timedelta(days=days),
    )


@atomic
def end_tenancy(
    *,
    actor: Actor,
    tenancy: Tenancy,
    leaving: Leaving,
    expected_version: int,
    now: datetime,
    today: date,
) -> Tenancy:
    """Everybody who is still there leaves; the home is free again from that day."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    step(tenancy, "end")
    tenancy.ended_on = leaving.left_on
    tenancy.ended_reason = str(LeavingReason(leaving.because).label)
    tenancy.save_if_unchanged(expected_version)
    everybody = tenancy.parties.select_related("person", "tenancy__dwelling__building__municipality")
    for party in present(everybody.order_by("pk"), leaving.left_on):
        _write_leaving(actor, party, leaving, party.version, today)
    if tenancy.placement is not None:
        end_placement(placement=tenancy.placement, ended_on=leaving.left_on)
    start_termination(tenancy, leaving.left_on)
    close_deadline(term_source(tenancy), now=now)
    audit.record(actor, "tenancy_ended", tenancy, persons=subjects(tenancy), because=leaving.because)
    hooks.tell(hooks.News.ENDED, tenancy, today)
    return tenancy


@atomic
def cancel(
    *, actor: Actor, tenancy: Tenancy, reason: str, expected_version: int, now: datetime, today: date
) -> Tenancy:
    """Give a tenancy up before anybody enters, with a reason. Its place is free for others at once."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    words = typed(reason)
    step(tenancy, "cancel")
    tenancy.ended_reason = words
    tenancy.placement = None
    tenancy.save_if_unchanged(expected_version)
    forget_duties(tenancy, now=now)
    audit.record(actor, "tenancy_cancelled", tenancy, persons=subjects(tenancy), reason=words)
    return tenancy


# --- shares


def proposed_shares(tenancy: Tenancy, parties: Sequence[TenancyParty], day: date) -> dict[int, int]:
    """Return what each of those present would pay so that the shares add up again, in proportion to now."""
    payers = [party for party in present(parties, day) if party.is_signatory]
    if not payers:
        return {}
    cents = split_like(tenancy.monthly_cents, [party.share_cents for party in payers])
    return {party.pk: share for party, share in zip(payers, cents, strict=True)}


def share_gap(tenancy: Tenancy, parties: list[TenancyParty], day: date) -> int:
    """Return how many cents a month nobody pays (negative: too many)."""
    return tenancy.monthly_cents - sum(party.share_cents for party in present(parties, day))


@atomic
def set_shares(
    *,
    actor: Actor,
    tenancy: Tenancy,
    shares: Mapping[int, int],
    starts_on: date,
    expected_version: int,
    today: date,
) -> Tenancy:
    """Say what each pays from a day on, by party. Together they are what is due, to the cent."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    if tenancy.state not in OPEN_STATES:
        raise WrongShares(_("L'affitto è finito: le quote non cambiano più."))
    if starts_on < tenancy.starts_on:
        raise WrongShares(_("Le quote cambiano da un giorno dell'affitto."))
    payers = {party.pk: party for party in present(tenancy.parties.order_by("pk"), starts_on)}
    if set(shares) - set(payers) or min(shares.values(), default=0) < 0:
        raise WrongShares(_("Una quota è di chi non abita più qui: ricarica la pagina."))
    whole = {pk: shares.get(pk, 0) for pk, party in payers.items() if party.is_signatory or pk in shares}
    if sum(whole.values()) != tenancy.monthly_cents:
        raise WrongShares(
            _("Le quote fanno %(sum)s e devono fare %(due)s: la differenza è %(gap)s.")
            % {
                "sum": show_euros(sum(whole.values())),
                "due": show_euros(tenancy.monthly_cents),
                "gap": show_euros(abs(tenancy.monthly_cents - sum(whole.values()))),
            }
        )
    tenancy.save_if_unchanged(expected_version)
    first = tenancy.starts_on if tenancy.state == TenancyState.DRAFT else starts_on
    write_shares({payers[pk]: cents for pk, cents in whole.items()}, first)
    audit.record(actor, "tenancy_shares_set", tenancy, persons=subjects(tenancy), people=len(whole))
    hooks.tell(hooks.News.SHARES_CHANGED, tenancy, today)
    return tenancy
