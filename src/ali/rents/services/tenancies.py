"""What the ledger does when a tenancy begins, changes its shares or ends."""

from datetime import date

from ali.rents.dues import first_day
from ali.rents.services.deposits import follow_deposit_return
from ali.rents.services.monthly import follow_tenancy
from ali.tenancies.hooks import News
from ali.tenancies.models import Tenancy, TenancyShare


def hear_of_tenancy(news: News, tenancy: Tenancy, today: date) -> None:
    """Write, or write again, the months that the news concerns."""
    if news is News.MOVED_IN:
        follow_tenancy(tenancy, since=tenancy.starts_on, today=today)
    elif news is News.SHARES_CHANGED:
        follow_tenancy(tenancy, since=_earliest_share(tenancy, today), today=today)
    elif news is News.ENDED:
        follow_tenancy(tenancy, since=tenancy.ended_on or today, today=today)
    elif news is News.DEPOSIT_RETURNED:
        follow_deposit_return(tenancy, today=today)


def _earliest_share(tenancy: Tenancy, today: date) -> date:
    """The latest shares may have been set for a day that has passed: months are written again from there."""
    latest = (
        TenancyShare.objects.filter(party__tenancy=tenancy)
        .order_by("-starts_on")
        .values_list("starts_on", flat=True)
        .first()
    )
    return min(latest or first_day(today), today)
