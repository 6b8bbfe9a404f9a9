"""A round: freeze the facts, let the engine propose, write for each household the home and why, or what stopped it."""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ali.accounts.actors import SYSTEM, Actor
from ali.allocation import permissions
from ali.allocation.eligibility import DEFAULT_WEIGHTS
from ali.allocation.models import Criteria, Pin, Round, RoundEntry
from ali.allocation.queries import (
    Candidate,
    Home,
    candidates,
    criteria_in_force,
    homes_on_offer,
    kept_rules,
    parameters_for,
    weights_of,
)
from ali.allocation.solving import Answer, Question, Run, Wish, solve_allocation
from ali.allocation.states import ROUND_TRANSITIONS, UNDER_WAY, Outcome, PinKind, RoundState
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic

UNEXPECTED = gettext_lazy(
    "Il calcolo non è riuscito per un errore del programma: avvisa l'amministratore e riprova."
)
INTERRUPTED = gettext_lazy("Il calcolo si è interrotto prima della fine: avvialo di nuovo.")
GIVEN_UP_AFTER = timedelta(hours=2)
KEEP_BONUS = 60  # points a person: moves as few as possible without keeping a clearly worse home


class NoCriteria(Refusal):
    """The territory has no criteria yet."""


class RoundCancelled(Exception):
    """Somebody cancelled the round while it was running."""


class Telling:
    """Writes how far a round is, at most twice a second but for long steps, and stops it when it has been cancelled."""

    # Where each stage of the engine begins and how much of the bar it takes.
    STAGES = {
        "whole": (30, 60),
        "shared": (30, 40),
        "quotas": (30, 10),
        "bound": (70, 15),
        "solidity": (85, 10),
    }
    STEP, SECONDS = 10, 0.5

    def __init__(self, round_id: int) -> None:
        self.round_id = round_id
        self.percent = 0
        self.told_at = 0.0

    def stage(self, stage: str, share: float) -> None:
        """Take the engine's own progress."""
        start, width = self.STAGES.get(stage, (30, 0))
        self.tell(start + round(width * share), _("Il calcolo cerca l'abbinamento migliore."))

    def tell(self, percent: int, note: str) -> None:
        """Write progress; raise `RoundCancelled` when nobody wants the answer any more."""
        now = monotonic()
        percent = max(percent, self.percent)
        if percent - self.percent < self.STEP and now - self.told_at < self.SECONDS:
            return
        self.percent, self.told_at = percent, now
        if not Round.objects.filter(pk=self.round_id, state=RoundState.RUNNING).update(
            progress=percent, progress_note=note[:200]
        ):
            raise RoundCancelled


@atomic
def open_round(
    *,
    actor: Actor,
    province: str,
    window_days: int,
    today: date,
    seed: int = 1,
    model: str = "shared",
    previous: Round | None = None,
) -> Round:
    """Ask for a round on the facts of `today`. It is a simulation until the criteria carry the act that approved them."""
    permissions.may_run_round(actor, province).or_refuse()
    criteria = criteria_in_force(province, today)
    if criteria is None:
        raise NoCriteria(_("Questa provincia non ha ancora criteri: aggiungili nella pagina dei criteri."))
    asked = Round.objects.create(
        province_id=province,
        criteria=criteria,
        model=model,
        day=today,
        window_days=window_days,
        asked_by_id=actor.signer,
        seed=seed,
        previous=previous,
        keep_bonus=KEEP_BONUS if previous else 0,
    )
    audit.record(actor, "round_opened", asked, province=province, days=window_days)
    return asked


@atomic
def try_criteria(
    *, actor: Actor, criteria: Criteria, window_days: int, today: date, seed: int = 1, model: str = "shared"
) -> Round:
    """Ask for a trial of draft criteria on the facts of `today`: only to be compared, never put forward."""
    permissions.may_run_round(actor, criteria.province_id).or_refuse()
    asked = Round.objects.create(
        province_id=criteria.province_id,
        criteria=criteria,
        model=model,
        day=today,
        window_days=window_days,
        asked_by_id=actor.signer,
        seed=seed,
        is_trial=True,
    )
    audit.record(actor, "criteria_tried", asked, province=criteria.province_id, days=window_days)
    return asked


@atomic
def cancel_round(*, actor: Actor, round_: Round, now: datetime) -> Round:
    """Stop a round that waits or runs; what it had computed is thrown away."""
    permissions.may_cancel_round(actor, round_).or_refuse()
    round_.state = ROUND_TRANSITIONS.after("cancel", RoundState(round_.state))
    round_.ended_at = now
    round_.save(update_fields=["state", "ended_at", "changed_at"])
    audit.record(actor, "round_cancelled", round_)
    return round_


def run_round(*, actor: Actor, round_: Round, now: Callable[[], datetime]) -> Round:
    """Solve an open round and write its entries; called by the task, outside the web processes.

    A failure is kept on the round with a sentence; a cancelled round writes nothing.
    """
    if not Round.objects.filter(pk=round_.pk, state=RoundState.QUEUED).update(
        state=RoundState.RUNNING, progress=5, progress_note=_("Si leggono nuclei e case.")
    ):
        return Round.objects.get(pk=round_.pk)
    try:
        outcome = _solve(actor, Round.objects.select_related("criteria", "previous").get(pk=round_.pk))
        return _write(actor, round_.pk, outcome, now())
    except RoundCancelled:
        return Round.objects.get(pk=round_.pk)
    except Refusal as refusal:
        return fail_round(round_=round_, why=str(refusal), now=now())
    except Exception:
        fail_round(round_=round_, why=str(UNEXPECTED), now=now())
        raise


@atomic
def fail_round(*, round_: Round, why: str, now: datetime) -> Round:
    """Keep on a round why it could not be solved; one that has ended stays as it is."""
    ended = Round.objects.filter(pk=round_.pk, state__in=UNDER_WAY).update(
        state=RoundState.FAILED, failure=why[:400], ended_at=now
    )
    if ended:
        audit.record(SYSTEM, "round_failed", round_)
    return Round.objects.get(pk=round_.pk)


@atomic
def fail_interrupted(*, now: datetime) -> int:
    """Fail the rounds that have been under way for hours: their worker was stopped. Return how many."""
    forgotten = Round.objects.filter(state__in=UNDER_WAY, created_at__lt=now - GIVEN_UP_AFTER).order_by("pk")
    rounds = list(forgotten)
    for round_ in rounds:
        fail_round(round_=round_, why=str(INTERRUPTED), now=now)
    return len(rounds)


def _solve(actor: Actor, round_: Round) -> dict[str, Any]:  # Any: what `_write` takes
    telling = Telling(round_.pk)
    province, day, days = round_.province_id, round_.day, round_.window_days
    people = candidates(actor, province=province, day=day, days=days)
    homes = homes_on_offer(actor, province=province, day=day, days=days)
    telling.tell(20, _("Nuclei e case letti: si applicano le regole."))
    parameters = parameters_for(province, day)
    question = Question.ask(people, homes, parameters, weights_of(round_.criteria, DEFAULT_WEIGHTS))
    answer = solve_allocation(question, _run(round_), _wishes(people, homes), progress=telling.stage)
    telling.tell(95, _("Si scrivono le proposte."))
    return {"people": people, "homes": homes, "answer": answer, "rules": kept_rules(parameters)}


def _run(round_: Round) -> Run:
    before = round_.previous.entries.filter(dwelling__isnull=False) if round_.previous else None
    previous = dict(before.order_by("pk").values_list("household_id", "dwelling_id")) if before else {}
    return Run(round_.model, round_.seed, round_.province_id, previous, round_.keep_bonus)


def _wishes(people: Sequence[Candidate], homes: Sequence[Home]) -> list[Wish]:
    pins = Pin.objects.filter(
        household__in=[one.known.pk for one in people], dwelling__in=[home.known.pk for home in homes]
    )
    return [Wish(pin.household_id, pin.dwelling_id, pin.kind == PinKind.PIN) for pin in pins.order_by("pk")]


@atomic
def _write(actor: Actor, round_id: int, outcome: Mapping[str, Any], ended_at: datetime) -> Round:
    round_: Round = Round.objects.select_for_update().get(pk=round_id)
    if round_.state != RoundState.RUNNING:
        raise RoundCancelled
    people: Sequence[Candidate] = outcome["people"]
    homes: Sequence[Home] = outcome["homes"]
    answer: Answer = outcome["answer"]
    RoundEntry.objects.bulk_create([_entry(round_, one, answer) for one in people], batch_size=500)
    round_.state = RoundState.SOLVED
    round_.progress = 100
    round_.progress_note = ""
    round_.instance = gzip.compress(json.dumps(answer.instance, sort_keys=True).encode(), mtime=0)
    round_.input_sha256 = answer.certificate.get("input_sha256", "")
    round_.certificate = answer.certificate
    round_.rules = outcome["rules"]
    round_.households = len(people)
    round_.places = sum(int(home.facts.beds) for home in homes)
    round_.housed = sum(1 for one in people if answer.homes.get(one.known.pk))
    round_.ended_at = ended_at
    round_.save()
    audit.record(actor, "round_solved", round_, households=round_.households, housed=round_.housed)
    return round_


def _entry(round_: Round, one: Candidate, answer: Answer) -> RoundEntry:
    told = answer.told[one.known.pk]
    home = answer.homes.get(one.known.pk)
    return RoundEntry(
        round=round_,
        household_id=one.known.pk,
        persons=int(one.facts.persons),
        outcome=Outcome.PROPOSED if home else Outcome.NOT_HOUSED,
        dwelling_id=home,
        weight=told.value,
        solidity=told.solidity,
        free_on=date.fromordinal(told.bed.day) if told.bed else None,
        is_free_sure=told.bed.is_sure if told.bed else True,
        reasons=told.reasons,
        stopped_by=told.stopped,
        would_help=told.would_help,
        band=told.band,
    )
