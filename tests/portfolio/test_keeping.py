from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from ali.accounts import roles
from ali.accounts.actors import SYSTEM
from ali.housing.models import Bed
from ali.organisations.models import Organisation
from ali.portfolio.indicators import read_portfolio
from ali.portfolio.keeping import differences, keep_month, keep_months, months_back, raw_sums
from ali.portfolio.models import KeptMonth
from ali.portfolio.states import IN_MONEY, Indicator
from ali.renovation.models import Expense
from ali.renovation.services import begin_phase
from ali.renovation.states import Phase
from ali.rents.models import MonthlyTotal
from ali.rents.services import write_month_dues
from tests.clients import ClientAs
from tests.factories.housing import DwellingFactory, OccupancyFactory
from tests.factories.organisations import actor_for_role
from tests.factories.renovation import make_works
from tests.factories.rents import make_account

pytestmark = pytest.mark.django_db
FEBRUARY = date(2026, 2, 1)


def home_of(actor, **given):
    return DwellingFactory(manager=Organisation.objects.get(pk=actor.organisation_id), **given)


def shown(actor, today: date) -> dict[str, str]:
    return {one.indicator: one.shown for one in read_portfolio(actor, today).readings}


def test_nights_entries_and_gaps_of_a_month(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    home = home_of(manager, beds=2)
    first, _second = Bed.objects.filter(room__dwelling=home).order_by("pk")
    OccupancyFactory(bed=first, starts_on=date(2025, 6, 1), ends_on=date(2026, 2, 11))
    OccupancyFactory(bed=first, starts_on=date(2026, 2, 16))

    sums = raw_sums(FEBRUARY, today)[manager.organisation_id, home.building.municipality_id]

    # Two beds for 28 nights; taken 10 and then 13 nights; one entry after five empty days.
    assert (sums.nights, sums.nights_taken, sums.entries, sums.gaps, sums.gap_days) == (56, 23, 1, 1, 5)


def test_closed_beds_and_homes_not_ready_give_no_nights(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    home = home_of(manager, beds=2, available_on=date(2026, 2, 15))
    Bed.objects.filter(room__dwelling=home, label="2").update(closed_on=date(2026, 2, 20))
    home_of(manager, works=True, available_on=date(2026, 2, 1))

    sums = raw_sums(FEBRUARY, today)[manager.organisation_id, home.building.municipality_id]

    assert sums.nights == 14 + 5


def test_month_under_way_counts_until_yesterday(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    home = home_of(manager, beds=1)

    sums = raw_sums(date(2026, 3, 1), today)[manager.organisation_id, home.building.municipality_id]

    assert sums.nights == 1


def test_kept_months_equal_the_raw_sums_and_writing_again_changes_nothing(today: date) -> None:
    account = make_account()
    write_month_dues(actor=SYSTEM, month=FEBRUARY, today=today)
    OccupancyFactory(bed=Bed.objects.first() or DwellingFactory(beds=1).rooms.get().beds.get())
    months = months_back(today, 3)

    keep_months(months, today)
    before = list(KeptMonth.objects.order_by("pk").values_list("month", "nights", "due_cents"))
    keep_month(FEBRUARY, today)

    assert not differences(months, today)
    assert sorted(before) == sorted(KeptMonth.objects.values_list("month", "nights", "due_cents"))
    assert KeptMonth.objects.get(month=FEBRUARY, manager=account.landlord).due_cents > 0
    MonthlyTotal.objects.filter(month=FEBRUARY).update(paid_cents=1)
    assert differences(months, today)


def test_body_reads_amounts_and_territory_reads_counts(today: date) -> None:
    account = make_account()
    write_month_dues(actor=SYSTEM, month=FEBRUARY, today=today)
    manager = actor_for_role(roles.HOUSING_MANAGER.code, organisation=account.landlord)
    project = actor_for_role(roles.PROJECT_MANAGER.code)
    elsewhere = actor_for_role(roles.PROJECT_MANAGER.code, "VI")

    mine, theirs = shown(manager, today), shown(project, today)
    assert mine[Indicator.ARREARS] == theirs[Indicator.ARREARS] == "100,0%"
    assert mine[Indicator.RENT]
    assert not IN_MONEY & set(theirs)
    assert "€" not in " ".join(f"{one.shown} {one.note}" for one in read_portfolio(project, today).readings)
    assert shown(elsewhere, today)[Indicator.BEDS] == "0"


def test_finished_works_count_as_recovered(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    works = make_works(manager, phase=Phase.SITE)
    works.energy_before, works.energy_after = "G", "B"
    works.save()
    Expense.objects.create(
        works=works,
        category="bathroom",
        supplier="Uno",
        invoice="1",
        invoiced_on=today - timedelta(days=9),
        net_cents=2_000_000,
        vat_cents=200_000,
    )
    begin_phase(
        actor=manager,
        works=works,
        phase=Phase.MANAGEMENT,
        on=today,
        expected_version=works.version,
        today=today,
        skipped_because="piccoli lavori",
    )

    found = shown(manager, today)
    assert found[Indicator.RECOVERED] == "1"
    assert found[Indicator.AREA] == str(int(Decimal(70)))
    assert found[Indicator.ENERGY] == "5,0"
    assert found[Indicator.COST_PER_BED] == "11.000 €"


@pytest.mark.parametrize("indicator", list(Indicator))
def test_each_indicator_opens_its_rows(client_as: ClientAs, indicator: Indicator, today: date) -> None:
    account = make_account()
    write_month_dues(actor=SYSTEM, month=FEBRUARY, today=today)
    manager = client_as(roles.HOUSING_MANAGER.code, account.landlord)
    project = client_as(roles.PROJECT_MANAGER.code)
    address = reverse("portfolio:indicator_rows", args=[indicator.value])

    assert manager.get(address).status_code == 200
    assert project.get(address).status_code == (404 if indicator in IN_MONEY else 200)
    text = project.get(address).content.decode()
    assert account.dwelling.building.address not in text
