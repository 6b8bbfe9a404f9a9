"""Where one more home would house most people: a guide for who looks for new homes.

A kind of home (place, way of use, beds) is tried as one more home like one that is there, on the solved state. Prices
say beforehand what it could bring at most, so only the promising kinds are tried.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ali.matching.instance import MODES
from ali.matching.subgradient import node_values
from ali.matching.whatif import AddHome, Study
from ali.matching.wording import counted

TRIED_FOR_EACH = 6  # kinds tried for each one told
NEW = "un alloggio in più"
_MODES = {
    "whole": "casa intera",
    "men": "casa per uomini",
    "women": "casa per donne",
    "open": "casa aperta a ogni uso",
}


@dataclass(frozen=True)
class NewHome:
    """A kind of home and what one more would do."""

    place: str
    mode: str
    beds: int
    like: str
    persons: int  # more with a home
    households: int
    gained: int
    moved: int

    def as_dict(self) -> dict[str, Any]:  # Any: what JSON can hold
        """The same as plain values."""
        return asdict(self)

    def line(self) -> str:
        """The kind as a person reads it."""
        where = f" a {self.place}" if self.place else ""
        beds = counted(self.beds, "posto", "posti")
        return f"{_MODES[self.mode]} da {beds}{where} (come {self.like}): {self.persons:+d} persone, {counted(self.households, 'nucleo', 'nuclei')} in più, valore {self.gained:+d}"


def new_homes(study: Study, most: int = 20) -> list[NewHome]:
    """The kinds of home of which one more would house most people, the best first."""
    tried = [_try(study, home, place) for home, place in _promising(study, most * TRIED_FOR_EACH)]
    tried.sort(key=lambda one: (-one.persons, -one.gained, one.like))
    return [one for one in tried if one.gained > 0][:most]


def _promising(study: Study, most: int) -> list[tuple[int, str]]:
    """One home of each kind, those that could bring most first."""
    warm, instance = study.warm, study.result.instance
    table = instance.sources["dwellings"].table
    column = next((name for name in ("municipality", "territory") if name in table.column_names), None)
    places = [str(text) for text in table[column].to_pylist()] if column else [""] * len(instance.mode)
    values = node_values(warm.pad.net, warm.state.gain.astype(np.float64), warm.pad.slots, 0)
    best: dict[tuple[str, int, int], tuple[float, int]] = {}
    for home, place in enumerate(places):
        worth = max(values[node] for node in warm.nodes_of(home))
        kind = (place, int(instance.mode[home]), int(instance.beds[home]))
        if kind not in best or worth > best[kind][0]:
            best[kind] = (float(worth), home)
    order = sorted(best.items(), key=lambda item: (-item[1][0], item[1][1]))
    return [(home, kind[0]) for kind, (_, home) in order[:most]]


def _try(study: Study, home: int, place: str) -> NewHome:
    mode, beds = MODES[int(study.warm.mode[home])], int(study.warm.beds[home])
    like = study.homes[home]
    outcome = study.what_if(AddHome(NEW, mode, beds, like=like))
    more = (
        outcome.after.persons - outcome.before.persons,
        outcome.after.households - outcome.before.households,
    )
    return NewHome(place, mode, beds, like, *more, outcome.gained, len(outcome.moves))
