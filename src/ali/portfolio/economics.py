"""Economics of one unit: what winning it costs, what it yields, what rent breaks even (domain reference 4.9).

Money in euros as exact decimals, rates as parts of one, years whole; income and costs come at the end of each year, the
loan is paid by the month. Nothing is rounded before it is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

ZERO, ONE, MONTHS = Decimal(0), Decimal(1), 12
IRR_LOWEST, IRR_HIGHEST, IRR_STEPS = Decimal("-0.9999"), Decimal(10), 200


@dataclass(frozen=True)
class Loan:
    """A loan paid back in equal monthly instalments. `rate`: yearly nominal."""

    principal: Decimal
    rate: Decimal
    years: int

    @property
    def monthly_payment(self) -> Decimal:
        """Return the instalment, in euros a month."""
        months, monthly = self.years * MONTHS, self.rate / MONTHS
        if not monthly:
            return self.principal / months
        return self.principal * monthly / (ONE - (ONE + monthly) ** -months)


@dataclass(frozen=True)
class Unit:
    """One unit as an investment.

    `monthly_rent` is for one of `places` (1 when the unit is let whole); `yearly_costs` by name (maintenance, insurance,
    taxes, condominium, head rent); `management_rate` is a part of the gross rent; `works_months` pass before the first rent;
    `residual_value` comes back at the end (a sale, a flat that stays ours).
    """

    capex: Decimal
    monthly_rent: Decimal
    years: int
    fees_rate: Decimal = ZERO
    purchase: Decimal = ZERO
    furniture: Decimal = ZERO
    grants: Decimal = ZERO
    places: int = 1
    vacancy: Decimal = ZERO
    arrears: Decimal = ZERO
    yearly_costs: Mapping[str, Decimal] = field(default_factory=dict)
    management_rate: Decimal = ZERO
    discount_rate: Decimal = ZERO
    residual_value: Decimal = ZERO
    works_months: int = 0
    loan: Loan | None = None

    @property
    def investment(self) -> Decimal:
        return self.purchase + self.capex * (ONE + self.fees_rate) + self.furniture - self.grants

    @property
    def gross(self) -> Decimal:
        """Return the rent of a year with every place let and paid."""
        return MONTHS * self.monthly_rent * self.places

    @property
    def effective_income(self) -> Decimal:
        """Return the rent of a year less vacancy and arrears."""
        return self.gross * (ONE - self.vacancy) * (ONE - self.arrears)

    @property
    def running_costs(self) -> Decimal:
        return sum(self.yearly_costs.values(), ZERO) + self.management_rate * self.gross

    @property
    def noi(self) -> Decimal:
        """Return the net operating income of a year."""
        return self.effective_income - self.running_costs

    @property
    def payback_years(self) -> Decimal | None:
        """Return the years until the investment is back; None when it never is."""
        return self.investment / self.noi if self.noi > 0 else None

    @property
    def npv(self) -> Decimal:
        """Return the net present value over `years`, the residual value included."""
        return _present_value(self.yearly_flows(), self.discount_rate)

    def yearly_flows(self) -> list[Decimal]:
        """Return year 0 (the investment) and then the net income of each year, without the loan."""
        flows = [-self.investment, *[self.noi] * self.years]
        flows[-1] += self.residual_value
        return flows

    @property
    def irr(self) -> Decimal | None:
        """Return the internal rate of return a year; None when no rate between -99.99% and 1000% makes the value zero."""
        flows, low, high = self.yearly_flows(), IRR_LOWEST, IRR_HIGHEST
        if not flows[1:] or _present_value(flows, low) * _present_value(flows, high) > 0:
            return None
        for _step in range(IRR_STEPS):
            middle = (low + high) / 2
            if _present_value(flows, middle) > 0:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    @property
    def break_even_rent(self) -> Decimal | None:
        """Return the monthly rent of one place at which the value is zero; None when no rent is enough."""
        annuity = sum((_discount(self.discount_rate, year) for year in range(1, self.years + 1)), ZERO)
        kept = MONTHS * self.places * ((ONE - self.vacancy) * (ONE - self.arrears) - self.management_rate)
        if kept <= 0 or not annuity:
            return None
        back_later = self.residual_value * _discount(self.discount_rate, self.years)
        return ((self.investment - back_later) / annuity + sum(self.yearly_costs.values(), ZERO)) / kept

    @property
    def dscr(self) -> Decimal | None:
        """Return the net income over the loan's instalments of a year; None without a loan."""
        if self.loan is None or not self.loan.monthly_payment:
            return None
        return self.noi / (MONTHS * self.loan.monthly_payment)


def _discount(rate: Decimal, year: int) -> Decimal:
    return (ONE + rate) ** -year


def _present_value(flows: Sequence[Decimal], rate: Decimal) -> Decimal:
    return sum((flow * _discount(rate, year) for year, flow in enumerate(flows)), ZERO)


@dataclass(frozen=True)
class MonthOfCash:
    """A month of the unit: what comes in, what goes out, what is left since the beginning. Month 0 is the investment."""

    month: int
    income: Decimal
    costs: Decimal
    instalment: Decimal
    cumulated: Decimal

    @property
    def net(self) -> Decimal:
        return self.income - self.costs - self.instalment


def cash_flow(unit: Unit) -> list[MonthOfCash]:
    """Return month 0 and every month of `years`: rent begins after the works, costs and instalments at once."""
    loan, months = unit.loan, unit.years * MONTHS
    borrowed = loan.principal if loan else ZERO
    first = MonthOfCash(0, borrowed, unit.investment, ZERO, borrowed - unit.investment)
    found, left = [first], first.cumulated
    for month in range(1, months + 1):
        is_let = month > unit.works_months
        management = unit.management_rate * unit.gross / MONTHS if is_let else ZERO
        income = unit.effective_income / MONTHS if is_let else ZERO
        income += unit.residual_value if month == months else ZERO
        costs = sum(unit.yearly_costs.values(), ZERO) / MONTHS + management
        instalment = loan.monthly_payment if loan and month <= loan.years * MONTHS else ZERO
        left += income - costs - instalment
        found.append(MonthOfCash(month, income, costs, instalment, left))
    return found


@dataclass(frozen=True)
class SensitivityCell:
    """The value of the unit for one rent, one vacancy and one number of years."""

    monthly_rent: Decimal
    vacancy: Decimal
    years: int
    npv: Decimal


def sensitivity(
    unit: Unit, *, rents: Sequence[Decimal], vacancies: Sequence[Decimal], years: Sequence[int]
) -> Iterator[SensitivityCell]:
    """Yield the value for every rent, vacancy and number of years, in that order."""
    for rent in rents:
        for vacancy in vacancies:
            for span in years:
                changed = replace(unit, monthly_rent=rent, vacancy=vacancy, years=span)
                yield SensitivityCell(rent, vacancy, span, changed.npv)


@dataclass(frozen=True)
class Uncertainty:
    """How far from the plan things may go: least, most likely and most, as factors (cost) or as rates (the others)."""

    cost_overrun: tuple[float, float, float] = (0.95, 1.10, 1.40)
    vacancy: tuple[float, float, float] = (0.0, 0.05, 0.20)
    arrears: tuple[float, float, float] = (0.0, 0.06, 0.25)
    running_costs: tuple[float, float, float] = (0.9, 1.0, 1.4)


@dataclass(frozen=True)
class Band:
    """Value after each year in the worst tenth, in the middle and in the best tenth of the cases; the chance to lose."""

    years: Sequence[int]
    low: Sequence[Decimal]
    middle: Sequence[Decimal]
    high: Sequence[Decimal]
    loss_share: Decimal


def monte_carlo(unit: Unit, *, uncertainty: Uncertainty, seed: int, draws: int = 1000) -> Band:
    """Return the band of the value over the years from `draws` triangular samples. Same seed, same band."""
    random, runs = Random(seed), []  # noqa: S311  a simulation, no secret
    for _draw in range(draws):
        runs.append(_values_by_year(_sampled(unit, uncertainty, random)))
    by_year = [sorted(values) for values in zip(*runs, strict=True)]
    return Band(
        years=range(1, unit.years + 1),
        low=[values[draws // 10] for values in by_year],
        middle=[values[draws // 2] for values in by_year],
        high=[values[draws - 1 - draws // 10] for values in by_year],
        loss_share=Decimal(sum(run[-1] < 0 for run in runs)) / draws,
    )


def _sampled(unit: Unit, uncertainty: Uncertainty, random: Random) -> Unit:
    def draw(limits: tuple[float, float, float]) -> Decimal:
        least, likely, most = limits
        return Decimal(str(round(random.triangular(least, most, likely), 6)))

    costs = draw(uncertainty.running_costs)
    return replace(
        unit,
        capex=unit.capex * draw(uncertainty.cost_overrun),
        vacancy=draw(uncertainty.vacancy),
        arrears=draw(uncertainty.arrears),
        yearly_costs={name: amount * costs for name, amount in unit.yearly_costs.items()},
    )


def _values_by_year(unit: Unit) -> list[Decimal]:
    """Return the value of the unit when it ends after 1, 2, … `years`; the residual value comes in the last."""
    value, found, noi = -unit.investment, [], unit.noi
    for year in range(1, unit.years + 1):
        value += noi * _discount(unit.discount_rate, year)
        found.append(value)
    found[-1] += unit.residual_value * _discount(unit.discount_rate, unit.years)
    return found
