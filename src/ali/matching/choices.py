"""What each choice of fairness costs: the same instance solved without it, so that people can choose knowing the price."""

from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ali.matching.engine import solve
from ali.matching.instance import Instance
from ali.matching.result import Result
from ali.matching.tables import Source
from ali.matching.wording import counted

MOST_CEILINGS = 12


@dataclass(frozen=True)
class Choice:
    """A choice, and what there would be without it."""

    kind: str  # «quota», «quotas», «pins», «forbids», «fairness»
    name: str
    value: int  # more without it
    persons: int
    households: int
    proven: bool  # whether both solutions are known to be the best

    def as_dict(self) -> dict[str, Any]:  # Any: what JSON can hold
        """The same as plain values."""
        return asdict(self)

    def line(self) -> str:
        """The choice as a person reads it."""
        words = {"quota": f"il tetto {self.name}", "quotas": "tutti i tetti insieme", "pins": "gli obblighi", "forbids": "le esclusioni", "fairness": self.name}  # fmt: skip
        sure = "" if self.proven else " (stima: una delle due soluzioni non è provata ottima)"
        return f"Senza {words[self.kind]}: valore {self.value:+d}, {self.persons:+d} persone, {counted(self.households, 'nucleo', 'nuclei')} di differenza{sure}."


def prices_of_choices(result: Result, budget: str = "small", given: Instance | None = None) -> list[Choice]:
    """Each ceiling that binds, all of them, the pins and the exclusions: what the allocation would be without.

    With the instance as it was `given`, also the classes and the floor, which are in the weights of the one solved.
    """
    instance, found = result.instance, []
    found += [_weighed(result, given, budget)] if given and "objective_as_given" in result.certificate else []
    if len(instance.quotas):
        prices = result.prices.quota
        costs = [] if prices is None else (prices * instance.quota_limit).tolist()
        binding = sorted((-cost, at) for at, cost in enumerate(costs) if cost > 0)[:MOST_CEILINGS]
        names = instance.quotas.to_pylist()
        for _, at in binding:
            found.append(_without(result, "quota", names[at], budget))
        found.append(_without(result, "quotas", "", budget))
    if "pins" in instance.sources:
        kinds = set(instance.sources["pins"].table["kind"].to_pylist())
        found += [_without(result, kind, "", budget) for kind in ("pins", "forbids") if kind[:-1] in kinds]
    return sorted(found, key=lambda one: (-one.value, one.kind, one.name))


def _without(result: Result, kind: str, name: str, budget: str) -> Choice:
    instance = result.instance
    sources = {key: Source(key, source.table) for key, source in instance.sources.items()}
    if kind == "quotas":
        del sources["quotas"]
    elif kind == "quota":
        _keep(sources, "quotas", pc.not_equal(sources["quotas"].table["quota"], name))
    else:
        _keep(sources, "pins", pc.not_equal(sources["pins"].table["kind"], kind[:-1]))
    other = solve(Instance.from_sources(sources), model=str(result.certificate["model"]), budget=budget)
    both = result.gap == 0 and other.gap == 0
    return Choice(
        kind, name, other.objective - result.objective,
        other.certificate["housed_persons"] - int(instance.persons[result.assignment >= 0].sum()),
        other.certificate["housed_households"] - int((result.assignment >= 0).sum()), both,
    )  # fmt: skip


def _weighed(result: Result, given: Instance, budget: str) -> Choice:
    """What the classes and the floor cost, in the weights as given."""
    other = solve(given, model=str(result.certificate["model"]), budget=budget)
    named = {"classes": "le classi di precedenza", "floor": "il minimo per territorio"}
    name = " e ".join(words for key, words in named.items() if key in result.certificate)
    persons, households = (
        int(other.certificate[key] - result.certificate[key])
        for key in ("housed_persons", "housed_households")
    )
    value = other.objective - int(result.certificate["objective_as_given"])
    return Choice("fairness", name, value, persons, households, other.gap == 0)


def _keep(sources: dict[str, Source], name: str, rows: pa.ChunkedArray) -> None:
    table = sources[name].table.filter(rows)
    if table.num_rows:
        sources[name] = Source(name, table)
    else:
        del sources[name]
