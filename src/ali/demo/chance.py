"""Seeded chance: one independent stream per purpose, so that changing one part leaves the others as they were."""

from bisect import bisect
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


def stream(seed: int, purpose: str) -> Random:
    return Random(f"{purpose}:{seed}")


class Wheel(Generic[T]):
    """A wheel of fortune whose slices are as wide as their weights."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.values = [value for value, weight in weights.items() if weight > 0]
        self.bounds = list(accumulate(weight for weight in weights.values() if weight > 0))

    def spin(self, chance: Random) -> T:
        return self.values[min(bisect(self.bounds, chance.random() * self.bounds[-1]), len(self.values) - 1)]


def days_before(chance: Random, day: date, fewest: int, most: int) -> date:
    return day - timedelta(days=chance.randint(fewest, most))


def days_after(chance: Random, day: date, fewest: int, most: int) -> date:
    return day + timedelta(days=chance.randint(fewest, most))


def euros(chance: Random, low: int, high: int, step: int = 10) -> int:
    """An amount in cents between two amounts in euros, in whole steps."""
    return 100 * step * chance.randint(low // step, high // step)


class Serials:
    """Numbers that look scattered and never repeat: a walk through 10**digits by a step with no common factor."""

    STEP = 7_368_787

    def __init__(self, chance: Random, digits: int) -> None:
        self.digits = digits
        self.size = 10**digits
        self.next = chance.randrange(self.size)

    def draw(self) -> str:
        self.next = (self.next + self.STEP) % self.size
        return f"{self.next:0{self.digits}d}"
