"""What if: a change tried on a solved round. Nothing is written; the answer holds public ids and counts, never names."""

import gzip
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from ali.allocation.models import Round
from ali.allocation.solving import STAYING
from ali.allocation.states import Outcome

if TYPE_CHECKING:
    from ali.matching.whatif import Change
    from ali.matching.whatif import Outcome as Tried

MOST_MOVES = 40


class Asked(TypedDict):
    """What to try: one of `ChangeKind`, on a home and a household (public ids, empty when the kind needs none)."""

    kind: str
    dwelling: str
    household: str


def try_change(round_: Round, asked: Asked) -> dict[str, Any]:  # Any: what JSON can hold
    """Return what the change would do to the round's proposals. Staying is worth what it is worth in a re-run."""
    from ali.matching import Instance, InstanceProblem, solve  # noqa: PLC0415  # not for web processes
    from ali.matching.whatif import Study  # noqa: PLC0415

    tables = json.loads(gzip.decompress(bytes(round_.instance or b"")))
    part_of = _parts(tables)
    try:
        result = solve(
            Instance.from_columns(tables),
            model=round_.model,
            seed=round_.seed,
            previous=_homes_now(round_, part_of, tables),
            keep_bonus=STAYING,
        )
        tried = Study.of(result).what_if(*_changes(asked, part_of, tables))
    except InstanceProblem as problem:
        return {"refused": str(problem)}
    return _told(tried)


def _parts(tables: Mapping[str, Any]) -> dict[str, list[str]]:  # Any: columns of the exchange format
    """Return the names under which the engine knows each home: one, or one for each day on which beds are free."""
    found: dict[str, list[str]] = {}
    for name in tables["dwellings"]["dwelling"]:
        found.setdefault(name.partition("/")[0], []).append(name)
    return found


def _homes_now(
    round_: Round, part_of: Mapping[str, list[str]], tables: Mapping[str, Any]
) -> dict[str, str | None]:
    """Return the place that each household has in the round, by the names of the engine."""
    arcs = set(zip(tables["arcs"]["household"], tables["arcs"]["dwelling"], strict=True))
    entries = round_.entries.filter(outcome=Outcome.PROPOSED).select_related(
        "household", "dwelling", "suggested"
    )
    now: dict[str, str | None] = {}
    for entry in entries.order_by("pk"):
        home = entry.suggested or entry.dwelling
        household = str(entry.household.public_id)
        parts = part_of.get(str(home.public_id), []) if home else []
        now[household] = next((part for part in parts if (household, part) in arcs), None)
    return now


def _changes(asked: Asked, part_of: Mapping[str, list[str]], tables: Mapping[str, Any]) -> "list[Change]":
    from ali.matching.whatif import AddHome, Refuse, RemoveHome, RemoveHousehold  # noqa: PLC0415  # not for web

    parts = part_of.get(asked["dwelling"], [asked["dwelling"]])
    if asked["kind"] == "home_gone":
        return [RemoveHome(part) for part in parts]
    if asked["kind"] == "home_more":
        at = tables["dwellings"]["dwelling"].index(parts[0])
        mode, beds = (tables["dwellings"][column][at] for column in ("mode", "beds"))
        return [AddHome(NEW_HOME, mode, beds, like=parts[0])]
    if asked["kind"] == "household_gone":
        return [RemoveHousehold(asked["household"])]
    return [Refuse(asked["household"], part) for part in parts]


NEW_HOME = "new"


def _told(tried: "Tried") -> dict[str, Any]:  # Any: what JSON can hold
    moves = [
        {"household": move.household, "before": _home(move.before), "after": _home(move.after)}
        for move in tried.moves
        if _home(move.before) != _home(move.after)
    ]
    return {
        "households": tried.after.households - tried.before.households,
        "persons": tried.after.persons - tried.before.persons,
        "gap": tried.after.gap,
        "moved": len(moves),
        "moves": moves[:MOST_MOVES],
    }


def _home(part: str | None) -> str:
    return (part or "").partition("/")[0]
