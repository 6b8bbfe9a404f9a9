"""What an appraisal says, ready for its page: numbers, cash by month, sensitivity, band, public cost avoided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ali.portfolio.calculations import unit_given
from ali.portfolio.economics import (
    Band,
    MonthOfCash,
    SensitivityCell,
    Uncertainty,
    Unit,
    cash_flow,
    monte_carlo,
    sensitivity,
)
from ali.portfolio.plots import Plot, draw
from ali.rules.values import RuleValue, rule_in_force

SEED, DRAWS = 7, 300
RENT_STEPS = (Decimal("0.8"), Decimal("0.9"), Decimal(1), Decimal("1.1"), Decimal("1.2"))
YEAR = 365


@dataclass(frozen=True)
class YearOfCash:
    """A year of the cash flow, added up from its months."""

    year: int
    income: Decimal
    costs: Decimal
    instalments: Decimal
    cumulated: Decimal

    @property
    def net(self) -> Decimal:
        return self.income - self.costs - self.instalments


@dataclass(frozen=True)
class SensitivityRow:
    """A rent and a vacancy: the value for each number of years."""

    rent: Decimal
    vacancy: Decimal
    cells: Sequence[SensitivityCell]


@dataclass(frozen=True)
class BandRow:
    """A year of the band."""

    year: int
    low: Decimal
    middle: Decimal
    high: Decimal


@dataclass(frozen=True)
class Avoided:
    """Days out of reception and what they would have cost: an estimate."""

    days: int
    euros: Decimal
    rule: RuleValue


@dataclass(frozen=True)
class Appraised:
    """The numbers of a version."""

    unit: Unit
    people: int

    @cached_property
    def months(self) -> list[MonthOfCash]:
        return cash_flow(self.unit)

    @property
    def years(self) -> list[YearOfCash]:
        """The months of cash year by year; year 0 is the investment."""
        found = []
        for year, some in groupby(self.months, key=lambda one: -(-one.month // 12)):
            months = list(some)
            found.append(
                YearOfCash(
                    year,
                    sum((one.income for one in months), Decimal(0)),
                    sum((one.costs for one in months), Decimal(0)),
                    sum((one.instalment for one in months), Decimal(0)),
                    months[-1].cumulated,
                )
            )
        return found

    @property
    def cash_plot(self) -> Plot:
        """Cash since the beginning, month by month."""
        step = max(1, -(-self.unit.years // 8))
        labels = [(year * 12, _year(year)) for year in range(0, self.unit.years + 1, step)]
        return draw([one.cumulated for one in self.months], labels=labels)

    @cached_property
    def band(self) -> Band:
        return monte_carlo(self.unit, uncertainty=self._uncertainty(), seed=SEED, draws=DRAWS)

    def _uncertainty(self) -> Uncertainty:
        """Around the inputs: never better than none, up to four times the vacancy and the arrears."""
        vacancy, arrears = float(self.unit.vacancy), float(self.unit.arrears)
        return Uncertainty(
            vacancy=(0.0, vacancy, min(0.9, max(vacancy * 4, 0.1))),
            arrears=(0.0, arrears, min(0.9, max(arrears * 4, 0.1))),
        )

    @property
    def band_rows(self) -> list[BandRow]:
        band = self.band
        return [BandRow(*row) for row in zip(band.years, band.low, band.middle, band.high, strict=True)]

    @property
    def band_plot(self) -> Plot:
        """The value if it ended after each year: bad, middle and good cases."""
        band, step = self.band, max(1, -(-self.unit.years // 8))
        labels = [(year - 1, _year(year)) for year in band.years if (year - 1) % step == 0]
        return draw(band.middle, low=band.low, high=band.high, labels=labels)

    @property
    def spans(self) -> list[int]:
        """The numbers of years of the sensitivity table."""
        years = self.unit.years
        return sorted({max(1, years - 2), years, years + 5})

    @property
    def sensitivity(self) -> list[SensitivityRow]:
        """The value for rents, vacancies and years around the inputs."""
        rents = [(self.unit.monthly_rent * step).quantize(Decimal("0.01")) for step in RENT_STEPS]
        base = self.unit.vacancy
        vacancies = sorted(
            {base / 2, base, min(base * 2, Decimal(1)), min(base + Decimal("0.1"), Decimal(1))}
        )
        cells = list(sensitivity(self.unit, rents=rents, vacancies=vacancies, years=self.spans))
        return [
            SensitivityRow(rent, vacancy, list(some))
            for (rent, vacancy), some in groupby(cells, key=lambda one: (one.monthly_rent, one.vacancy))
        ]

    def avoided(self, day: date, province: str | None) -> Avoided:
        """Return the days that people do not spend in reception, and what the rule says they cost. An estimate."""
        rule = rule_in_force("portfolio.reception_cost", day=day, province=province)
        months = max(self.unit.years * 12 - self.unit.works_months, 0)
        days = int(self.people * months * Decimal(YEAR) / 12 * (1 - self.unit.vacancy))
        return Avoided(days, days * Decimal(str(rule.value or 0)), rule)


def _year(year: int) -> str:
    return _("inizio") if year == 0 else ngettext("%(year)s anno", "%(year)s anni", year) % {"year": year}


def appraised(inputs: Mapping[str, Any], people: int) -> Appraised:  # Any: values of a JSON document
    """Return the numbers of saved inputs."""
    return Appraised(unit_given(inputs), people)
