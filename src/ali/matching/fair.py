"""Choices of fairness, made as weights: classes in strict order, a floor for the worst-served territory, few moves.

Each choice gives another instance, whose weights say what the choice asks; the certificate then speaks of that
instance, which the result holds, and of the original weights apart. Every search stops after counted solutions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ali.matching.engine import previous_homes, solve
from ali.matching.errors import InstanceProblem
from ali.matching.instance import Instance
from ali.matching.plan import Progress, silent
from ali.matching.result import Result
from ali.matching.tables import Ints

MOST_FACTOR = 2**24  # between the first class and the last
FACTOR_STEP = 4
BISECTIONS, ROUNDS = 6, 10  # of the floor, and of its bonuses at each floor
MOST_LOST = 0.0005  # of the objective, for as few moves as can be
BONUS_STEPS = 9
Report = dict[str, Any]  # Any: what JSON can hold


@dataclass(frozen=True)
class How:
    """What every solution on the way has in common."""

    model: str
    seed: int = 0
    budget: str = "normal"
    progress: Progress = silent

    def solve(self, instance: Instance, budget: str | None = None) -> Result:
        """One solution."""
        return solve(
            instance, model=self.model, seed=self.seed, budget=budget or self.budget, progress=self.progress
        )


def solve_fairly(
    instance: Instance,
    *,
    model: str,
    seed: int = 0,
    budget: str = "normal",
    by_class: bool = False,
    floor: float | Literal["max"] | None = None,
    previous: Mapping[str, str | None] | Ints | None = None,
    keep_bonus: int | Literal["auto"] = 0,
    progress: Progress | None = None,
) -> Result:
    """The best allocation that respects these choices, in this order; each adds its part to the certificate."""
    how = How(model, seed, budget, progress or silent)
    now, report = instance, Report()
    if by_class:
        now, report["classes"] = in_classes(now, how)
    if floor is not None:
        now, report["floor"] = with_floor(now, how, floor)
    if keep_bonus == "auto":
        before = previous_homes(instance, previous)
        if before is None:
            raise InstanceProblem("Il premio «auto» per chi resta richiede il risultato da cui si parte.")
        keep_bonus, report["keep"] = fewest_moves(now, how, before)
    result = solve(
        now,
        model=model,
        seed=seed,
        budget=budget,
        previous=previous,
        keep_bonus=keep_bonus,
        progress=progress,
    )
    if now is not instance:
        report["objective_as_given"] = worth(instance, result)
    return replace(
        result, certificate=result.certificate | report, changed=result.changed or now is not instance
    )


def worth(instance: Instance, result: Result) -> int:
    """What a result is worth in the weights of this instance."""
    return int(values_by_household(instance, result).sum())


def values_by_household(instance: Instance, result: Result) -> Ints:
    """Home and jobs of each household, in the weights of this instance."""
    out = np.zeros(len(instance.persons), np.int64)
    used = result.assignment[instance.arc_household] == instance.arc_dwelling
    out[instance.arc_household[used]] = instance.weight[used]
    if result.job_of is not None:
        jobs = result.job_of[result.job_of >= 0]
        np.add.at(out, instance.jobs.arc_household[jobs], instance.jobs.weight[jobs])
    return out


def in_classes(instance: Instance, how: How) -> tuple[Instance, list[Report]]:
    """Weights such that no gain of a class is bought with a loss of a higher one (0 is the highest).

    Class by class the most it can have, the higher ones having theirs, is found first; then the factors of the higher
    classes grow until they keep it.
    """
    priority = instance.sources["households"].integers("priority", default=0)
    classes = np.unique(priority)
    factor = np.ones(len(priority), np.int64)
    best: dict[int, int] = {}
    for one in classes.tolist():
        values = _grown(instance, how, factor, priority, best, one)
        best[one] = values[one]
    final = instance.with_weights(instance.weight * factor[instance.arc_household], factor)
    rows = [
        {"priority": one, "value": best[one], "factor": int(factor[priority == one].max())} for one in best
    ]
    return (final if len(best) > 1 else instance), rows


def _grown(
    instance: Instance, how: How, factor: Ints, priority: Ints, best: Mapping[int, int], last: int
) -> dict[int, int]:
    """Raise the factors of the classes above `last` until each keeps its best; gives the value of each class."""
    pinned = np.zeros(len(priority), bool)
    pinned[instance.pinned.household] = True
    kept = ((priority <= last) | pinned)[instance.arc_household]
    usable = instance.usable_with_jobs if how.model == "joint" else instance.usable
    if not kept[usable].any():
        return dict.fromkeys([*best, last], 0)
    while True:
        part = instance.with_weights(instance.weight * factor[instance.arc_household], factor).with_arcs(kept)
        by_household = values_by_household(instance, how.solve(part))
        values = {one: int(by_household[priority == one].sum()) for one in [*best, last]}
        broken = any(values[one] < best[one] for one in best)
        if not broken or factor.max() >= MOST_FACTOR:
            return values
        factor[priority < last] *= FACTOR_STEP


def with_floor(instance: Instance, how: How, floor: float | Literal["max"]) -> tuple[Instance, Report]:
    """Weights under which every territory has this share of its persons housed, or the highest share there is.

    Only households that may enter some home count. A territory under the floor gets a bonus per person, by steps that
    double while it stays under and halve when it overshoots; the highest floor is found by bisection.
    """
    search = _Floor(instance, how)
    plain = search.look(np.zeros(search.territories, np.int64))
    low, high = float(plain.shares.min(initial=1.0)), 1.0
    if floor != "max":
        found = search.reach(float(floor), plain)
        if found is None:
            text = "almeno in un territorio nessuna assegnazione trovata ci arriva"
            raise InstanceProblem(f"La soglia del {100 * float(floor):g}% non si raggiunge: {text}.")
    else:
        found = plain
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            higher = search.reach(middle, found)
            found, low, high = (higher, float(higher.shares.min()), high) if higher else (found, low, middle)
            if high <= low:
                break
    report = {
        "reached": round(float(found.shares.min(initial=1.0)), 6),
        "before": round(float(plain.shares.min(initial=1.0)), 6),
        "price": plain.value - found.value,
        "bonus_per_person": found.bonus.tolist(),
    }
    bonus = found.bonus[instance.territory] * instance.persons
    return instance.with_weights(instance.weight + bonus[instance.arc_household]), report


@dataclass(frozen=True, eq=False)
class _Served:
    """What some bonuses lead to."""

    bonus: Ints
    shares: np.ndarray[tuple[int], np.dtype[np.float64]]
    value: int


class _Floor:
    def __init__(self, instance: Instance, how: How) -> None:
        self.instance, self.how = instance, how
        self.of = instance.territory
        self.territories = int(self.of.max(initial=0)) + 1
        usable = instance.usable_with_jobs if how.model == "joint" else instance.usable
        asking = np.zeros(len(instance.persons), bool)
        asking[instance.arc_household[usable]] = True
        self.asked = np.bincount(self.of, instance.persons * asking, minlength=self.territories)
        per_person = instance.weight // instance.persons[instance.arc_household]
        self.step = max(1, int(per_person.mean()) // 8)
        self.most = 4 * max(1, int(per_person.max(initial=1)))

    def look(self, bonus: Ints) -> _Served:
        """Solve with these bonuses."""
        instance = self.instance
        extra = (bonus[self.of] * instance.persons)[instance.arc_household]
        result = self.how.solve(
            instance.with_weights(instance.weight + extra) if bonus.any() else instance, "small"
        )
        housed = np.bincount(self.of, instance.persons * (result.assignment >= 0), minlength=self.territories)
        shares = np.where(self.asked > 0, housed / np.maximum(self.asked, 1), 1.0)
        return _Served(bonus, shares, worth(instance, result))

    def reach(self, floor: float, start: _Served) -> _Served | None:
        """The most valuable of the solutions found that keep the floor."""
        now, best = start, None
        step = np.full(self.territories, self.step, np.int64)
        side = np.zeros(self.territories, np.int64)
        for _ in range(ROUNDS):
            under = now.shares < floor
            if not under.any() and (best is None or now.value > best.value):
                best = now
            turn = np.where(under, 1, np.where(now.bonus > 0, -1, 0))
            step = np.where(turn * side < 0, np.maximum(1, step // 2), np.where(turn == side, step * 2, step))
            side = np.where(turn != 0, turn, side)
            bonus: Ints = np.clip(now.bonus + turn * step, 0, self.most).astype(np.int64)
            if (bonus == now.bonus).all() or (best is not None and (step <= 1).all()):
                break
            now = self.look(bonus)
        return best


def fewest_moves(instance: Instance, how: How, before: Ints) -> tuple[int, Report]:
    """The bonus for staying that moves fewest while the objective loses at most 0.05%.

    Each bound with a bonus also proves how few moves any such plan can have: `fewest_proven`.
    """
    plain = how.solve(instance)
    least = plain.objective - int(MOST_LOST * plain.objective)
    high = int(instance.weight.max(initial=1)) * 2
    chosen, moved, value, low = 0, _moved(before, plain), plain.objective, 0
    housed, proven = int((before >= 0).sum()), 0
    for _ in range(BONUS_STEPS):
        middle = max(1, (low + high) // 2 if low else high // 16)
        result = solve(
            instance, model=how.model, seed=how.seed, budget=how.budget, previous=before, keep_bonus=middle
        )
        proven = max(proven, housed - (result.bound - least) // middle)
        if worth(instance, result) < least:
            high = middle
        else:
            low = middle
            if _moved(before, result) <= moved:
                chosen, moved, value = middle, _moved(before, result), worth(instance, result)
        if high - low <= 1:
            break
    report = {
        "bonus": chosen,
        "moved": moved,
        "moved_without": _moved(before, plain),
        "fewest_proven": proven,
        "lost": plain.objective - value,
    }
    return chosen, report


def _moved(before: Ints, result: Result) -> int:
    return int(((before >= 0) & (before != result.assignment)).sum())
