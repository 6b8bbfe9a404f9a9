"""Rounds run outside the web processes, and go on if the page is closed; what expires by itself is looked at every night."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from ali.accounts.actors import actor_for
from ali.allocation.models import Round
from ali.allocation.services import expire_proposals, fail_interrupted, fail_round, run_round
from ali.allocation.states import RoundState
from ali.allocation.trying import Asked, try_change
from ali.core import clock
from ali.core.transactions import atomic

SHORTLY_AFTER_MIDNIGHT = time(0, 10)


@task()
def solve_round(round_id: int, grant: str = "") -> None:
    """Run an open round as the officer who asked for it."""
    round_ = Round.objects.select_related("asked_by").get(pk=round_id)
    actor = actor_for(round_.asked_by, grant)
    if actor is None:
        why = _("Chi ha chiesto il giro non ha più un ruolo in prefettura: lo avvii un collega.")
        fail_round(round_=round_, why=why, now=clock.now())
        return
    run_round(actor=actor, round_=round_, now=clock.now)


@task()
def answer_what_if(round_id: int, asked: Asked) -> dict[str, Any]:  # Any: what JSON can hold
    """Try a change on a solved round; the answer stays with the task."""
    return try_change(Round.objects.get(pk=round_id, state=RoundState.SOLVED), asked)


@task()
def expire_every_night() -> None:
    """Expire what is overdue, and come back tomorrow."""
    expire_overdue()
    come_back_tomorrow()


def expire_overdue() -> dict[str, int]:
    """Expire unanswered proposals and give up rounds whose worker was stopped; say how many of each."""
    now = clock.now()
    return {
        "proposals": expire_proposals(now=now, today=clock.today()),
        "rounds": fail_interrupted(now=now),
    }


@atomic
def come_back_tomorrow() -> bool:
    """Queue the next night's work, once: the queue has no calendar of its own. Say whether it was queued now."""
    path = expire_every_night.module_path
    if DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists():
        return False
    tomorrow = clock.today() + timedelta(days=1)
    moment = timezone.make_aware(datetime.combine(tomorrow, SHORTLY_AFTER_MIDNIGHT))
    expire_every_night.using(run_after=moment).enqueue()
    return True
