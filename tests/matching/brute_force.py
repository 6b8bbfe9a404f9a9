"""Every allocation of a tiny instance, one by one, straight from the text of the format."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

Tables = Mapping[str, Mapping[str, list[Any]]]


def best_value(tables: Tables, model: str) -> int | None:
    """The most an allocation can be worth, None when pins leave none."""
    if model == "joint":
        return max(_with_jobs(tables), default=None)
    return max((value for value, _ in allocations(tables, model)), default=None)


def _with_jobs(tables: Tables) -> Iterator[int]:
    """Value of every lawful allocation of homes and jobs together."""
    arcs = {
        (h, d): (w, needs)
        for h, d, w, needs in zip(*_columns(tables, "arcs", "needs_income_eur"), strict=True)
    }
    offers: dict[tuple[str, int], list[tuple[str | None, int, int]]] = {}
    for h, person, opening, weight, income in _rows(tables, "job_arcs"):
        offers.setdefault((h, person), [(None, 0, 0)]).append((opening, weight, income))
    posts = dict(_rows(tables, "openings"))
    near = {(d, o) for d, o, _ in _rows(tables, "commutes")}
    for _, homes in allocations(tables, "joint"):
        for picks in product(*offers.values()):
            taken = [(h, *pick) for (h, _), pick in zip(offers, picks, strict=True) if pick[0]]
            income = lambda h: sum(i for one, _, _, i in taken if one == h)  # noqa: B023, E731
            if (
                all(sum(o == opening for _, o, _, _ in taken) <= posts[opening] for opening in posts)
                and all(homes[h] is None or (homes[h], o) in near for h, o, _, _ in taken)
                and all(d is None or income(h) >= arcs[h, d][1] for h, d in homes.items())
            ):
                yield sum(arcs[h, d][0] for h, d in homes.items() if d) + sum(w for _, _, w, _ in taken)


def _columns(tables: Tables, name: str, more: str) -> list[list[Any]]:
    columns = list(tables[name].values())[:3]
    return [*columns, tables[name].get(more, [0] * len(columns[0]))]


def allocations(tables: Tables, model: str) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Every lawful allocation with its value."""
    arcs = [
        (h, d, w)
        for h, d, w, needs in zip(*_columns(tables, "arcs", "needs_income_eur"), strict=True)
        if model == "joint" or not needs
    ]
    names = tables["households"]["household"]
    choices = [[(None, 0), *((d, w) for h, d, w in arcs if h == name)] for name in names]
    for picks in product(*choices):
        homes = {name: pick[0] for name, pick in zip(names, picks, strict=True)}
        if _lawful(tables, homes, model):
            yield sum(pick[1] for pick in picks), homes


def _lawful(tables: Tables, homes: dict[str, str | None], model: str) -> bool:
    people = {h: (persons, group) for h, persons, group, *_ in _rows(tables, "households")}
    for dwelling, mode, beds in _rows(tables, "dwellings"):
        inside = [people[h] for h, d in homes.items() if d == dwelling]
        if not _may_live(inside, mode, beds, model):
            return False
    persons_in = lambda d: sum(people[h][0] for h, at in homes.items() if at == d)  # noqa: E731
    for quota, limit in {(q, limit) for q, limit, _ in _rows(tables, "quotas")}:
        if sum(persons_in(d) for q, _, d in _rows(tables, "quotas") if q == quota) > limit:
            return False
    return all((homes[h] == d) == (kind == "pin") for h, d, kind in _rows(tables, "pins"))


def _may_live(inside: list[tuple[int, str]], mode: str, beds: int, model: str) -> bool:
    groups = {group for _, group in inside}
    if any(persons > beds for persons, _ in inside):
        return False
    if mode == "whole":
        return len(inside) <= 1
    if mode in {"men", "women"} and groups - {"man" if mode == "men" else "woman"}:
        return False
    if model == "whole":
        return len(inside) <= beds
    if "family" in groups:
        return len(inside) == 1
    return len(groups) <= 1 and sum(persons for persons, _ in inside) <= beds


def _rows(tables: Tables, name: str) -> list[tuple[Any, ...]]:
    return list(zip(*tables[name].values(), strict=True)) if name in tables else []
