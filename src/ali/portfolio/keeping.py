"""Monthly sums of the homes of every body, by Comune: written from the raw rows every night, two months at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import (
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, Least

from ali.core.transactions import atomic
from ali.housing.models import Bed, Occupancy
from ali.housing.states import DwellingState
from ali.portfolio.models import KeptMonth
from ali.rents.models import MonthlyTotal

ACTIVE = (DwellingState.FREE, DwellingState.OCCUPIED)
Key = tuple[int, str]  # manager, municipality


@dataclass
class Sums:
    """What is kept of a month."""

    nights: int = 0
    nights_taken: int = 0
    entries: int = 0
    gaps: int = 0
    gap_days: int = 0
    due_cents: int = 0
    paid_cents: int = 0
    forgiven_cents: int = 0


def first_day(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def months_back(today: date, how_many: int) -> list[date]:
    """Return the last `how_many` months, the one of `today` last."""
    return [first_day(today) - relativedelta(months=back) for back in range(how_many - 1, -1, -1)]


def _day(day: date) -> Value:
    return Value(day, output_field=DateField())


def _days(starts: Any, ends: Any) -> Sum:  # Any: expressions
    return Sum(ExpressionWrapper(ends - starts, output_field=DurationField()))


def raw_sums(month: date, today: date) -> dict[Key, Sums]:
    """Return the sums of a month from beds, stays and the totals of rents. Nights of today and later are not counted."""
    begin, end = month, min(month + relativedelta(months=1), today)
    found: dict[Key, Sums] = defaultdict(Sums)
    if begin < end:
        _add_nights(found, begin, end)
        _add_stays(found, begin, end)
    rents = (
        MonthlyTotal.objects.filter(month=month)
        .order_by()
        .values_list("landlord", "dwelling__building__municipality")
        .annotate(Sum("due_cents"), Sum("paid_cents"), Sum("forgiven_cents"))
    )
    for manager, town, due, paid, forgiven in rents:
        sums = found[manager, town]
        sums.due_cents, sums.paid_cents, sums.forgiven_cents = due, paid, forgiven
    return dict(found)


def _add_nights(found: dict[Key, Sums], begin: date, end: date) -> None:
    """Every bed in use of a home that is free or lived in, from the day the home was ready."""
    opened = Greatest(F("room__dwelling__available_on"), _day(begin), output_field=DateField())
    closed = Least(Coalesce(F("closed_on"), _day(end)), _day(end), output_field=DateField())
    rows = (
        Bed.objects.filter(
            Q(closed_on__isnull=True) | Q(closed_on__gt=begin),
            room__dwelling__state__in=ACTIVE,
            room__dwelling__available_on__lt=end,
        )
        .annotate(opened=opened, closed=closed)
        .filter(closed__gt=F("opened"))
        .order_by()
        .values_list("room__dwelling__manager", "room__dwelling__building__municipality")
        .annotate(length=_days(F("opened"), F("closed")))
    )
    for manager, town, length in rows:
        found[manager, town].nights = length.days


def _add_stays(found: dict[Key, Sums], begin: date, end: date) -> None:
    """Nights slept, who came in, and how long their bed had been empty since the person before."""
    slept = (
        Occupancy.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=begin),
            starts_on__lt=end,
            bed__room__dwelling__state__in=ACTIVE,
        )
        .annotate(
            since=Greatest(F("starts_on"), _day(begin), output_field=DateField()),
            until=Least(Coalesce(F("ends_on"), _day(end)), _day(end), output_field=DateField()),
        )
        .order_by()
        .values_list("bed__room__dwelling__manager", "bed__room__dwelling__building__municipality")
        .annotate(length=_days(F("since"), F("until")))
    )
    for manager, town, length in slept:
        found[manager, town].nights_taken = length.days
    before = Occupancy.objects.filter(bed=OuterRef("bed"), ends_on__lte=OuterRef("starts_on")).order_by(
        "-ends_on"
    )
    entered = (
        Occupancy.objects.filter(
            starts_on__gte=begin, starts_on__lt=end, bed__room__dwelling__state__in=ACTIVE
        )
        .annotate(left=Subquery(before.values("ends_on")[:1]))
        .order_by()
        .values_list("bed__room__dwelling__manager", "bed__room__dwelling__building__municipality")
        .annotate(entries=Count("pk"), changes=Count("left"), length=_days(F("left"), F("starts_on")))
    )
    for manager, town, entries, gaps, length in entered:
        sums = found[manager, town]
        sums.entries, sums.gaps, sums.gap_days = entries, gaps, (length or timedelta()).days


@atomic
def keep_month(month: date, today: date) -> int:
    """Write the sums of a month again; say how many rows."""
    raw = raw_sums(month, today)
    KeptMonth.objects.filter(month=month).delete()
    rows = [
        KeptMonth(manager_id=manager, municipality_id=town, month=month, **asdict(sums))
        for (manager, town), sums in sorted(raw.items())
    ]
    KeptMonth.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def keep_months(months: Iterable[date], today: date) -> dict[date, int]:
    """Write the sums of several months."""
    return {month: keep_month(month, today) for month in months}


def differences(
    months: Iterable[date], today: date
) -> Mapping[tuple[date, Key], tuple[Sums | None, Sums | None]]:
    """Return where what is kept is not what the raw rows say now. Empty when all is well."""
    wrong = {}
    for month in months:
        raw = raw_sums(month, today)
        kept = {
            (row.manager_id, row.municipality_id): Sums(
                **{name: getattr(row, name) for name in Sums.__dataclass_fields__}
            )
            for row in KeptMonth.objects.filter(month=month)
        }
        for key in raw.keys() | kept.keys():
            if raw.get(key, Sums()) != kept.get(key, Sums()):
                wrong[month, key] = (kept.get(key), raw.get(key))
    return wrong
