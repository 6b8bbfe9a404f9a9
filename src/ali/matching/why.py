"""Why not that home, which rules bind, and the smallest single change that would house a household.

Every «would» is tried on the solved state, so it holds for the whole allocation and not for one pair alone. Other
households appear as a group and a count, never as themselves.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ali.matching.errors import InstanceProblem
from ali.matching.instance import FAMILY, GROUPS, MODES, OPEN, WHOLE, fits
from ali.matching.result import Result
from ali.matching.ruled import Ruled
from ali.matching.tables import Ints
from ali.matching.whatif import AddHousehold, ChangeHome, Outcome, Pin, RemoveHousehold, Study
from ali.matching.wording import counted, kinds

MOST_TRIES = 40  # changes tried for one household
MOST_HOMES = 3  # of each rule


@dataclass(frozen=True)
class PairAnswer:
    """Why a household has not a home: the first rule that stops it, or what it would cost the others."""

    household: str
    dwelling: str
    reason: str  # «assigned», the code of a rule, «dearer», «free», «other use», «pinned elsewhere», «full of pins»
    rule: str = ""  # its sentence
    source: str = ""
    missing: int | None = None
    unit: str = ""
    weight: int = 0
    price: int | None = None
    matters_to: dict[str, int] | None = (
        None  # group -> households that hold or await a place there at this price
    )
    cost: int | None = None  # what forcing the pair takes from the total
    moved: int | None = None  # households that would change home

    def as_dict(self) -> dict[str, Any]:  # Any: what JSON can hold
        """The same as plain values."""
        return asdict(self)

    def sentences(self) -> list[str]:
        """The answer as a person reads it."""
        pair = f"{self.household} - {self.dwelling}"
        if self.reason == "assigned":
            return [f"{pair}: è la casa proposta."]
        if self.rule:
            lack = f" (mancano {self.missing} {self.unit})".replace(" )", ")") if self.missing else ""
            source = f" Fonte: {self.source}." if self.source else ""
            return [f"{pair}: la regola che la esclude per prima è «{self.rule}»{lack}.{source}"]
        words = {
            "dearer": f"è aperta, ma un posto vale {self.price} per chi altro lo chiede",
            "free": "è aperta e ha posto, ma vale meno della casa proposta",
            "other use": "oggi è usata in un altro modo",
            "pinned elsewhere": "il nucleo è stato fissato in un'altra casa",
            "full of pins": "i posti sono tutti di nuclei fissati da chi ha deciso",
        }
        said = [f"{pair}: {words[self.reason]}{_matters(self.matters_to)}."]
        if self.cost is not None and self.moved is not None:
            said.append(
                f"Darla a questo nucleo toglierebbe {self.cost} al valore complessivo e farebbe cambiare casa a {counted(self.moved, 'nucleo', 'nuclei')}."
            )
        return said


def _matters(groups: dict[str, int] | None) -> str:
    return f" (importa a {kinds(groups)})" if groups else ""


@dataclass(frozen=True)
class Relaxation:
    """One change that would house a household, and what it would bring."""

    rule: str
    sentence: str
    dwelling: str
    missing: int
    unit: str
    steps: float  # how many small steps of its rule
    gained: int
    moved: int

    def line(self) -> str:
        """The change as a person reads it."""
        lack = f"{self.missing} {self.unit}".strip()
        return f"{self.sentence}: {lack} per {self.dwelling} (valore complessivo {self.gained:+d}, {counted(self.moved, 'nucleo cambia', 'nuclei cambiano')} casa)"


@dataclass(frozen=True)
class Binding:
    """A rule or a ceiling that costs, with what it keeps out."""

    code: str
    sentence: str
    pairs: int  # removed by it
    alone: int  # removed by it and by no other
    households: int  # without a home, to whom it alone closes at least one
    price: float = 0.0  # per person, for a ceiling

    def line(self) -> str:
        """The rule as a person reads it."""
        if self.price:
            return (
                f"{self.sentence}: ogni persona ammessa in più varrebbe fino a {self.price:g} ({self.code})"
            )
        return f"{self.sentence}: chiude {self.pairs} coppie, {self.alone} da sola; {counted(self.households, 'nucleo', 'nuclei')} senza casa ne avrebbe almeno una in più senza questa regola ({self.code})"


class Why:
    """Answers on a solved instance, with its rules where they are known."""

    def __init__(self, study: Study, ruled: Ruled | None = None) -> None:
        self.study, self.warm, self.ruled = study, study.warm, ruled
        self.homes = self.warm.lawful_homes()
        self.instance = study.result.instance

    @classmethod
    def of(cls, result: Result, ruled: Ruled | None = None) -> "Why":
        """Answers on this result."""
        return cls(Study.of(result), ruled)

    def _positions(self, household: str, dwelling: str) -> tuple[int, int]:
        if household not in self.study.household_at:
            raise InstanceProblem(f"Il nucleo «{household}» non è nell'istanza.")
        if dwelling not in self.study.home_at:
            raise InstanceProblem(f"L'alloggio «{dwelling}» non è nell'istanza.")
        return self.study.household_at[household], self.study.home_at[dwelling]

    def not_that_one(self, household: str, dwelling: str) -> PairAnswer:
        """Why the household has not that home."""
        h, d = self._positions(household, dwelling)
        if self.homes[h] == d:
            return PairAnswer(household, dwelling, "assigned")
        arcs = np.flatnonzero((self.instance.arc_household == h) & (self.instance.arc_dwelling == d))
        if not len(arcs) or arcs[0] not in self.instance.usable:
            return self._closed(household, dwelling, h, d, int(arcs[0]) if len(arcs) else -1)
        weight = int(self.instance.weight[arcs[0]])
        price = self.warm.price_of(d, int(self.warm.group[h]))
        ceiling = int(self.warm.persons[h] * self.warm.quota_price[d])
        reason = "other use" if price is None else ("dearer" if price + ceiling > 0 else "free")
        groups = self._matters_to(d, h)
        try:
            forced = self.study.what_if(Pin(household, dwelling))
        except InstanceProblem:
            return PairAnswer(household, dwelling, "full of pins", weight=weight, matters_to=groups)
        others = sum(move.household != household for move in forced.moves)
        paid = None if price is None else price + ceiling
        return PairAnswer(
            household, dwelling, reason, weight=weight, price=paid, matters_to=groups,
            cost=max(0, -forced.gained), moved=others,
        )  # fmt: skip

    def _closed(self, household: str, dwelling: str, h: int, d: int, arc: int) -> PairAnswer:
        instance = self.instance
        if self.warm.pinned_home[h] >= 0:
            return PairAnswer(household, dwelling, "pinned elsewhere")
        if self.ruled is not None:
            facts = self.ruled.pair(h, d)
            rule = self.ruled.book.first_failing(facts)
            if rule is not None:
                missing = self.ruled.book.shortfall(rule.code, facts)
                said = rule.sentence or rule.code
                return PairAnswer(household, dwelling, rule.code, said, rule.source, missing, rule.unit)
        if arc >= 0 and instance.needs_income[arc] > 0:
            lack = int(instance.needs_income[arc])
            return PairAnswer(
                household, dwelling, "income", "il reddito basta per l'affitto", "", lack, "euro al mese"
            )
        if instance.persons[h] > instance.beds[d]:
            lack = int(instance.persons[h] - instance.beds[d])
            return PairAnswer(
                household, dwelling, "beds", "i posti letto bastano per il nucleo", "", lack, "posti letto"
            )
        if not fits(instance.mode[[d]], instance.group[[h]])[0]:
            return PairAnswer(household, dwelling, "group", "l'uso della casa è adatto al nucleo")
        if arc >= 0:
            return PairAnswer(
                household, dwelling, "forbidden", "la coppia non è stata esclusa da chi ha deciso"
            )
        return PairAnswer(household, dwelling, "no arc", "la coppia è fra quelle che le regole ammettono")

    def _matters_to(self, d: int, h: int) -> dict[str, int]:
        """Households, by group, that live there or would at this price."""
        warm, found = self.warm, Counter[int]()
        for node in warm.nodes_of(d):
            if not warm.state.capacity[node]:
                continue
            households, weights = warm.pad.column(node)
            at_price = (weights - warm.state.gain[households] >= warm.state.price[node]) & (weights > 0)
            here = self.homes[households] == d
            live = (warm.state.active[households] == 1) & (households != h)
            found.update(warm.group[households[live & (here | at_price)]].tolist())
        return {GROUPS[group]: count for group, count in sorted(found.items())}

    # The smallest single change

    def relaxations(self, household: str) -> list[Relaxation]:
        """For each rule the least that would house a household without a home, the smallest change first."""
        h, _ = self._positions(household, self.study.homes[0])
        if self.homes[h] >= 0:
            return []
        found: dict[str, Relaxation] = {}
        tries = 0
        for option in self._options(h):
            if option.rule in found or tries >= MOST_TRIES:
                continue
            tries += 1
            outcome = self._with_arc(h, option) if option.weight else self._with_bed(h, option)
            if outcome is None:
                continue
            others = sum(move.household not in {household, AS_IF} for move in outcome.moves)
            found[option.rule] = Relaxation(
                option.rule, option.sentence, self.study.homes[option.home], option.missing, option.unit,
                option.missing / option.step, outcome.gained, others,
            )  # fmt: skip
        return sorted(found.values(), key=lambda one: (one.steps, one.rule))

    def _options(self, h: int) -> Iterator["_Option"]:
        options = [*self._by_rules(h), *self._by_tables(h)]
        return iter(sorted(options, key=lambda one: (one.missing / one.step, -one.weight, one.home)))

    def _by_rules(self, h: int) -> Iterator["_Option"]:
        """Homes closed by one rule alone and worth more than their price."""
        if self.ruled is None:
            return
        book = self.ruled.book
        facts: dict[str, Any] = {f"household.{n}": int(c[h]) for n, c in self.ruled.households.items()}
        facts |= {f"home.{name}": column for name, column in self.ruled.homes.items()}
        count = len(self.ruled.homes["beds"])
        fails = np.array([~np.broadcast_to(np.asarray(v, bool), count) for v in book.passed(facts).values()])
        weights = np.broadcast_to(book.value(facts), count)
        single = np.flatnonzero((fails.sum(0) == 1) & (weights > self._prices(h)) & self._holds(h))
        for at, rule in enumerate(book.rules):
            homes = single[fails[at, single]]
            missing = [self._missing(rule.code, h, int(d)) for d in homes]
            for lack, d in sorted(zip(missing, homes.tolist(), strict=True))[:MOST_HOMES]:
                said = rule.sentence or rule.code
                yield _Option(rule.code, said, d, int(weights[d]), lack, rule.unit, rule.step)

    def _missing(self, code: str, h: int, d: int) -> int:
        if self.ruled is None:
            return 1
        found = self.ruled.book.shortfall(code, self.ruled.pair(h, d))
        return 1 if found is None else found

    def _prices(self, h: int) -> Ints:
        group = int(self.warm.group[h])
        prices = [self.warm.price_of(d, group) or 0 for d in range(len(self.instance.mode))]
        ceilings: Ints = self.warm.persons[h] * self.warm.quota_price[: len(prices)]
        return np.array(prices, np.int64) + ceilings

    def _holds(self, h: int) -> Any:  # Any: a numpy mask
        """The homes that could hold the household whatever the rules say of it: format and beds."""
        instance = self.instance
        group = np.full(len(instance.mode), instance.group[h])
        return fits(instance.mode, group) & (instance.persons[h] <= instance.beds)

    def _by_tables(self, h: int) -> Iterator["_Option"]:
        """What the tables alone tell: an income that is missing, a pair excluded, a bed."""
        instance = self.instance
        arcs = np.flatnonzero(instance.arc_household == h)
        usable = np.isin(arcs, instance.usable)
        for arc in arcs[~usable].tolist():
            d, weight = int(instance.arc_dwelling[arc]), int(instance.weight[arc])
            need = int(instance.needs_income[arc])
            if not self._holds(h)[d]:
                continue
            if need:
                yield _Option("income", "un reddito più alto", d, weight, need, "euro al mese", 50)
            elif self.warm.pinned_home[h] < 0:
                yield _Option(
                    "forbidden", "togliere l'esclusione della coppia", d, weight, 1, "esclusione", 1
                )
        for arc in arcs[usable].tolist():
            d = int(instance.arc_dwelling[arc])
            if instance.mode[d] != WHOLE and not (instance.mode[d] == OPEN and instance.group[h] == FAMILY):
                yield _Option("bed", "un posto letto in più", d, 0, 1, "posto letto", 1)

    def _with_arc(self, h: int, option: "_Option") -> Outcome | None:
        """What happens if the pair could be: tried as the same household with that arc among its own."""
        name = self.study.households[h]
        arcs = self.study.arcs_from(name) | {self.study.homes[option.home]: option.weight}
        group = GROUPS[int(self.warm.group[h])]
        twin = AddHousehold(AS_IF, int(self.warm.persons[h]), group, arcs)
        outcome = self.study.what_if(RemoveHousehold(name), twin)
        housed = any(move.household == AS_IF and move.after for move in outcome.moves)
        return outcome if housed else None

    def _with_bed(self, h: int, option: "_Option") -> Outcome | None:
        home, name = self.study.homes[option.home], self.study.households[h]
        try:
            outcome = self.study.what_if(ChangeHome(home, beds=int(self.warm.beds[option.home]) + 1))
        except InstanceProblem:
            return None
        housed = any(move.household == name and move.after for move in outcome.moves)
        return outcome if housed else None

    # What binds

    def binding(self) -> list[Binding]:
        """The rules and the ceilings that cost, the one that keeps most households out first."""
        found = self._binding_ceilings()
        if self.ruled is not None:
            arcs = self.ruled.arcs()
            out = self.homes[: len(self.instance.persons)] < 0
            for at, rule in enumerate(self.ruled.book.rules):
                alone = arcs.removed_alone[at]
                count = int((alone[out] > 0).sum())
                if arcs.removed[at].any():
                    said = rule.sentence or rule.code
                    found.append(
                        Binding(rule.code, said, int(arcs.removed[at].sum()), int(alone.sum()), count)
                    )
        return sorted(found, key=lambda one: (-one.price, -one.households, -one.alone, one.code))

    def _binding_ceilings(self) -> list[Binding]:
        prices, scale = self.study.result.prices.quota, self.study.result.prices.scale
        if prices is None:
            return []
        names = self.instance.quotas.to_pylist()
        rows = enumerate((prices / scale).tolist())
        return [
            Binding(names[at], f"tetto di {self.instance.quota_limit[at]} persone", 0, 0, 0, price)
            for at, price in rows
            if price > 0
        ]

    def scarcity(self) -> list[tuple[str, str, float, int]]:
        """Where a place is worth most: municipality (or territory), way of use, mean price of a place, places."""
        table = self.instance.sources["dwellings"].table
        column = next((name for name in ("municipality", "territory") if name in table.column_names), None)
        where = (
            [str(text) for text in table[column].to_pylist()] if column else [""] * len(self.instance.mode)
        )
        total, places = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for d, place in enumerate(where):
            for node in self.warm.nodes_of(d):
                slots = int(self.warm.state.capacity[node])
                total[place, MODES[self.instance.mode[d]]] += slots * int(self.warm.state.price[node])
                places[place, MODES[self.instance.mode[d]]] += slots
        rows = [(*key, total[key] / places[key], places[key]) for key in places if places[key]]
        return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


AS_IF = "il nucleo, con la regola allentata"


@dataclass(frozen=True)
class _Option:
    """A change worth trying; weight 0 is a bed."""

    rule: str
    sentence: str
    home: int
    weight: int
    missing: int
    unit: str
    step: int
