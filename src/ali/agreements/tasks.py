"""Every night: which agreements end with somebody inside, which commitments of a fund are past their term."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from ali.agreements.board import refresh_warnings
from ali.agreements.services import release_expired
from ali.core import clock
from ali.core.transactions import atomic

BEFORE_WORK = time(0, 50)


@task()
def look_at_agreements_every_night() -> None:
    """Look at agreements and commitments, and come back tomorrow."""
    look_at_agreements(clock.today())
    come_back_tomorrow()


def look_at_agreements(today: date) -> dict[str, int]:
    """Write the warnings and free what is past its term; say how many of each. Idempotent."""
    return {"released": release_expired(today=today), "agreements": refresh_warnings(today)}


@atomic
def come_back_tomorrow() -> bool:
    """Queue the next night's work, once. Say whether it was queued now."""
    path = look_at_agreements_every_night.module_path
    if DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists():
        return False
    moment = timezone.make_aware(datetime.combine(clock.today() + timedelta(days=1), BEFORE_WORK))
    look_at_agreements_every_night.using(run_after=moment).enqueue()
    return True
