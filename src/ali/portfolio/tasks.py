"""Every night: the sums of the last twelve months, since a correction may reach an old one."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from ali.core import clock
from ali.core.transactions import atomic
from ali.portfolio.indicators import MONTHS
from ali.portfolio.keeping import keep_months, months_back

AFTER_RENTS = time(1, 20)


@task()
def keep_portfolio_every_night() -> None:
    """Keep a year of months and come back tomorrow."""
    today = clock.today()
    keep_months(months_back(today, MONTHS), today)
    come_back_tomorrow()


@atomic
def come_back_tomorrow() -> bool:
    """Queue the next night's work, once. Say whether it was queued now."""
    path = keep_portfolio_every_night.module_path
    if DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists():
        return False
    moment = timezone.make_aware(datetime.combine(clock.today() + timedelta(days=1), AFTER_RENTS))
    keep_portfolio_every_night.using(run_after=moment).enqueue()
    return True
