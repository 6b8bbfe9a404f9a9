"""The bridge to the engine: facts become columns, rules become masks, the answer comes back with what to tell each household.

numpy and the engine are imported when a round runs: they stay out of the web processes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

from ali.allocation.eligibility import HARD_RULES, Ops, Parameters, most_stopping, weight
from ali.allocation.facts import FAMILY, GROUPS, MODES, WHOLE, HomeFacts, HouseholdFacts
from ali.allocation.queries import Candidate, Home
from ali.allocation.shortlists import fit

if TYPE_CHECKING:
    import numpy as np

    from ali.matching.plan import Progress


@dataclass(frozen=True)
class Told:
    """What a household is told: the reasons of its home, or the rules that stopped homes and what would help."""

    value: int = 0
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


class ColumnOps(Ops):
    """Clipping for numpy columns."""

    @staticmethod
    def clip(value: Any, low: int, high: int) -> Any:  # Any: a numpy column
        import numpy as np  # slow library, not for web processes

        return np.clip(value, low, high)


def _column(
    rows: Sequence[HouseholdFacts] | Sequence[HomeFacts], name: str
) -> "np.ndarray[Any, np.dtype[np.int64]]":
    import numpy as np  # slow library, not for web processes

    return np.array([getattr(row, name) for row in rows], dtype=np.int64)


def _as_columns(people: Sequence[Candidate], homes: Sequence[Home]) -> tuple[HouseholdFacts, HomeFacts]:
    households = [one.facts for one in people]
    dwellings = [home.facts for home in homes]
    return (
        HouseholdFacts(
            **{one.name: _column(households, one.name)[:, None] for one in fields(HouseholdFacts)}
        ),
        HomeFacts(**{one.name: _column(dwellings, one.name)[None, :] for one in fields(HomeFacts)}),
    )


@dataclass(frozen=True)
class Question:
    """What one round asks: the pairs that pass every hard rule and what each is worth."""

    people: Sequence[Candidate]
    homes: Sequence[Home]
    passes: Mapping[str, Any]  # Any: numpy masks, households by homes
    lawful: Any
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

        households, dwellings = _as_columns(people, homes)
        shape = (len(people), len(homes))
        passes = {
            rule.code: np.broadcast_to(rule.passes(households, dwellings, parameters), shape)
            for rule in HARD_RULES
        }
        values = np.broadcast_to(weight(households, dwellings, weights, parameters, ColumnOps()), shape)
        return cls(
            people, homes, passes, np.logical_and.reduce(list(passes.values())), values, parameters, weights
        )

    def row_of(self, household: int) -> int:
        return next(row for row, one in enumerate(self.people) if one.known.pk == household)

    def column_of(self, dwelling: int) -> int:
        return next(column for column, home in enumerate(self.homes) if home.known.pk == dwelling)


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

    A pin on a home that a rule forbids is left out: a rule is stronger; so is one that an earlier pin leaves no room for. The instance carries no income: each arc is
    already lawful.
    """
    kept = [wish for wish in wishes if not wish.is_pin] + _pins_that_fit(question, wishes)
    instance = _instance(question, run.province, kept)
    if _is_anything_usable(question, kept):
        homes, certificate = _engine(question, instance, run, progress)
    else:
        homes, certificate = (
            {},
            {"model": run.model, "objective": 0, "bound": 0, "gap": 0.0, "seed": run.seed},
        )
    told = {one.known.pk: _tell(question, row, homes) for row, one in enumerate(question.people)}
    return Answer(homes, told, certificate, instance)


def _is_lawful(question: Question, wish: Wish) -> bool:
    return bool(question.lawful[question.row_of(wish.household), question.column_of(wish.dwelling)])


def _pins_that_fit(question: Question, wishes: Sequence[Wish]) -> list[Wish]:
    """Return the lawful pins that can hold together, the earlier first: one home for a household, room for all in a home."""
    kept: list[Wish] = []
    for wish in wishes:
        if not wish.is_pin or not _is_lawful(question, wish):
            continue
        if any(wish.household == other.household for other in kept):
            continue
        home = question.homes[question.column_of(wish.dwelling)].facts
        there = [*(one.household for one in kept if one.dwelling == wish.dwelling), wish.household]
        groups = {int(question.people[question.row_of(one)].facts.group) for one in there}
        alone = home.mode == WHOLE or FAMILY in groups
        if len(there) == 1 or (not alone and len(groups) == 1 and len(there) <= _persons_it_takes(home)):
            kept.append(wish)
    return kept


def _is_anything_usable(question: Question, wishes: Sequence[Wish]) -> bool:
    """Say whether a lawful pair is left once the officers' exclusions are taken away."""
    left = question.lawful.copy()
    for wish in wishes:
        if not wish.is_pin:
            left[question.row_of(wish.household), question.column_of(wish.dwelling)] = False
    return bool(left.any())


def _instance(question: Question, province: str, wishes: Sequence[Wish]) -> dict[str, dict[str, list[Any]]]:
    """Return the tables of the engine's exchange format as plain columns."""
    people, homes = question.people, question.homes
    names = [one.known.public_id for one in people]
    places = [home.known.public_id for home in homes]
    rows, columns = question.lawful.nonzero()
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
            "mode": [MODES[int(home.facts.mode)] for home in homes],
            "beds": [_persons_it_takes(home.facts) for home in homes],
            "rent_eur": [int(home.facts.rent) // 100 for home in homes],
            "territory": [province] * len(homes),
            "municipality": [home.municipality for home in homes],
        },
        "arcs": {
            "household": [names[row] for row in rows.tolist()],
            "dwelling": [places[column] for column in columns.tolist()],
            "weight": question.values[rows, columns].tolist(),
            "needs_income_eur": [0] * len(rows),
        },
    }
    if wishes:
        household, dwelling = _names(people), _names(homes)
        tables["pins"] = {
            "household": [household[wish.household] for wish in wishes],
            "dwelling": [dwelling[wish.dwelling] for wish in wishes],
            "kind": ["pin" if wish.is_pin else "forbid" for wish in wishes],
        }
    return tables


def _persons_it_takes(home: HomeFacts) -> int:
    """Return the free beds, fewer where a rule or an act blocks: together, too, nobody goes above the limit."""
    return max(1, min(int(home.beds), int(home.max_people_left)))


def _names(rows: Sequence[Candidate] | Sequence[Home]) -> dict[int, str]:
    return {row.known.pk: row.known.public_id for row in rows}


def _engine(
    question: Question, tables: dict[str, Any], run: Run, progress: "Progress | None"
) -> tuple[dict[int, int], dict[str, Any]]:
    from ali.matching import Instance, solve  # noqa: PLC0415  # compiled kernels, not for web processes

    household, dwelling = _names(question.people), _names(question.homes)
    before = (
        {name: dwelling.get(run.previous.get(pk, -1)) for pk, name in household.items()}
        if run.previous
        else None
    )
    result = solve(
        Instance.from_columns(tables),
        model=run.model,
        seed=run.seed,
        previous=before,
        keep_bonus=run.keep_bonus,
        progress=progress,
    )
    household_id = {name: pk for pk, name in household.items()}
    dwelling_id = {name: pk for pk, name in dwelling.items()}
    found = {
        household_id[name]: dwelling_id[home] for name, home in result.homes().items() if home is not None
    }
    return found, result.certificate


def _tell(question: Question, row: int, answer: Mapping[int, int]) -> Told:
    """Return the reasons of the home found; or which rules stopped homes and the smallest change that would help."""
    one = question.people[row]
    home = answer.get(one.known.pk)
    if home is not None:
        column = question.column_of(home)
        pair = fit(one, question.homes[column], question.parameters, question.weights)
        return Told(value=int(question.values[row, column]), reasons=pair.reasons, band=pair.band)
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
