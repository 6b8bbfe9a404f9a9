"""Two rounds side by side: who has a home only in one of them, who has another home, who keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ali.allocation.models import Round, RoundEntry
from ali.housing.models import Dwelling


@dataclass(frozen=True)
class Change:
    """A household to whom the two rounds say different things."""

    household_id: int
    persons: int
    before: Dwelling | None
    after: Dwelling | None


@dataclass(frozen=True)
class Comparison:
    """What `after` changes of `before`. `kept`: households with the same home in both.

    `gone` and `new` count the households that only one of the two speaks of: the facts have moved, not the criteria.
    """

    added: list[Change]
    removed: list[Change]
    moved: list[Change]
    kept: int
    gone: int
    new: int

    @property
    def changes(self) -> list[Change]:
        return [*self.added, *self.removed, *self.moved]


def compare_rounds(before: Round, after: Round) -> Comparison:
    """Return what the round `after` changes of `before`. Two queries."""
    earlier, later = _entries(before), _entries(after)
    both = [_change(earlier[one], later[one]) for one in earlier if one in later]
    return Comparison(
        added=[one for one in both if one.after and not one.before],
        removed=[one for one in both if one.before and not one.after],
        moved=[one for one in both if one.before and one.after and one.before != one.after],
        kept=sum(one.before is not None and one.before == one.after for one in both),
        gone=len(earlier.keys() - later.keys()),
        new=len(later.keys() - earlier.keys()),
    )


def _entries(round_: Round) -> Mapping[int, RoundEntry]:
    """The engine's own answer: what people changed afterwards is no effect of the criteria."""
    entries = round_.entries.select_related(
        "dwelling__building__municipality", "suggested__building__municipality"
    )
    return {entry.household_id: entry for entry in entries.order_by("-persons", "pk")}


def _change(before: RoundEntry, after: RoundEntry) -> Change:
    return Change(
        after.household_id,
        after.persons,
        before.suggested or before.dwelling,
        after.suggested or after.dwelling,
    )
