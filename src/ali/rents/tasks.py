"""Every night: what is owed for the month, and which arrears began or moved."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from ali.accounts.actors import SYSTEM
from ali.core import clock
from ali.core.transactions import atomic
from ali.rents.overdue import refresh_every_arrears
from ali.rents.services import write_month_dues

BEFORE_WORK = time(0, 40)


@task()
def look_at_rents_every_night() -> None:
    """Write the month and look at the arrears, and come back tomorrow."""
    look_at_rents(clock.today())
    come_back_tomorrow()


def look_at_rents(today: date) -> dict[str, int]:
    """Write what is owed for the month of `today` and look at every arrears; say how many of each. Idempotent."""
    report = write_month_dues(actor=SYSTEM, month=today, today=today)
    return {"charges": report.written, "accounts": refresh_every_arrears(today)}


@atomic
def come_back_tomorrow() -> bool:
    """Queue the next night's work, once. Say whether it was queued now."""
    path = look_at_rents_every_night.module_path
    if DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists():
        return False
    moment = timezone.make_aware(datetime.combine(clock.today() + timedelta(days=1), BEFORE_WORK))
    look_at_rents_every_night.using(run_after=moment).enqueue()
    return True
