"""What people do about an arrears: steps with a day and an outcome, an involuntary cause with its reason, a plan."""

from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.rents import permissions
from ali.rents.board import write_arrears_deadlines
from ali.rents.instalments import instalments
from ali.rents.ladder import earliest_day, in_days, ladder_rule
from ali.rents.locks import lock_accounts
from ali.rents.models import Arrears, ArrearsStep, Instalment, Plan
from ali.rents.overdue import refresh_arrears
from ali.rents.services.fund import ask_fund
from ali.rents.settlements import open_charges
from ali.rents.states import (
    ARREARS_TRANSITIONS,
    PLAN_TRANSITIONS,
    WRITTEN_ELSEWHERE,
    ArrearsState,
    Cause,
    PlanState,
)


class StepRefused(Refusal):
    """The step cannot be taken now."""


@atomic
def take_step(
    *,
    actor: Actor,
    arrears: Arrears,
    verb: str,
    done_on: date,
    outcome: str,
    expected_version: int,
    today: date,
) -> Arrears:
    """Write that a person took a step, when, and what came of it."""
    if verb not in ARREARS_TRANSITIONS.table or verb in WRITTEN_ELSEWHERE:
        raise StepRefused(_("Scegli un passo dell'elenco."))
    permissions.may_take_step(actor, arrears.account, verb).or_refuse()
    _check_step(arrears, verb, done_on, outcome, today)
    if verb == "call_fund":
        ask_fund(actor=actor, arrears=arrears, reason=outcome, today=today)
    arrears.state = ARREARS_TRANSITIONS.after(verb, ArrearsState(arrears.state))
    arrears.save_if_unchanged(expected_version)
    _write_step(actor, arrears, verb, done_on, outcome)
    write_arrears_deadlines([arrears], today)
    return arrears


def _check_step(arrears: Arrears, verb: str, done_on: date, outcome: str, today: date) -> None:
    if arrears.closed_on:
        raise StepRefused(_("Questo arretrato è chiuso."))
    if done_on > today:
        raise StepRefused(_("La data è nel futuro: il passo si scrive quando è stato fatto."))
    if done_on < arrears.since:
        raise StepRefused(_("La data è prima del mancato pagamento: controllala."))
    if len(outcome.strip()) < 3:
        raise StepRefused(_("Scrivi l'esito: che cosa ha detto la persona, o che cosa è successo."))
    earliest = earliest_day(verb, arrears.since, in_days(ladder_rule(today)))
    if earliest and done_on < earliest:
        raise StepRefused(
            _("Questo passo non si fa prima del %(day)s: lo dice la regola degli arretrati.")
            % {"day": f"{earliest:%d/%m/%Y}"}
        )


def _write_step(actor: Actor, arrears: Arrears, verb: str, done_on: date, outcome: str) -> None:
    ArrearsStep.objects.create(
        arrears=arrears,
        verb=verb,
        done_on=done_on,
        outcome=outcome.strip()[:400],
        done_by_id=actor.user_id,
    )
    audit.record(
        actor,
        "arrears_step_taken",
        arrears,
        persons=[arrears.account.person.public_id],
        step=verb,
    )


@atomic
def flag_involuntary(
    *, actor: Actor, arrears: Arrears, cause: str, reason: str, expected_version: int
) -> Arrears:
    """Say that somebody cannot pay through no fault of their own, and why; an empty cause takes it back."""
    permissions.may_flag_involuntary(actor, arrears.account).or_refuse()
    if cause and cause not in Cause.values:
        raise StepRefused(_("Scegli una causa dell'elenco."))
    if cause and len(reason.strip()) < 5:
        raise StepRefused(_("Scrivi che cosa è successo e da quando: serve anche per chiedere il fondo."))
    arrears.cause, arrears.cause_reason = cause, reason.strip()[:300] if cause else ""
    arrears.save_if_unchanged(expected_version)
    audit.record(
        actor, "arrears_cause_set", arrears, persons=[arrears.account.person.public_id], is_set=bool(cause)
    )
    return arrears


@atomic
def agree_plan(
    *,
    actor: Actor,
    arrears: Arrears,
    number: int,
    first_due_on: date,
    outcome: str,
    expected_version: int,
    today: date,
) -> Plan:
    """Agree a repayment plan for all that is overdue: equal monthly instalments in exact cents."""
    permissions.may_take_step(actor, arrears.account, "plan").or_refuse()
    if arrears.closed_on:
        raise StepRefused(_("Questo arretrato è chiuso."))
    if first_due_on < today:
        raise StepRefused(_("La prima rata è nel passato: scegli un giorno da oggi in poi."))
    lock_accounts([arrears.account_id])
    if Plan.objects.filter(account=arrears.account_id, state=PlanState.RUNNING).exists():
        raise StepRefused(_("C'è già un piano in corso: interrompilo prima di farne un altro."))
    charges = [
        one
        for one in open_charges([arrears.account_id]).get(arrears.account_id, [])
        if one.due_on and one.due_on < today
    ]
    if not charges:
        raise StepRefused(_("Non c'è niente di scaduto da rateizzare."))
    total = sum(one.left for one in charges)
    rows = instalments(total, number, first_due_on)
    arrears.state = ARREARS_TRANSITIONS.after("plan", ArrearsState(arrears.state))
    arrears.save_if_unchanged(expected_version)
    plan = Plan.objects.create(account_id=arrears.account_id, agreed_on=today, total_cents=total)
    plan.charges.set([one.pk for one in charges])
    Instalment.objects.bulk_create(
        [Instalment(plan=plan, number=one.number, due_on=one.due_on, cents=one.cents) for one in rows]
    )
    _write_step(actor, arrears, "plan", today, outcome or _("%(number)s rate") % {"number": number})
    refresh_arrears([arrears.account_id], today=today)
    return plan


@atomic
def end_plan(*, actor: Actor, plan: Plan, reason: str, expected_version: int, today: date) -> Plan:
    """Interrupt a plan, with the reason: what is left of it is overdue again, from its own day."""
    permissions.may_take_step(actor, plan.account, "plan").or_refuse()
    if len(reason.strip()) < 5:
        raise StepRefused(_("Scrivi perché il piano si interrompe."))
    plan.state = PLAN_TRANSITIONS.after("end", PlanState(plan.state))
    plan.ended_on, plan.ended_because = today, reason.strip()[:300]
    plan.save_if_unchanged(expected_version)
    audit.record(actor, "plan_ended", plan, persons=[plan.account.person.public_id], reason=reason.strip())
    refresh_arrears([plan.account_id], today=today)
    return plan
