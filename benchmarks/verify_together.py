#!/usr/bin/env python3
"""The verifier, extended to adults who ask to live together (docs/adr/0013-living-together-is-one-request.md).

    python verify_together.py INSTANCE RESULT

A household of group man or woman may have several persons: adults of one sex who ask for one home, all or none. In a
men's or women's dwelling, and in an open one used that way, such a request takes as many beds as it has persons; in the
model `whole` it takes one slot, as a family does. Everything else is verify_matching.py, imported as it is; what it
accepts on instances without such requests is what this one accepts. Knows nothing of any engine.

Bounds with requests of several beds:
  shared  the best lawful use of a men's or women's home is a knapsack over its beds, solved exactly
  joint   a request pays persons x price of one bed-use
"""

import sys
from contextlib import contextmanager

import numpy as np
import verify_matching as vm

read_as_given, bound_of_joint = vm.read, vm.bound_joint


@contextmanager
def adults_counted_as_one():
    """Hide the persons of requests from the check of the old format, that an adult is alone."""

    def read(folder, name, columns, needed=True):
        table = read_as_given(folder, name, columns, needed)
        if name == "households":
            adult = np.asarray(vm.pc.not_equal(table["group"], "family"), bool)
            table = table | {"persons": np.where(adult & (table["persons"] > 0), 1, table["persons"])}
        return table

    vm.read = read
    try:
        yield
    finally:
        vm.read = read_as_given


class Instance(vm.Instance):
    """An instance whose men and women may be several."""

    def __init__(self, folder, model):
        table = read_as_given(folder, "households", vm.INSTANCE["households"])
        self.asked = table["persons"]
        with adults_counted_as_one():
            super().__init__(folder, model)

    def index(self, model):
        """Put the true number of persons back before anything is counted."""
        self.persons = self.asked
        super().index(model)


def beds_taken(ins, h, d):
    """Beds that a household takes of a dwelling with a price per bed: several for a request, else one."""
    several = (ins.group[h] != vm.FAMILY) & (ins.mode[d] != vm.WHOLE)
    return np.where(several, ins.persons[h], 1)


def bound_shared(ins, h, d, value, u):
    """As in verify_matching, with the best use of the beds of one group found by dynamic programming."""
    left = value - u[h]
    keep = left > 0
    h, d, left = h[keep], d[keep], left[keep]
    beds = beds_taken(ins, h, d)
    use = np.where(ins.mode[d] == vm.WHOLE, vm.FAMILY, ins.group[h])
    best = np.zeros((len(ins.D), 3), np.int64)
    order = np.lexsort((-left, use, d))
    cls = (d * 3 + use)[order]
    first = np.flatnonzero(np.r_[True, cls[1:] != cls[:-1]][: len(cls)])
    for start, end in zip(first, np.r_[first[1:], len(cls)][: len(first)], strict=True):
        rows = order[start:end]
        one = int(cls[start]) % 3 == vm.FAMILY
        best.flat[int(cls[start])] = (
            left[rows[0]] if one else pack(left[rows], beds[rows], int(ins.beds[d[rows[0]]]))
        )
    return vm.sum_exact(u) + vm.sum_exact(best.max(1))


def pack(value, beds, room):
    """The most that requests, each worth `value` and taking `beds`, are worth in a home with `room` beds."""
    alone = np.sort(value[beds == 1])[::-1][:room]
    best = np.zeros(room + 1, np.int64)
    best[1 : len(alone) + 1] = np.cumsum(alone)
    best[len(alone) + 1 :] = best[len(alone)]
    for worth, size in zip(value[beds > 1].tolist(), beds[beds > 1].tolist(), strict=True):
        if size <= room:
            best[size:] = np.maximum(best[size:], best[: room + 1 - size] + worth)
    return int(best[room])


def bound_joint(ins, h, d, value, needs, p, per_use, q, scale):
    """As in verify_matching, where a household pays one bed-use: a request pays the others here."""
    price = (
        np.where(per_use[d, ins.group[h]] >= 0, per_use[d, ins.group[h]], p[d])
        if per_use is not None
        else p[d]
    )
    return bound_of_joint(ins, h, d, value - (beds_taken(ins, h, d) - 1) * price, needs, p, per_use, q, scale)


def main(argv):
    """Run the verifier with these three in place of its own."""
    own = vm.Instance, vm.bound_shared, vm.bound_joint
    vm.Instance, vm.bound_shared, vm.bound_joint = Instance, bound_shared, bound_joint
    try:
        return vm.main(argv)
    finally:
        vm.Instance, vm.bound_shared, vm.bound_joint = own


if __name__ == "__main__":
    sys.exit(main(sys.argv))
