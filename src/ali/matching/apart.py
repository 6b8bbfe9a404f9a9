"""The model `whole` over several workers, each with the households of its territories: only prices travel.

An auction by rounds. Every worker keeps its households, their arcs and weights to itself; at the prices of a round, whoever
is out offers for its best place what makes it as good as its second best, and an increment. The market sees numbers of
places, offers and numbers of households, keeps the best offers, and says the new prices. A round depends on nothing but
prices, so the objective and the bound are the same however territories are spread. The bound is exact; the plan is within
one increment per household of it.

Workers are local processes, or this one; anything with `ask` (Celery, Dask, Ray, a call to another prefecture) will do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import process_time
from typing import Any, Protocol, Self

import numpy as np

from ali.matching import checks
from ali.matching.compiled import kernel
from ali.matching.errors import InstanceProblem
from ali.matching.instance import Instance
from ali.matching.layout import lay_out, starts_of
from ali.matching.result import Prices, Result
from ali.matching.tables import Ints

INCREMENTS = 1_000  # in the mean weight
FREE = -1


@dataclass(frozen=True, eq=False)
class Territory:
    """What one worker knows: its households, by their numbers, and their arcs."""

    household: Ints
    start: Ints
    node: Ints
    weight: Ints

    def offers(self, out: Ints, price: Ints, increment: int) -> tuple[Ints, Ints, Ints]:
        """Node, offer and household of each of its households in `out` that still gains somewhere."""
        rows = np.flatnonzero(np.isin(self.household, out))
        return _offers(self.household, self.start, self.node, self.weight, rows, price, increment)

    def gains(self, price: Ints) -> int:
        """What its households gain at these prices: its part of the bound."""
        left = np.append(self.weight - price[self.node], 0)
        best = np.where(np.diff(self.start) > 0, np.maximum.reduceat(left, self.start)[:-1], 0)
        return int(np.maximum(best, 0).sum())

    def worth(self, homes: Ints) -> int:
        """What the homes given are worth to its households: its part of the objective."""
        row = np.repeat(np.arange(len(self.household)), np.diff(self.start))
        return int(self.weight[homes[self.household[row]] == self.node].sum())


class Workers(Protocol):
    """Who holds the territories."""

    def ask(self, question: str, *words: object) -> list[Any]:  # Any: what the question gives
        """The answer of every territory to a method of `Territory`, in any order."""


class Here:
    """All territories in this process."""

    def __init__(self, territories: Sequence[Territory]) -> None:
        self.territories = territories

    def ask(self, question: str, *words: object) -> list[Any]:  # Any: what the question gives
        """Ask one after the other."""
        return [getattr(territory, question)(*words) for territory in self.territories]


class Processes:
    """One local process for each territory; leave with `with`."""

    def __init__(self, territories: Sequence[Territory]) -> None:
        context = get_context("spawn")
        pairs = [context.Pipe() for _ in territories]
        self.ends = [here for here, _ in pairs]
        self.running = [
            context.Process(target=_serve, args=(there, territory), daemon=True)
            for (_, there), territory in zip(pairs, territories, strict=True)
        ]
        for process in self.running:
            process.start()
        for _, there in pairs:
            there.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in self.ends:
            end.close()
        for process in self.running:
            process.join()

    def ask(self, question: str, *words: object) -> list[Any]:  # Any: what the question gives
        """Ask all at once."""
        for end in self.ends:
            end.send((question, words))
        return [end.recv() for end in self.ends]


def _serve(end: Connection, territory: Territory) -> None:
    while True:
        try:
            question, words = end.recv()
        except EOFError:
            return
        end.send(getattr(territory, question)(*words))


def solve_apart(instance: Instance, *, workers: int = 1, seed: int = 0) -> Result:
    """A plan for `whole` made by so many workers, with the prices that prove its bound."""
    if len(instance.quotas) or len(instance.pinned.household):
        raise InstanceProblem("Fra più calcolatori si risolve solo senza quote e senza obblighi.")
    start = process_time()
    layout = lay_out(instance, "whole")
    checks.something_usable(instance.sources["arcs"], instance, layout.arc)
    increment = max(1, int(layout.weight.mean()) // INCREMENTS)
    parts = split(instance, workers)
    if workers > 1:
        with Processes(parts) as asked:
            homes, price, gains, objective = _market(asked, layout.slots, len(instance.persons), increment)
    else:
        homes, price, gains, objective = _market(Here(parts), layout.slots, len(instance.persons), increment)
    slots = np.where(instance.mode == 0, 1, instance.beds)
    bound = int(slots @ price) + gains
    kept = np.flatnonzero(price)
    certificate = {
        "model": "whole",
        "objective": objective,
        "bound": bound,
        "gap": (bound - objective) / bound if bound else 0.0,
        "price_scale": 1,
        "seed": seed,
        "budget": "apart",
        "input_sha256": instance.sha256,
        "rules": instance.rules,
        "housed_households": int((homes >= 0).sum()),
        "housed_persons": int(instance.persons[homes >= 0].sum()),
        "cpu_seconds": round(process_time() - start, 6),
        "startup_seconds": 0.0,
    }
    return Result(instance, homes, Prices(1, None, None, kept, price[kept]), certificate)


def split(instance: Instance, workers: int) -> list[Territory]:
    """The households of each territory with one worker or another, territory by territory in turn."""
    layout = lay_out(instance, "whole")
    mine = instance.territory % workers
    parts = []
    for worker in range(workers):
        household = np.flatnonzero(mine == worker)
        arcs = mine[layout.household] == worker
        counts = np.bincount(layout.household[arcs], minlength=len(mine))[household]
        parts.append(Territory(household, starts_of(counts), layout.node[arcs], layout.weight[arcs]))
    return parts


def _market(workers: Workers, slots: Ints, households: int, increment: int) -> tuple[Ints, Ints, int, int]:
    """Rounds until nobody offers: the homes, the prices, the gains and the objective that workers report."""
    start = starts_of(slots)
    paid, holder = np.zeros(int(slots.sum()), np.int64), np.full(int(slots.sum()), FREE, np.int64)
    price = np.zeros(len(slots), np.int64)
    out = np.arange(households)
    while len(out):
        answers = workers.ask("offers", out, price, increment)
        node, offer, household = (np.concatenate(part) for part in zip(*answers, strict=True))
        order = np.lexsort((household, -offer, node))
        out = _keep_best(start, paid, holder, price, node[order], offer[order], household[order])
    homes = np.full(households, FREE, np.int64)
    held = holder >= 0
    homes[holder[held]] = np.repeat(np.arange(len(slots)), slots)[held]
    return homes, price, sum(workers.ask("gains", price)), sum(workers.ask("worth", homes))


@kernel
def _offers(
    household: Ints, start: Ints, node: Ints, weight: Ints, rows: Ints, price: Ints, increment: int
) -> tuple[Ints, Ints, Ints]:
    nodes, offers, who = np.empty_like(rows), np.empty_like(rows), np.empty_like(rows)
    size = 0
    for row in rows:
        first, second, best = 0, 0, -1
        for a in range(start[row], start[row + 1]):
            gain = weight[a] - price[node[a]]
            if gain > first:
                first, second, best = gain, first, a
            elif gain > second:
                second = gain
        if best >= 0:
            nodes[size] = node[best]
            offers[size] = min(weight[best], price[node[best]] + first - second + increment)
            who[size] = household[row]
            size += 1
    return nodes[:size], offers[:size], who[:size]


@kernel
def _keep_best(
    start: Ints, paid: Ints, holder: Ints, price: Ints, node: Ints, offer: Ints, household: Ints
) -> Ints:
    """Give slots to the best offers, node by node; returns who is out."""
    out = np.empty(2 * len(node), np.int64)
    size = 0
    for i in range(len(node)):
        n = node[i]
        cheapest = start[n]
        for slot in range(start[n], start[n + 1]):
            if holder[slot] < 0:
                cheapest = slot
                break
            if paid[slot] < paid[cheapest]:
                cheapest = slot
        if holder[cheapest] >= 0 and offer[i] <= paid[cheapest]:
            out[size] = household[i]
            size += 1
            continue
        if holder[cheapest] >= 0:
            out[size] = holder[cheapest]
            size += 1
        holder[cheapest], paid[cheapest] = household[i], offer[i]
        lowest = offer[i]
        for slot in range(start[n], start[n + 1]):
            lowest = min(lowest, paid[slot] if holder[slot] >= 0 else 0)
        price[n] = lowest
    return np.sort(out[:size])
