"""What works cost and who pays, in exact cents: the budget, quotes side by side, what funding may pay. No database here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from ali.core.money import show_euros
from ali.renovation.states import LOANS, PUBLIC, WORKS_CATEGORIES, CostCategory, FundingKind


def share_of(cents: int, rate: Decimal) -> int:
    """Return `rate` (a part of one) of `cents`, rounded half up to the cent."""
    return int((cents * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def vat_of(net_cents: int, percent: int) -> int:
    """Return the VAT of one line, rounded half up to the cent as on an invoice."""
    return share_of(net_cents, Decimal(percent) / 100)


@dataclass(frozen=True)
class Cost:
    """A line of the budget: category, cents without VAT, VAT in percent."""

    category: str
    net: int
    vat_percent: int

    @property
    def vat(self) -> int:
        return vat_of(self.net, self.vat_percent)

    @property
    def gross(self) -> int:
        return self.net + self.vat


@dataclass(frozen=True)
class Spent:
    """What was invoiced and paid of a category, VAT included."""

    category: str
    invoiced: int
    paid: int


@dataclass(frozen=True)
class BudgetRow:
    """A category: planned, asked by the chosen firm, invoiced and paid. Cents; `is_estimated`: it comes from a rate."""

    category: CostCategory
    net: int
    vat: int
    chosen_net: int | None
    invoiced: int
    paid: int
    is_estimated: bool = False

    @property
    def gross(self) -> int:
        return self.net + self.vat

    @property
    def left(self) -> int:
        """What of the budget is not invoiced yet; negative when more was."""
        return self.gross - self.invoiced

    @property
    def is_over(self) -> bool:
        return self.invoiced > self.gross


@dataclass(frozen=True)
class Budget:
    """The budget of works with what became of it."""

    rows: Sequence[BudgetRow]

    @property
    def net(self) -> int:
        return sum(row.net for row in self.rows)

    @property
    def vat(self) -> int:
        return sum(row.vat for row in self.rows)

    @property
    def gross(self) -> int:
        return self.net + self.vat

    @property
    def invoiced(self) -> int:
        return sum(row.invoiced for row in self.rows)

    @property
    def paid(self) -> int:
        return sum(row.paid for row in self.rows)

    @property
    def left(self) -> int:
        return self.gross - self.invoiced

    @property
    def is_over(self) -> bool:
        return self.invoiced > self.gross

    def gross_of(self, categories: Iterable[str]) -> int:
        """Return what these categories cost, VAT included."""
        wanted = set(categories)
        return sum(row.gross for row in self.rows if row.category in wanted)


@dataclass(frozen=True)
class Rates:
    """Contingency and fees as parts of the works; the VAT of each in percent."""

    contingency: Decimal
    fees: Decimal
    works_vat: int
    fees_vat: int


def make_budget(
    costs: Iterable[Cost], rates: Rates, spent: Iterable[Spent] = (), chosen: Mapping[str, int] | None = None
) -> Budget:
    """Return the budget by category. Contingency comes from its rate; fees too until somebody wrote them."""
    net: dict[str, int] = defaultdict(int)
    vat: dict[str, int] = defaultdict(int)
    for cost in costs:
        net[cost.category] += cost.net
        vat[cost.category] += cost.vat
    of_works = sum(net[one] for one in WORKS_CATEGORIES if one in net)
    estimated = {CostCategory.CONTINGENCY.value: (share_of(of_works, rates.contingency), rates.works_vat)}
    if CostCategory.PROFESSIONALS not in net:
        estimated[CostCategory.PROFESSIONALS.value] = (share_of(of_works, rates.fees), rates.fees_vat)
    for category, (cents, percent) in estimated.items():
        net[category], vat[category] = cents, vat_of(cents, percent)
    done = {one.category: one for one in spent}
    shown = [one for one in CostCategory if net.get(one) or one in done]
    return Budget(
        [
            _row(one, net, vat, spent=done.get(one), chosen=chosen or {}, is_estimated=one in estimated)
            for one in shown
        ]
    )


def _row(
    category: CostCategory,
    net: Mapping[str, int],
    vat: Mapping[str, int],
    *,
    spent: Spent | None,
    chosen: Mapping[str, int],
    is_estimated: bool,
) -> BudgetRow:
    return BudgetRow(
        category=category,
        net=net.get(category, 0),
        vat=vat.get(category, 0),
        chosen_net=chosen.get(category),
        invoiced=spent.invoiced if spent else 0,
        paid=spent.paid if spent else 0,
        is_estimated=is_estimated,
    )


@dataclass(frozen=True)
class Offer:
    """A firm's quote by category, without VAT."""

    firm: str
    lines: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.lines.values())


@dataclass(frozen=True)
class ComparedRow:
    """One category: what was planned, and what each firm asks (None: it left it out)."""

    category: CostCategory
    planned: int
    asked: Sequence[int | None]

    @property
    def least(self) -> int | None:
        return min((cents for cents in self.asked if cents is not None), default=None)


@dataclass(frozen=True)
class Comparison:
    """Quotes side by side. `missing[i]`: what the firm left out, as planned, so that totals can be compared."""

    rows: Sequence[ComparedRow]
    totals: Sequence[int]
    missing: Sequence[int]
    planned: int

    @property
    def comparable(self) -> list[int]:
        """Each firm's total with the planned amount for what it left out."""
        return [total + missing for total, missing in zip(self.totals, self.missing, strict=True)]


def compare(offers: Sequence[Offer], costs: Iterable[Cost]) -> Comparison:
    """Return the quotes side by side, in the order given: nobody is ranked."""
    planned: dict[str, int] = defaultdict(int)
    for cost in costs:
        planned[cost.category] += cost.net
    asked_for = {category for offer in offers for category in offer.lines}
    shown = [one for one in CostCategory if one in asked_for or (one in planned and one in WORKS_CATEGORIES)]
    rows = [
        ComparedRow(one, planned.get(one, 0), [offer.lines.get(one) for offer in offers]) for one in shown
    ]
    return Comparison(
        rows=rows,
        totals=[offer.total for offer in offers],
        missing=[
            sum(row.planned for row in rows if row.asked[place] is None) for place in range(len(offers))
        ],
        planned=sum(row.planned for row in rows),
    )


@dataclass(frozen=True)
class Money:
    """A funding line with its conditions, as the checks need it."""

    name: str
    kind: str
    cents: int
    max_share: Decimal | None
    forbids: Sequence[str]
    excludes_public: bool
    spent: int = 0
    spent_on_forbidden: int = 0
    is_counted: bool = True


@dataclass(frozen=True)
class Cover:
    """How much of the budget is covered, and what is wrong with it: sentences."""

    total: int
    granted: int
    asked: int
    loans: int
    problems: Sequence[str]

    @property
    def uncovered(self) -> int:
        return self.total - self.granted

    @property
    def leverage(self) -> Decimal | None:
        """Euros of others for each own euro; None when nothing is ours."""
        own = self.total - self.granted
        return Decimal(self.granted) / own if own > 0 else None


def cover(budget: Budget, fundings: Sequence[Money]) -> Cover:
    """Return what covers the budget, with every condition that is not respected."""
    counted = [one for one in fundings if one.is_counted]
    return Cover(
        total=budget.gross,
        granted=sum(one.cents for one in counted if one.kind != FundingKind.OWN),
        asked=sum(one.cents for one in fundings if not one.is_counted),
        loans=sum(one.cents for one in counted if one.kind in LOANS),
        problems=[*_problems(budget, counted)],
    )


def _problems(budget: Budget, fundings: Sequence[Money]) -> Iterable[str]:
    granted = sum(one.cents for one in fundings)
    if granted > budget.gross > 0:
        yield _("I finanziamenti superano i costi di %(more)s: qualcosa va restituito o rimodulato.") % {
            "more": show_euros(granted - budget.gross)
        }
    public = [one for one in fundings if one.kind in PUBLIC]
    for one in fundings:
        payable = budget.gross - budget.gross_of(one.forbids)
        most = share_of(payable, one.max_share) if one.max_share is not None else payable
        if budget.gross and one.cents > most:
            yield _("«%(name)s» può pagare al massimo %(most)s di questi costi e ne vale %(cents)s.") % {
                "name": one.name,
                "most": show_euros(most),
                "cents": show_euros(one.cents),
            }
        others = [other.name for other in public if other is not one]
        if one.excludes_public and others:
            yield _("«%(name)s» non si somma ad altri fondi pubblici: c'è anche «%(other)s».") % {
                "name": one.name,
                "other": others[0],
            }
        if one.spent > one.cents:
            yield _("Su «%(name)s» sono imputate fatture per %(spent)s: vale %(cents)s.") % {
                "name": one.name,
                "spent": show_euros(one.spent),
                "cents": show_euros(one.cents),
            }
        if one.spent_on_forbidden:
            yield _("Su «%(name)s» sono imputati %(cents)s di voci che non paga.") % {
                "name": one.name,
                "cents": show_euros(one.spent_on_forbidden),
            }
