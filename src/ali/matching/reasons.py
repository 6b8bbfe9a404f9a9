"""Why this home and not that one: what each dwelling is worth to a household, and what its places cost.

A place costs what the households that would also want it lose by not having it. Other households appear as a group and
a count, never as themselves.
"""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ali.matching.errors import InstanceProblem
from ali.matching.instance import GROUPS, MODES, OPEN, WHOLE, Instance
from ali.matching.result import USE_NAMES, Result
from ali.matching.tables import Ints
from ali.matching.wording import kinds

Standing = Literal[
    "assigned",
    "free",
    "dearer",
    "taken",
    "other use",
    "forbidden",
    "pinned elsewhere",
    "needs income",
    "unfit",
]

_STANDING_WORDS: dict[Standing, str] = {
    "assigned": "è la casa proposta",
    "free": "ha posto, ma vale meno della casa proposta",
    "dearer": "un posto qui vale di più per chi altro lo chiede ({price})",
    "taken": "è occupata per intero da chi, tutto considerato, vi porta più valore",
    "other use": "è usata in un altro modo",
    "forbidden": "l'abbinamento è vietato da chi ha deciso il giro",
    "pinned elsewhere": "il nucleo è stato fissato in un'altra casa",
    "needs income": "l'affitto richiede {needs} euro al mese in più",
    "unfit": "gruppo o posti letto non lo permettono",
}


@dataclass(frozen=True)
class Alternative:
    """One dwelling of the household's list."""

    dwelling: str
    mode: str
    weight: int
    standing: Standing
    price: float | None  # of one place, in the unit of weights; None where no place is priced
    needs_income_eur: int
    occupants: dict[str, int]  # group -> households living there under this result

    def sentence(self) -> str:
        """The line a person reads."""
        price = f"prezzo {self.price:g}" if self.price is not None else "senza prezzo"
        why = _STANDING_WORDS[self.standing].format(price=price, needs=self.needs_income_eur)
        return f"{self.dwelling} (valore {self.weight}): {why}{_lived_in(self.occupants)}."


@dataclass(frozen=True)
class Explanation:
    """What a household gets, and what stands in the way of everything else."""

    household: str
    home: str | None
    weight: int  # of its home, 0 without one
    alternatives: tuple[Alternative, ...]  # the most valuable first
    taken_by: dict[str, int]  # for a household without a home: who lives in the dwellings it could have had

    def as_dict(self) -> dict[str, Any]:  # Any: what JSON can hold
        """The same as plain values."""
        return asdict(self)

    def sentences(self) -> list[str]:
        """The explanation as a person reads it."""
        if self.home:
            first = f"Al nucleo {self.household} si propone {self.home}, con valore {self.weight}."
        elif not self.alternatives:
            first = f"Per il nucleo {self.household} nessun alloggio supera le regole."
        else:
            count = sum(option.standing not in _CLOSED for option in self.alternatives)
            first = f"Per il nucleo {self.household} non c'è casa: poteva averne {count}{_lived_in(self.taken_by)}."
        return [first, *(option.sentence() for option in self.alternatives)]


_CLOSED: tuple[Standing, ...] = ("forbidden", "pinned elsewhere", "needs income", "unfit")


def explain(result: Result, household: str) -> Explanation:
    """Why the household has this home, or none, under this result."""
    prices = result.prices
    uses = prices.dwelling_use or (None,) * len(prices.dwelling)
    rows = zip(prices.dwelling.tolist(), uses, (prices.dwelling_price / prices.scale).tolist(), strict=True)
    quota = prices.quota if prices.quota is not None else np.zeros(len(result.instance.quotas), np.int64)
    slots = _SlotPrices(
        {(d, use): price for d, use, price in rows},
        prices.dwelling_use is not None,
        quota / prices.scale,
        0.0 if result.certificate["model"] == "joint" else None,
    )
    return _explain(result.instance, result.assignment, slots, household)


@dataclass(frozen=True, eq=False)
class _SlotPrices:
    """What a place costs: its slot, and the ceilings it counts under."""

    slots: dict[tuple[int, str | None], float]  # (dwelling, use) -> price
    by_use: bool  # whether an open dwelling has a price only in the use in force
    quota: NDArray[np.float64]  # per person
    unsaid: float | None = None  # the price of a use without one: in `joint` it is 0

    def of(self, instance: Instance, household: int, d: int) -> float | None:
        """The price of a place in dwelling d for this household; None where its use has none."""
        use = USE_NAMES[instance.group[household]] if self.by_use and instance.mode[d] == OPEN else None
        slot = self.slots.get((d, use), self.unsaid if use else 0.0)
        quotas = self.quota[instance.quota_row[instance.quota_dwelling == d]].sum()
        return None if slot is None else slot + float(quotas) * int(instance.persons[household])


def _explain(instance: Instance, homes: Ints, prices: _SlotPrices, household: str) -> Explanation:
    h = instance.position_of_household(household)
    if h < 0:
        raise InstanceProblem(f"Il nucleo «{household}» non è nell'istanza.")
    arcs = np.flatnonzero(instance.arc_household == h)
    arcs = arcs[np.argsort(-instance.weight[arcs], kind="stable")]
    view = _View(instance, homes, prices, h)
    options = tuple(view.alternative(int(arc)) for arc in arcs)
    home = int(homes[h])
    weight = sum(option.weight for option in options if option.standing == "assigned")
    inside: Counter[str] = Counter()
    for option in options:
        if home < 0 and option.standing not in _CLOSED:
            inside.update(option.occupants)
    return Explanation(
        household, str(instance.dwellings[home]) if home >= 0 else None, weight, options, dict(inside)
    )


@dataclass(frozen=True, eq=False)
class _View:
    """The dwellings as one household sees them."""

    instance: Instance
    homes: Ints
    prices: _SlotPrices
    household: int

    def alternative(self, arc: int) -> Alternative:
        instance = self.instance
        d = int(instance.arc_dwelling[arc])
        occupants = self._occupants(d)
        price = self.prices.of(instance, self.household, d)
        return Alternative(
            dwelling=str(instance.dwellings[d]),
            mode=MODES[instance.mode[d]],
            weight=int(instance.weight[arc]),
            standing=self._standing(arc, d, price),
            price=price,
            needs_income_eur=int(instance.needs_income[arc]),
            occupants=occupants,
        )

    def _occupants(self, d: int) -> dict[str, int]:
        groups = self.instance.group[(self.homes == d) & (np.arange(len(self.homes)) != self.household)]
        return {
            GROUPS[group]: int(count) for group, count in enumerate(np.bincount(groups, minlength=3)) if count
        }

    def _standing(self, arc: int, d: int, price: float | None) -> Standing:
        instance, h = self.instance, self.household
        if self.homes[h] == d:
            return "assigned"
        if not np.isin(arc, instance.usable):
            return self._closed_by(arc, d)
        inside = instance.persons[(self.homes == d)].sum()
        full = inside >= instance.beds[d] or (instance.mode[d] == WHOLE and inside > 0)
        if price is None:
            return "other use"
        if price > 0:
            return "dearer"
        return "taken" if full else "free"

    def _closed_by(self, arc: int, d: int) -> Standing:
        instance, h = self.instance, self.household
        if instance.needs_income[arc] > 0:
            return "needs income"
        if h in instance.pinned.household:
            return "pinned elsewhere"
        group, mode = int(instance.group[h]), int(instance.mode[d])
        sound = mode in {WHOLE, OPEN, group + 1} and instance.persons[h] <= instance.beds[d]
        return "forbidden" if sound else "unfit"


def _lived_in(occupants: dict[str, int]) -> str:
    return f"; ci vanno {kinds(occupants)}" if occupants else ""
