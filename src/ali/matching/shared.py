"""The model `shared`: which use each open dwelling gets, on top of an exact transport.

Once every open dwelling has its use the rest is a transport problem, kept optimal while a use changes. Its duals say
at once how much a change of use could bring at most (`excess`), so almost all changes are refused without a try, and the
largest excess of each dwelling, summed, bounds what is still to be won.
"""

import numpy as np

from ali.matching.checks import Flags
from ali.matching.layout import USES, Layout, empty_state, net_of, reweighed
from ali.matching.plan import Effort, Plan, Progress, free_households, silent, with_pins
from ali.matching.subgradient import Reals, lower_bound_prices, node_values
from ali.matching.tables import Ints
from ali.matching.together import Requests
from ali.matching.transport import State, close, open_node, put_back, saved_copy, value
from ali.matching.whole import bring_in, release_pins

Saved = tuple[State, Ints, Ints, Ints]
Choice = tuple[int, int]  # open dwelling, use
ROUNDING = 1e-3  # far above what sums of reals can lose
FAR_STEP, NEAR_STEP = 1.0, 0.3  # first moves of the bound, from the transport and from prices already good
SEARCH_STARTS, SEARCH_SHARE = 0.2, 0.7  # of the whole run, for who watches it
MOST_OPTIONS = 30  # changes of use that are tried two by two


class UseSearch:
    """A solution that changes the use of one open dwelling at a time."""

    def __init__(self, layout: Layout, weight: Ints, progress: Progress = silent) -> None:
        self.progress = progress
        self.first = layout.first_use
        self.full = net_of(layout, np.where(layout.is_pinned, 0, weight))
        several = len(self.full.col_size) > 0
        self.net = reweighed(self.full, np.where(layout.in_game, weight, 0)) if several else self.full
        self.slots = layout.capacity
        self.fixed = layout.pinned_use
        self.use = layout.pinned_use.copy()
        capacity = layout.capacity.copy()
        rest = np.repeat(self.use, USES) != np.tile(np.arange(USES), layout.opens)
        capacity[self.first :][rest] = 0
        self.state = empty_state(layout, capacity)
        self.failed = np.zeros((layout.opens, USES), np.int64)  # what a change promised when it failed
        self.begun, self.most_work = 0, 2**62
        bring_in(self.net, self.state, free_households(layout))
        self.requests = Requests(layout, self.full, self.net, self.state)

    def value(self) -> int:
        """Sum of the weights in use, pinned households apart."""
        return int(value(self.net, self.state)) + self.requests.value()

    def gains(self) -> Reals:
        """The gains of the households, as prices to start from."""
        return self.requests.gains().astype(np.float64)

    def arc_of(self) -> Ints:
        """The arc each household uses, -1 for none."""
        placed = self.requests.placed
        return np.where(placed >= 0, placed, self.state.arc_of)

    def cheaper_prices(self, start: Reals, rounds: int, step: float) -> Reals:
        """Household prices with a lower bound than those to start from, if the rounds find some."""
        target = float(self.value())
        return lower_bound_prices(self.full, self.slots, self.first, start, target, rounds, step)

    def worths(self) -> Ints:
        """What each use of each open dwelling is worth at the present gains of the households."""
        values = node_values(self.full, self.gains(), self.slots, self.first)
        return values.astype(np.int64).reshape(-1, USES)

    def excess(self) -> Ints:
        """The most that each other use can add; no change of use brings more."""
        self.state.work[0] += self.net.col_start[-1] - self.net.col_start[self.first]
        worths = self.worths()
        rows = np.arange(len(self.use))
        now = np.where(self.use >= 0, worths[rows, self.use], 0)
        out = worths - now[:, None]
        out[self.fixed >= 0] = -1
        return out

    def change(self, dwelling: int, use: int) -> None:
        """Give an open dwelling another use; everybody rearranges."""
        out = []
        if self.use[dwelling] >= 0:
            old = self._node(dwelling, int(self.use[dwelling]))
            out = self.requests.leave(old)
            close(self.net, self.state, old)
        node = self._node(dwelling, use)
        open_node(self.net, self.state, node, int(self.slots[node]))
        self.use[dwelling] = use
        self.requests.come_to(node)
        for household in out:
            self.requests.look_around(household)

    def open_all(self) -> None:
        """A first use for every open dwelling, the most valuable dwellings first."""
        worths = self.worths()
        for dwelling in np.argsort(-worths.max(1), kind="stable"):
            if self.use[dwelling] < 0:
                self.change(int(dwelling), int(self._worth_of(int(dwelling)).argmax()))

    def save(self) -> Saved:
        """What `restore` needs to come back here."""
        return saved_copy(self.state), self.use.copy(), self.failed.copy(), self.requests.placed.copy()

    def restore(self, saved: Saved) -> None:
        """Come back to where `save` was called."""
        put_back(self.state, saved[0])
        self.state.work[0] += len(self.state.gain) + len(self.state.price)
        self.use[:], self.failed[:], self.requests.placed[:] = saved[1:]

    def may_look_at(self, arcs: int) -> None:
        """Set the budget: how many more arcs may be looked at."""
        self.begun = int(self.state.work[0])
        self.most_work = self.begun + arcs

    def may_go_on(self) -> bool:
        """Whether the budget allows one more try; whoever watches hears of it, and may stop the run."""
        done = int(self.state.work[0]) - self.begun
        left = self.most_work - self.begun
        self.progress("shared", SEARCH_STARTS + SEARCH_SHARE * min(1.0, done / left))
        return done < left

    def _node(self, dwelling: int, use: int) -> int:
        return self.first + USES * dwelling + use

    def _worth_of(self, dwelling: int) -> Ints:
        a = self._node(dwelling, 0)
        slots = self.slots[: a + USES]
        return node_values(self.full, self.gains(), slots, a).astype(np.int64)


def candidates(excess: Ints) -> list[Choice]:
    """Changes of use that may bring something, the most promising first."""
    flat = excess.ravel()
    order = np.argsort(-flat, kind="stable")
    return [(int(e) // USES, int(e) % USES) for e in order[: int((flat > 0).sum())]]


def climb(search: UseSearch, locked: tuple[int, ...] = ()) -> None:
    """Change one use at a time while that is worth more.

    A change that has failed is tried again only when it promises more than it did then.
    """
    now = search.value()
    better = True
    while better:
        better = search.requests.settle()
        now = search.value()
        saved = search.save()
        excess = search.excess()
        for dwelling, use in candidates(np.where(excess > search.failed, excess, -1)):
            if dwelling in locked:
                continue
            if not search.may_go_on():
                return
            search.change(dwelling, use)
            if search.value() > now:
                now, better = search.value(), True
                search.failed[dwelling] = 0
                break
            search.restore(saved)
            search.failed[dwelling, use] = saved[2][dwelling, use] = excess[dwelling, use]


def climb_by_chains(search: UseSearch, outlook: "Outlook") -> None:
    """Force one change, let the others follow, keep the whole when it is worth more."""
    better = True
    while better:
        better = False
        promising = outlook.worth_a_try(search.value())
        for choice in candidates(np.where(promising, search.excess(), -1)):
            if not search.may_go_on():
                return
            if follow(search, choice):
                better = True
                break


def climb_by_pairs(search: UseSearch, outlook: "Outlook") -> None:
    """Force two changes at once, the least regretted first."""
    better = True
    while better:
        better = False
        for pair in outlook.pairs(search.value(), search.use):
            if not search.may_go_on():
                return
            if follow(search, *pair):
                better = True
                break


def follow(search: UseSearch, *choices: Choice) -> bool:
    """Make the changes, let the others adapt; whether that was worth more, else all is as before."""
    now, saved = search.value(), search.save()
    for dwelling, use in choices:
        search.change(dwelling, use)
    climb(search, locked=tuple(dwelling for dwelling, _ in choices))
    if search.value() > now:
        return True
    search.restore(saved)
    return False


class Outlook:
    """What household prices say about the uses: how much the bound loses when a dwelling gets each of them."""

    def __init__(self, search: UseSearch, u: Reals) -> None:
        values = node_values(search.full, u, search.slots, 0)
        worths = values[search.first :].reshape(-1, USES)
        self.bound = float(u.sum() + values[: search.first].sum() + worths.max(1).sum())
        self.regret = worths.max(1)[:, None] - worths
        self.regret[search.fixed >= 0] = np.inf

    def worth_a_try(self, value: int) -> Flags:
        """The uses that a plan worth more than this may have."""
        flags: Flags = self.bound - self.regret >= value + 1
        return flags

    def favourite(self) -> Ints:
        """The use each dwelling would have at these prices."""
        favourite: Ints = self.regret.argmin(1).astype(np.int64)
        return favourite

    def pairs(self, value: int, use: Ints) -> list[tuple[Choice, Choice]]:
        """Two changes that a plan worth more than this may hold together, the least regretted first."""
        may = self.worth_a_try(value)
        may[np.arange(len(use)), use] = False
        options = [(int(d), int(g)) for d, g in np.argwhere(may)]
        options.sort(key=lambda option: (self.regret[option], option))
        options = options[:MOST_OPTIONS]
        room = self.bound - value - 1
        found = [
            (self.regret[one] + self.regret[other], one, other)
            for i, one in enumerate(options)
            for other in options[:i]
            if one[0] != other[0] and self.regret[one] + self.regret[other] <= room
        ]
        return [(one, other) for _, one, other in sorted(found)]


def solve_shared(layout: Layout, weight: Ints, effort: Effort, progress: Progress) -> Plan:
    """The best uses found within the effort, with the exact transport under them."""
    progress("shared", 0.0)
    search = UseSearch(layout, weight, progress)
    search.open_all()
    search.requests.settle()
    progress("shared", SEARCH_STARTS)
    search.may_look_at(max(effort.least_work, effort.work * len(weight)))
    climb(search)
    u = search.gains()
    if effort.rounds and (search.excess().max(initial=0) > 0 or len(search.requests.households)):
        u = _improve(search, u, effort.rounds)
    proven = int(Outlook(search, u).bound + ROUNDING) + int(weight[layout.is_pinned].sum())
    arc_of = with_pins(layout, search.arc_of())
    release_pins(layout, net_of(layout, np.where(layout.size == 1, weight, 0)), search.state)
    is_open = (search.state.capacity > 0) | (
        np.bincount(layout.node[arc_of[arc_of >= 0]], minlength=len(layout.slots)) > 0
    )
    return Plan(arc_of, search.requests.gains(), search.state.price, is_open, proven, u)


def _improve(search: UseSearch, u: Reals, rounds: int) -> Reals:
    """Let prices say which uses deserve a try, try them, and give the prices that prove most in the end."""
    before = search.value()
    u = search.cheaper_prices(u, rounds, FAR_STEP)
    outlook = Outlook(search, u)
    try_favourites(search, outlook)
    climb_by_chains(search, outlook)
    climb_by_pairs(search, outlook)
    search.progress("bound", SEARCH_STARTS + SEARCH_SHARE)
    later = [search.cheaper_prices(u, rounds, NEAR_STEP)]
    if search.value() > before:  # a better plan has better duals to start from
        later.append(search.cheaper_prices(search.gains(), rounds, FAR_STEP))
    return min(later, key=lambda prices: Outlook(search, prices).bound)


def try_favourites(search: UseSearch, outlook: Outlook) -> None:
    """Start again from the uses that the prices prefer."""
    favourite = outlook.favourite()
    changed = np.flatnonzero((favourite != search.use) & (search.fixed < 0))
    now, saved = search.value(), search.save()
    search.failed[:] = 0
    for dwelling in changed.tolist():
        search.change(dwelling, int(favourite[dwelling]))
    climb(search)
    if search.value() <= now:
        search.restore(saved)
