"""The guarantee fund: endowments, commitments, calls, recoveries. Every sum moves by an entry that stays."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import SYSTEM, Actor
from ali.agreements import hooks, permissions
from ali.agreements.guaranteeing import (
    Balance,
    Coverage,
    CoverTerms,
    coverage_of,
    is_involuntary,
    is_low,
    reserve_rule,
    weighted,
)
from ali.agreements.ledger import Posting, lock_fund, post
from ali.agreements.models import Agreement, Commitment, Fund, FundCall, FundEntry
from ali.agreements.states import CALL_TRANSITIONS, CallState, EntryKind
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.money import show_euros
from ali.core.transactions import atomic
from ali.deadlines.models import Deadline, DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadline
from ali.housing.models import Dwelling

LOW = gettext_noop("Il fondo «%(fund)s» ha poco margine: meno mensilità libere di quante ne chiede la regola")
REVERSIBLE = (EntryKind.ENDOWMENT, EntryKind.RECOVERY)


class NotPossible(Refusal):
    """The fund cannot do it now."""


class NotCovered(Refusal):
    """No fund guarantees this rent, or this arrears is outside what it covers."""


@dataclass(frozen=True)
class FundFacts:
    """The rules of a fund."""

    name: str
    municipality_id: str | None = None
    max_months: int = 18
    franchise_months: int = 0
    needs_involuntary: bool = True
    weight: Decimal = Decimal(1)
    conditions: str = ""
    source: str = ""

    def check(self) -> None:
        """Raise `NotPossible` when the rules cannot be."""
        if not self.name.strip():
            raise NotPossible(_("Scrivi il nome del fondo."))
        if not 1 <= self.max_months <= 60:
            raise NotPossible(_("Il fondo garantisce da 1 a 60 mensilità."))
        if self.franchise_months >= self.max_months:
            raise NotPossible(_("La franchigia è più corta delle mensilità garantite."))
        if not 0 <= self.weight <= 1:
            raise NotPossible(_("Il peso degli impegni va da 0 a 1: 1 li tiene da parte per intero."))


@atomic
def open_fund(*, actor: Actor, facts: FundFacts) -> Fund:
    """Open a fund of the actor's body, empty."""
    permissions.may_open_fund(actor).or_refuse()
    facts.check()
    fund = Fund.objects.create(body_id=actor.body, **asdict(facts))
    audit.record(actor, "fund_opened", fund)
    return fund


@atomic
def change_fund(*, actor: Actor, fund: Fund, facts: FundFacts, expected_version: int) -> Fund:
    """Change the rules of a fund. Commitments already made keep theirs."""
    permissions.may_run_fund(actor, fund).or_refuse()
    facts.check()
    for name, value in asdict(facts).items():
        setattr(fund, name, value)
    fund.save_if_unchanged(expected_version, fields=list(asdict(facts)))
    audit.record(actor, "fund_changed", fund)
    return fund


def _check_posting(fund: Fund, cents: int, booked_on: date, today: date) -> None:
    if fund.closed_on:
        raise NotPossible(_("Questo fondo è chiuso."))
    if cents <= 0:
        raise NotPossible(_("Scrivi un importo maggiore di zero."))
    if booked_on > today:
        raise NotPossible(_("La data è nel futuro: si registra quando è avvenuto."))


@atomic
def endow_fund(
    *, actor: Actor, fund: Fund, cents: int, payer: str, booked_on: date, note: str, today: date
) -> FundEntry:
    """Write what somebody paid into the fund, and when."""
    permissions.may_run_fund(actor, fund).or_refuse()
    _check_posting(fund, cents, booked_on, today)
    if not payer.strip():
        raise NotPossible(_("Scrivi chi versa: resta nel libro del fondo."))
    entry = post(fund, [Posting(EntryKind.ENDOWMENT, cents, booked_on, note=note, payer=payer)], actor=actor)[
        0
    ]
    audit.record(actor, "fund_endowed", fund)
    look_at_balance(fund, today)
    return entry


@atomic
def commit_fund(
    *,
    actor: Actor,
    fund: Fund,
    body_id: int,
    dwelling: Dwelling,
    monthly_cents: int,
    starts_on: date,
    today: date,
    months: int | None = None,
    agreement: Agreement | None = None,
    tenancy: UUID | None = None,
    ends_on: date | None = None,
) -> Commitment:
    """Promise the fund's guarantee for one contract: its weighted part is no longer available."""
    permissions.may_run_fund(actor, fund).or_refuse()
    locked = lock_fund(fund.pk)
    _check_posting(locked, monthly_cents, min(starts_on, today), today)
    many = months or locked.max_months
    if many > locked.max_months:
        raise NotPossible(
            _("Questo fondo garantisce al massimo %(months)s mensilità.") % {"months": locked.max_months}
        )
    if ends_on is not None and ends_on <= starts_on:
        raise NotPossible(_("L'impegno finisce dopo che comincia: controlla le date."))
    if locked.municipality_id and dwelling.building.municipality_id != locked.municipality_id:
        raise NotPossible(_("Questo fondo garantisce solo case nel suo Comune."))
    if tenancy and fund.commitments.filter(tenancy=tenancy, released_on__isnull=True).exists():
        raise NotPossible(_("Questo affitto è già garantito dal fondo."))
    cents = weighted(monthly_cents * many, locked.weight)
    if cents > locked.balance_cents:
        raise NotPossible(
            _("L'impegno vale %(cents)s e il fondo ha libero %(free)s: serve altra dotazione.")
            % {"cents": show_euros(cents), "free": show_euros(locked.balance_cents)}
        )
    number = (fund.commitments.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Commitment.objects.create(
        fund=fund,
        number=number,
        body_id=body_id,
        dwelling=dwelling,
        agreement=agreement,
        tenancy=tenancy,
        monthly_cents=monthly_cents,
        months=many,
        weight=locked.weight,
        weighted_cents=cents,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    post(fund, [Posting(EntryKind.COMMITMENT, -cents, today, commitment=made)], actor=actor)
    audit.record(actor, "fund_committed", fund, commitment=number)
    look_at_balance(fund, today)
    return made


@atomic
def release_commitment(
    *, actor: Actor, commitment: Commitment, reason: str, expected_version: int, today: date
) -> Commitment:
    """Free what was kept aside: the contract is over, or it needs no guarantee any more."""
    permissions.may_run_fund(actor, commitment.fund).or_refuse()
    if not reason.strip():
        raise NotPossible(_("Scrivi perché liberi l'impegno."))
    return _release(actor, commitment, reason, expected_version, today)


def _release(
    actor: Actor, commitment: Commitment, reason: str, expected_version: int, today: date
) -> Commitment:
    lock_fund(commitment.fund_id)
    if commitment.released_on:
        raise NotPossible(_("Questo impegno è già libero."))
    if commitment.calls.filter(state=CallState.ASKED).exists():
        raise NotPossible(_("C'è un'escussione a cui rispondere: decidi prima quella."))
    cents, commitment.weighted_cents, commitment.released_on = commitment.weighted_cents, 0, today
    commitment.save_if_unchanged(expected_version)
    post(
        commitment.fund,
        [Posting(EntryKind.RELEASE, cents, today, note=reason, commitment=commitment)],
        actor=actor,
    )
    audit.record(actor, "fund_released", commitment.fund, commitment=commitment.number)
    look_at_balance(commitment.fund, today)
    return commitment


@atomic
def release_expired(*, today: date) -> int:
    """Free the commitments whose term has passed and that wait for no decision; say how many."""
    over = (
        Commitment.objects.filter(released_on__isnull=True, ends_on__lt=today)
        .exclude(calls__state=CallState.ASKED)
        .select_related("fund")
        .order_by("pk")
    )
    found = list(over)
    for one in found:
        _release(SYSTEM, one, _("Il termine dell'impegno è passato"), one.version, today)
    return len(found)


def commitment_for(*, body_id: int, tenancy: UUID, dwelling_id: int | None, today: date) -> Commitment | None:
    """Return the commitment that guarantees a tenancy: its own, or that of the agreement on its dwelling."""
    running = (
        Commitment.objects.running(today)
        .filter(body=body_id)
        .select_related("fund__municipality", "dwelling__building")
        .order_by("-starts_on", "-pk")
    )
    own: Commitment | None = running.filter(tenancy=tenancy).first()
    if own is not None or dwelling_id is None:
        return own
    of_agreement: Commitment | None = running.filter(
        tenancy__isnull=True, agreement__isnull=False, dwelling=dwelling_id
    ).first()
    return of_agreement


def terms_of(commitment: Commitment) -> CoverTerms:
    """Return what a commitment covers."""
    fund = commitment.fund
    return CoverTerms(
        monthly_cents=commitment.monthly_cents,
        max_months=commitment.months,
        franchise_months=fund.franchise_months,
        needs_involuntary=fund.needs_involuntary,
        paid_cents=commitment.called_cents,
    )


def cover(commitment: Commitment, *, arrears_cents: int, cause: str, today: date) -> Coverage:
    """Return what the fund would pay of an arrears with that cause."""
    return coverage_of(
        terms_of(commitment), arrears_cents=arrears_cents, is_involuntary=is_involuntary(cause, today)
    )


@atomic
def call_fund(
    *,
    actor: Actor,
    tenancy: UUID,
    dwelling_id: int | None,
    arrears_cents: int,
    cause: str,
    reason: str,
    today: date,
    arrears: UUID | None = None,
) -> FundCall:
    """Ask the fund that guarantees `tenancy` (its public id) to pay what it covers of an arrears.

    `cause`: a code of the rule `agreements.involuntary_causes`, empty when nobody wrote one; `arrears`: the public id of
    the arrears, given back to who listens to `hooks.when_call_is_decided`. Raises `NotCovered` with the reason.
    """
    commitment = commitment_for(body_id=actor.body, tenancy=tenancy, dwelling_id=dwelling_id, today=today)
    if commitment is None:
        raise NotCovered(
            _("Nessun fondo di garanzia copre questo affitto: la garanzia si chiede prima dell'arretrato.")
        )
    permissions.may_call_fund(actor, commitment).or_refuse()
    lock_fund(commitment.fund_id)
    commitment.refresh_from_db(fields=["called_cents", "released_on"])
    if arrears_cents <= 0:
        raise NotPossible(_("Non c'è niente di scaduto da chiedere al fondo."))
    if len(reason.strip()) < 5:
        raise NotPossible(_("Scrivi perché chiedi al fondo: chi decide lo legge."))
    if commitment.calls.filter(state=CallState.ASKED).exists():
        raise NotPossible(_("Il fondo deve ancora rispondere alla richiesta di prima."))
    found = cover(commitment, arrears_cents=arrears_cents, cause=cause, today=today)
    if not found.cents:
        raise NotCovered(found.sentence)
    call = FundCall.objects.create(
        commitment=commitment,
        arrears=arrears,
        arrears_cents=arrears_cents,
        asked_cents=found.cents,
        is_involuntary=is_involuntary(cause, today),
        reason=reason.strip()[:400],
        asked_on=today,
        asked_by_id=actor.user_id,
    )
    audit.record(actor, "fund_called", commitment.fund, commitment=commitment.number)
    write_deadline(
        Due(
            kind=DeadlineKind.OTHER,
            source=_call_source(call),
            due_on=today,
            title=gettext_noop("Rispondere a un'escussione del fondo «%(fund)s»"),
            words={"fund": commitment.fund.name},
            organisations=(commitment.fund.body_id,),
            url_name="agreements:fund_detail",
            url_id=commitment.fund.public_id,
        )
    )
    return call


def _call_source(call: FundCall) -> str:
    return f"agreements.call:{call.public_id}"


@atomic
def decide_call(
    *, actor: Actor, call: FundCall, cents: int, reason: str, expected_version: int, today: date
) -> FundCall:
    """Pay a call with `cents`, or refuse it with zero. What is paid also lowers what is still committed."""
    permissions.may_decide_call(actor, call).or_refuse()
    commitment = call.commitment
    fund = lock_fund(commitment.fund_id)
    commitment.refresh_from_db()
    if not reason.strip():
        raise NotPossible(_("Scrivi il motivo della decisione: lo legge chi ha chiesto."))
    if cents > call.asked_cents:
        raise NotPossible(
            _("Sono stati chiesti %(sum)s: il fondo non paga di più.") % {"sum": show_euros(call.asked_cents)}
        )
    if cents > fund.cash_cents:
        raise NotPossible(
            _("Nel fondo ci sono %(sum)s: serve altra dotazione.") % {"sum": show_euros(fund.cash_cents)}
        )
    call.state = CALL_TRANSITIONS.after("pay" if cents else "refuse", CallState(call.state))
    call.paid_cents, call.decision = cents, reason.strip()[:400]
    call.decided_on, call.decided_by_id = today, actor.signer
    call.save_if_unchanged(expected_version)
    if cents:
        post(fund, _paid(commitment, call, cents, today), actor=actor)
        commitment.save_if_unchanged(commitment.version)
    audit.record(
        actor, "fund_call_paid" if cents else "fund_call_refused", fund, commitment=commitment.number
    )
    close_deadline(_call_source(call), now=clock.now())
    hooks.tell_decided(call, today)
    look_at_balance(fund, today)
    return call


def _paid(commitment: Commitment, call: FundCall, cents: int, today: date) -> Sequence[Posting]:
    """Return the payment, and the part of the commitment that it makes free."""
    commitment.called_cents += cents
    left = 0 if commitment.released_on else weighted(commitment.left_cents, commitment.weight)
    freed, commitment.weighted_cents = commitment.weighted_cents - left, left
    return [
        Posting(EntryKind.CALL, -cents, today, note=call.decision, commitment=commitment, call=call),
        Posting(EntryKind.RELEASE, freed, today, commitment=commitment, call=call),
    ]


@atomic
def recover_money(
    *, actor: Actor, call: FundCall, cents: int, booked_on: date, payer: str, note: str, today: date
) -> FundEntry:
    """Write what came back of a call that the fund paid."""
    permissions.may_decide_call(actor, call).or_refuse()
    fund = lock_fund(call.commitment.fund_id)
    _check_posting(fund, cents, booked_on, today)
    back = call.entries.filter(kind=EntryKind.RECOVERY).aggregate(sum=Sum("cents"))["sum"] or 0
    if cents > call.paid_cents - back:
        raise NotPossible(
            _("Di questa escussione restano da recuperare %(sum)s.")
            % {"sum": show_euros(call.paid_cents - back)}
        )
    posting = Posting(
        EntryKind.RECOVERY, cents, booked_on, note=note, payer=payer, commitment=call.commitment, call=call
    )
    entry = post(fund, [posting], actor=actor)[0]
    audit.record(actor, "fund_recovered", fund, commitment=call.commitment.number)
    look_at_balance(fund, today)
    return entry


@atomic
def reverse_entry(*, actor: Actor, entry: FundEntry, reason: str, today: date) -> FundEntry:
    """Correct an endowment or a recovery with an entry that reverses it, with the reason."""
    permissions.may_run_fund(actor, entry.fund).or_refuse()
    fund = lock_fund(entry.fund_id)
    if entry.kind not in REVERSIBLE:
        raise NotPossible(_("Un impegno si libera e un'escussione si recupera: non si rettificano da qui."))
    if len(reason.strip()) < 5:
        raise NotPossible(_("Scrivi perché rettifichi: il motivo resta nel libro del fondo."))
    if entry.reverses_id or FundEntry.objects.filter(reverses=entry).exists():
        raise NotPossible(_("Questa scrittura è già stata rettificata."))
    posting = Posting(
        EntryKind(entry.kind),
        -entry.cents,
        today,
        note=reason,
        payer=entry.payer,
        commitment=entry.commitment,
        call=entry.call,
        reverses=entry,
    )
    reversal = post(fund, [posting], actor=actor)[0]
    audit.record(actor, "fund_entry_reversed", fund, reason=reason)
    look_at_balance(fund, today)
    return reversal


def balance_of(fund: Fund, today: date) -> Balance:
    """Return the kept sums of a fund and what it guarantees each month. One query."""
    monthly = Commitment.objects.running(today).filter(fund=fund).aggregate(sum=Sum("monthly_cents"))["sum"]
    return Balance(
        endowment=fund.endowment_cents,
        committed=fund.committed_cents,
        called=fund.called_cents,
        recovered=fund.recovered_cents,
        monthly=monthly or 0,
    )


def look_at_balance(fund: Fund, today: date) -> bool:
    """Put a fund with little margin on the board of its body, and take it away when it has enough. Say whether it is low."""
    fresh = Fund.objects.select_related("municipality").get(pk=fund.pk)
    town = fresh.municipality
    rule = reserve_rule(today, town.pk if town else None, town.province_id if town else None)
    source = f"agreements.fund_low:{fresh.public_id}"
    if not is_low(balance_of(fresh, today), rule):
        close_deadline(source, now=clock.now())
        return False
    if not Deadline.objects.filter(source=source, done_at__isnull=True).exists():
        Deadline.objects.filter(source=source).delete()
        write_deadline(
            Due(
                kind=DeadlineKind.OTHER,
                source=source,
                due_on=today,
                title=LOW,
                words={"fund": fresh.name},
                organisations=(fresh.body_id,),
                url_name="agreements:fund_detail",
                url_id=fresh.public_id,
            )
        )
    return True
