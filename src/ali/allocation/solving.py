"""The bridge to the engine: facts become columns, rules become masks, the answer comes back with what to tell each household.

Beds of one shared home that free themselves on different days go to the engine as different places (`sharing.parts_of`):
nobody is counted in a bed that is not free by their day.

numpy and the engine are imported when a round runs: they stay out of the web processes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Self

from ali.allocation.eligibility import HARD_RULES, Parameters, free_day, most_stopping, rule_book, weight
from ali.allocation.facts import GROUPS, MODES, FreeBed, HomeFacts, HouseholdFacts
from ali.allocation.queries import Candidate, Home
from ali.allocation.sharing import Part, beds_for, live_together, parts_of
from ali.allocation.shortlists import fit

if TYPE_CHECKING:
    import numpy as np

    from ali.matching.plan import Progress
    from ali.matching.result import Result
    from ali.matching.solidity import Shake

STAYING = 60  # points a person, in the trials that measure how solid a proposal is


@dataclass(frozen=True)
class Told:
    """What a household is told: the reasons of its home and from when, or the rules that stopped homes and what would help."""

    value: int = 0
    solidity: int | None = None
    bed: FreeBed | None = None
    reasons: list[dict[str, Any]] = field(default_factory=list)
    stopped: list[dict[str, Any]] = field(default_factory=list)
    would_help: dict[str, Any] = field(default_factory=dict)
    band: str = ""


@dataclass(frozen=True)
class Answer:
    """Household -> dwelling (ids), what to tell each, the certificate and the frozen instance."""

    homes: dict[int, int]
    told: dict[int, Told]
    certificate: dict[str, Any]
    instance: dict[str, Any]


def _column(
    rows: Sequence[HouseholdFacts] | Sequence[HomeFacts], name: str
) -> "np.ndarray[Any, np.dtype[np.int64]]":
    import numpy as np  # slow library, not for web processes

    return np.array([getattr(row, name) for row in rows], dtype=np.int64)


def _as_columns(people: Sequence[Candidate], homes: Sequence[HomeFacts]) -> tuple[HouseholdFacts, HomeFacts]:
    households = [one.facts for one in people]
    return (
        HouseholdFacts(
            **{one.name: _column(households, one.name)[:, None] for one in fields(HouseholdFacts)}
        ),
        HomeFacts(**{one.name: _column(homes, one.name)[None, :] for one in fields(HomeFacts)}),
    )


@dataclass(frozen=True)
class Question:
    """What one round asks: the pairs that pass every hard rule and what each is worth.

    `passes` and `lawful` have a column for each home; `usable` and `values` one for each part of a home.
    """

    people: Sequence[Candidate]
    homes: Sequence[Home]
    parts: Sequence[Part]
    passes: Mapping[str, Any]  # Any: numpy masks, households by homes
    lawful: Any
    usable: Any
    values: Any
    parameters: Parameters
    weights: Mapping[str, int]

    @classmethod
    def ask(
        cls,
        people: Sequence[Candidate],
        homes: Sequence[Home],
        parameters: Parameters,
        weights: Mapping[str, int],
    ) -> Self:
        """Apply every rule and every reason to all pairs at once."""
        import numpy as np  # slow library, not for web processes

        passes = _masks(people, [home.facts for home in homes], parameters)
        parts = [part for column, home in enumerate(homes) for part in parts_of(column, home)]
        households, dwellings = _as_columns(people, [part.facts for part in parts])
        values = weight(households, dwellings, weights, parameters)
        return cls(
            people,
            homes,
            parts,
            passes,
            np.logical_and.reduce(list(passes.values())),
            np.logical_and.reduce(list(_masks(people, [part.facts for part in parts], parameters).values())),
            np.broadcast_to(values, (len(people), len(parts))),
            parameters,
            weights,
        )

    def row_of(self, household: int) -> int:
        return next(row for row, one in enumerate(self.people) if one.known.pk == household)

    def column_of(self, dwelling: int) -> int:
        return next(column for column, home in enumerate(self.homes) if home.known.pk == dwelling)

    def parts_of_home(self, column: int) -> list[int]:
        """Return the positions of a home's parts, the first free first."""
        return [position for position, part in enumerate(self.parts) if part.home == column]

    def home_of(self, position: int) -> Home:
        """Return the home that a part belongs to."""
        return self.homes[self.parts[position].home]


def _masks(
    people: Sequence[Candidate], homes: Sequence[HomeFacts], parameters: Parameters
) -> dict[str, Any]:  # Any: numpy masks
    import numpy as np  # slow library, not for web processes

    households, dwellings = _as_columns(people, homes)
    shape = (len(people), len(homes))
    return {
        rule.code: np.broadcast_to(rule.passes(households, dwellings, parameters), shape)
        for rule in HARD_RULES
    }


@dataclass(frozen=True)
class Wish:
    """An officer's pin or exclusion."""

    household: int
    dwelling: int
    is_pin: bool


@dataclass(frozen=True)
class Run:
    """How to solve: the model, the seed, and the round to stay close to."""

    model: str
    seed: int
    province: str
    previous: Mapping[int, int] = field(default_factory=dict)
    keep_bonus: int = 0


def solve_allocation(
    question: Question, run: Run, wishes: Sequence[Wish] = (), progress: "Progress | None" = None
) -> Answer:
    """Return the engine's allocation under the hard rules, with its certificate and what to tell each household.

    A pin on a home that a rule forbids is left out: a rule is stronger; so is one that an earlier pin leaves no room for.
    The instance carries no income: each arc is already lawful.
    """
    kept = [wish for wish in wishes if not wish.is_pin] + _pins_that_fit(question, wishes)
    instance = _instance(question, run.province, kept)
    if _is_anything_usable(question, kept):
        placed, certificate, shares = _engine(question, instance, run, progress)
    else:
        placed, certificate, shares = (
            {},
            {"model": run.model, "objective": 0, "bound": 0, "gap": 0.0, "seed": run.seed},
            {},
        )
    homes = {household: question.home_of(position).known.pk for household, position in placed.items()}
    if run.previous and "kept" in certificate:
        certificate = {**certificate, **_compared(question, run.previous, homes)}
    told = {one.known.pk: _tell(question, row, placed, homes) for row, one in enumerate(question.people)}
    for household, share in shares.items():
        told[household] = replace(told[household], solidity=share)
    return Answer(homes, told, certificate, instance)


def _compared(question: Question, before: Mapping[int, int], homes: Mapping[int, int]) -> dict[str, int]:
    """Count who keeps the home of the round before: the home, whichever bed of it."""
    had = {one.known.pk: before[one.known.pk] for one in question.people if one.known.pk in before}
    kept = sum(homes.get(household) == home for household, home in had.items())
    return {
        "kept": kept,
        "moved": len(had) - kept,
        "newly_housed": sum(household not in had for household in homes),
    }


def _is_lawful(question: Question, wish: Wish) -> bool:
    return bool(question.lawful[question.row_of(wish.household), question.column_of(wish.dwelling)])


def _pins_that_fit(question: Question, wishes: Sequence[Wish]) -> list[Wish]:
    """Return the lawful pins that can hold together, the earlier first: one home for a household, beds for all in a home."""
    kept: list[Wish] = []
    for wish in wishes:
        if not wish.is_pin or not _is_lawful(question, wish):
            continue
        if any(wish.household == other.household for other in kept):
            continue
        there = [*(one.household for one in kept if one.dwelling == wish.dwelling), wish.household]
        home = question.homes[question.column_of(wish.dwelling)]
        if live_together(
            home, [question.people[question.row_of(one)].facts for one in there], question.parameters
        ):
            kept.append(wish)
    return kept


def _pinned_parts(question: Question, wishes: Sequence[Wish]) -> dict[int, int]:
    """Return for each pinned household the part of the home: the last that suits it, so that others have the first."""
    found: dict[int, int] = {}
    for dwelling in {wish.dwelling for wish in wishes if wish.is_pin}:
        column = question.column_of(dwelling)
        positions = question.parts_of_home(column)
        there = [wish.household for wish in wishes if wish.is_pin and wish.dwelling == dwelling]
        if len(positions) == 1:
            found |= dict.fromkeys(there, positions[0])
            continue
        facts = [question.people[question.row_of(one)].facts for one in there]
        beds = beds_for(question.homes[column], facts, question.parameters)
        days = {question.parts[position].facts.free_from: position for position in positions}
        found |= {one: days[bed.day] for one, bed in zip(there, beds or [], strict=True)}
    return found


def _is_anything_usable(question: Question, wishes: Sequence[Wish]) -> bool:
    """Say whether a lawful pair is left once the officers' exclusions are taken away."""
    left = question.usable.copy()
    for wish in wishes:
        if not wish.is_pin:
            left[
                question.row_of(wish.household), question.parts_of_home(question.column_of(wish.dwelling))
            ] = False
    return bool(left.any())


def _instance(question: Question, province: str, wishes: Sequence[Wish]) -> dict[str, dict[str, list[Any]]]:
    """Return the tables of the engine's exchange format as plain columns."""
    people, parts = question.people, question.parts
    names = [one.known.public_id for one in people]
    places = [part.name for part in parts]
    rows, columns = question.usable.nonzero()
    tables: dict[str, dict[str, list[Any]]] = {
        "households": {
            "household": names,
            "persons": [int(one.facts.persons) for one in people],
            "group": [GROUPS[int(one.facts.group)] for one in people],
            "income_eur": [0] * len(people),
            "territory": [province] * len(people),
            "waiting_days": [int(one.facts.waiting_days) for one in people],
            "priority": [0] * len(people),
        },
        "dwellings": {
            "dwelling": places,
            "mode": [MODES[int(part.facts.mode)] for part in parts],
            "beds": [part.persons for part in parts],
            "rent_eur": [int(part.facts.rent) // 100 for part in parts],
            "territory": [province] * len(parts),
            "municipality": [question.homes[part.home].municipality for part in parts],
        },
        "arcs": {
            "household": [names[row] for row in rows.tolist()],
            "dwelling": [places[column] for column in columns.tolist()],
            "weight": question.values[rows, columns].tolist(),
            "needs_income_eur": [0] * len(rows),
        },
    }
    if wishes:
        asked = _asked(question, wishes)
        tables["pins"] = {
            "household": [names[row] for row, _position, _kind in asked],
            "dwelling": [places[position] for _row, position, _kind in asked],
            "kind": [kind for _row, _position, kind in asked],
        }
    return tables


def _asked(question: Question, wishes: Sequence[Wish]) -> list[tuple[int, int, str]]:
    """Return the officers' wishes as rows, parts and kinds: an excluded home is so in each of its parts."""
    pinned = _pinned_parts(question, wishes)
    asked: list[tuple[int, int, str]] = []
    for wish in wishes:
        row = question.row_of(wish.household)
        if wish.is_pin:
            asked.append((row, pinned[wish.household], "pin"))
        else:
            parts = question.parts_of_home(question.column_of(wish.dwelling))
            asked += [(row, position, "forbid") for position in parts]
    return asked


def _parts_before(question: Question, previous: Mapping[int, int]) -> dict[str, str | None]:
    """Return the part where each household was: of the home, the one that suits it best now."""
    positions: dict[int, list[int]] = {}
    for position in range(len(question.parts)):
        positions.setdefault(question.home_of(position).known.pk, []).append(position)
    before: dict[str, str | None] = {}
    for row, one in enumerate(question.people):
        there = positions.get(previous.get(one.known.pk, -1), [])
        ranked = [(bool(question.usable[row, at]), int(question.values[row, at]), -at) for at in there]
        before[one.known.public_id] = question.parts[-max(ranked)[2]].name if ranked else None
    return before


def _engine(
    question: Question, tables: dict[str, Any], run: Run, progress: "Progress | None"
) -> tuple[dict[int, int], dict[str, Any], dict[int, int]]:
    """Return the part in which each household is placed, the certificate, and how solid each place is."""
    from ali.matching import Instance, solve  # noqa: PLC0415  # compiled kernels, not for web processes

    result = solve(
        Instance.from_columns(tables),
        model=run.model,
        seed=run.seed,
        previous=_parts_before(question, run.previous) if run.previous else None,
        keep_bonus=run.keep_bonus,
        progress=progress,
    )
    household_id = {one.known.public_id: one.known.pk for one in question.people}
    position_of = {part.name: position for position, part in enumerate(question.parts)}
    found = {
        household_id[name]: position_of[place] for name, place in result.homes().items() if place is not None
    }
    return found, result.certificate, _solidity(question, result, run, progress)


def _shakes() -> "list[Shake]":
    """Return what may not be as it is written: the exit by days, a free day by weeks, incomes and rents by a tenth."""
    from ali.matching.solidity import Shake  # noqa: PLC0415  # compiled kernels, not for web processes

    return [
        Shake("household", ("leaves_on",), days=15),
        Shake("household", ("income",), percent=10),
        Shake("home", ("free_from", "all_free_from"), days=30),
        Shake("home", ("rent",), percent=10),
    ]


def _solidity(question: Question, result: "Result", run: Run, progress: "Progress | None") -> dict[int, int]:
    """Return for each household with a place the share of the trials in which it keeps the home, whichever bed of it.

    Nobody is moved for little: in each trial staying is worth what it is worth in a round that follows another.
    """
    from ali.matching.solidity import solidity  # noqa: PLC0415  # compiled kernels, not for web processes

    people = [one.facts for one in question.people]
    parts = [part.facts for part in question.parts]
    shares = solidity(
        result,
        rule_book(question.parameters, question.weights),
        {one.name: _column(people, one.name) for one in fields(HouseholdFacts)},
        {one.name: _column(parts, one.name) for one in fields(HomeFacts)},
        _shakes(),
        keep_bonus=STAYING,
        seed=run.seed,
        same=[part.home for part in question.parts],
        progress=(lambda share: progress("solidity", share)) if progress else None,
    )
    return {
        one.known.pk: int(share)
        for one, share in zip(question.people, shares.tolist(), strict=True)
        if share >= 0
    }


def _tell(question: Question, row: int, placed: Mapping[int, int], answer: Mapping[int, int]) -> Told:
    """Return the reasons of the home found; or which rules stopped homes and the smallest change that would help."""
    one = question.people[row]
    position = placed.get(one.known.pk)
    if position is not None:
        part = question.parts[position]
        pair = fit(
            one, replace(question.home_of(position), facts=part.facts), question.parameters, question.weights
        )
        bed = FreeBed(int(free_day(one.facts, part.facts)), part.is_sure)
        return Told(value=int(question.values[row, position]), bed=bed, reasons=pair.reasons, band=pair.band)
    counted = {code: int((~mask[row]).sum()) for code, mask in question.passes.items()}
    stopped: list[dict[str, Any]] = [{"code": code, "homes": homes} for code, homes in most_stopping(counted)]
    open_columns = question.lawful[row].nonzero()[0].tolist()
    would_help = _taken_by(question, open_columns, answer) if open_columns else _one_change(question, row)
    return Told(stopped=stopped, would_help=would_help)


def _taken_by(question: Question, columns: Sequence[int], answer: Mapping[int, int]) -> dict[str, Any]:
    """Return how many homes were open to them and which kinds of household took them: a group and a count, nobody's data."""
    open_homes = {question.homes[column].known.pk for column in columns}
    takers = [
        GROUPS[int(one.facts.group)] for one in question.people if answer.get(one.known.pk) in open_homes
    ]
    return {
        "open_homes": len(open_homes),
        "taken_by": {group: takers.count(group) for group in GROUPS if group in takers},
    }


def _one_change(question: Question, row: int) -> dict[str, Any]:
    """Return the single rule without which most homes would fit; the fewest rules in the way when no single one is enough."""
    import numpy as np  # slow library, not for web processes

    if not question.homes:
        return {"none_free": True}
    codes = list(question.passes)
    fails = np.vstack([~question.passes[code][row] for code in codes])
    failing = fails.sum(axis=0)
    alone = {code: int((fails[position] & (failing == 1)).sum()) for position, code in enumerate(codes)}
    best = max(codes, key=lambda code: (alone[code], code))
    if alone[best]:
        return {"rule": best, "homes": alone[best]}
    nearest = int(failing.argmin())
    return {"rules": [code for position, code in enumerate(codes) if fails[position, nearest]], "homes": 1}
