"""The proof of `joint`: prices of beds, use by use, and of posts, lowered by a deflected subgradient.

At these prices every household takes its best package and every dwelling earns by its best use; nothing whatever is worth
more. What too many ask for becomes dearer, what is left over cheaper, and the prices of posts guide the next plan.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ali.matching.layout import USES
from ali.matching.market import Market
from ali.matching.packages import best_packages
from ali.matching.plan import Plan
from ali.matching.subgradient import Reals
from ali.matching.tables import Ints

PATIENCE = 15  # rounds without a lower bound before the steps shrink
MEMORY = 0.9  # how much of the last direction stays in the next
LEAST_STEP = 0.005
Look = Callable[[Reals], tuple[float, Reals]]  # prices -> bound, and what would lower it


def lowest(look: Look, start: Reals, target: float, rounds: int, step: float) -> tuple[float, Reals]:
    """The lowest bound found in so many rounds, with its prices; stops within 1 of the target."""
    prices, best, best_prices = start.copy(), np.inf, start.copy()
    direction = np.zeros(len(start))
    since = 0
    for _ in range(rounds):
        bound, pull = look(prices)
        if bound < best - 1e-9:
            best, best_prices, since = bound, prices.copy(), 0
        else:
            since += 1
            if since >= PATIENCE:
                step, since = step * 0.7, 0
                if step < LEAST_STEP:
                    break
                prices = best_prices.copy()
        if best - target < 1.0:
            break
        pull[(prices <= 0) & (pull > 0)] = 0
        direction = pull + MEMORY * direction
        length = float((direction * direction).sum())
        if length == 0:
            break
        prices = np.maximum(0, prices - step * (bound - target) / length * direction)
    return best, best_prices


@dataclass(frozen=True, eq=False)
class ByBed:
    """Prices of slots, node by node, then of posts."""

    market: Market

    @cached_property
    def last(self) -> Ints:
        """The arc of the best package of each household, when last looked at."""
        return np.full(len(self.market.layout.instance.persons), -1, np.int64)

    def start(self, homes: Plan, posts: Ints) -> Reals:
        """Prices from the duals of a plan; a use that is closed earns what the use in force does."""
        first, price = self.market.layout.first_use, homes.price.astype(np.float64)
        earn = np.where(homes.is_open, self.market.slots * price, 0)[first:].reshape(-1, USES).max(1)
        shared = np.repeat(earn, USES) / self.market.slots[first:]
        price[first:] = np.where(homes.is_open[first:], price[first:], shared)
        return np.concatenate([price, posts.astype(np.float64)])

    def look(self, prices: Reals) -> tuple[float, Reals]:
        """The bound, and slots and posts minus how many are asked for."""
        market, nodes = self.market, len(self.market.slots)
        price, posts = prices[:nodes], prices[nodes:]
        value = market.jobs.weight - posts[market.jobs.arc_opening]
        demand, asked = np.zeros(nodes), np.zeros(len(posts))
        layout = market.layout
        total = best_packages(
            market.packages, market.scratch, layout.node, layout.size, market.weight, price, value, demand, asked,
            self.last,
        )  # fmt: skip
        earned, supply = self.supply(price)
        pull = np.concatenate([supply - demand, market.jobs.posts - asked])
        return float(total + earned + posts @ market.jobs.posts), pull

    def supply(self, price: Reals) -> tuple[float, Reals]:
        """What the dwellings earn, and the slots they give: those of the use that earns most."""
        earn = self.market.slots * price
        supply = self.market.slots.astype(np.float64)
        uses = earn[self.market.layout.first_use :].reshape(-1, USES)
        best = np.zeros(uses.shape)
        best[np.arange(len(uses)), uses.argmax(1)] = 1
        supply[self.market.layout.first_use :] *= best.ravel()
        return float(earn[: self.market.layout.first_use].sum() + uses.max(1).sum()), supply

    def exact(self, price: Ints, posts: Ints, scale: int) -> int:
        """The bound at scaled integer prices, as the verifier computes it, before it is divided by the scale."""
        market, layout = self.market, self.market.layout
        value = market.jobs.weight * scale - posts[market.jobs.arc_opening]
        demand, asked = np.zeros(len(price)), np.zeros(len(posts))
        total = best_packages(
            market.packages, market.scratch, layout.node, layout.size, market.weight * scale, price, value, demand,
            asked, self.last,
        )  # fmt: skip
        earn = market.slots * price
        uses = earn[layout.first_use :].reshape(-1, USES)
        return int(total) + int(
            earn[: layout.first_use].sum() + uses.max(1).sum() + posts @ market.jobs.posts
        )
