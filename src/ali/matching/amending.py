"""The tables of an instance after the changes of a study, and the result that proves what the study says of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ali.matching.certificate import bound_of_whole, household_prices_of
from ali.matching.instance import MODES, Instance
from ali.matching.layout import lay_out, net_of
from ali.matching.plan import SCALE
from ali.matching.rations import rationed
from ali.matching.result import Prices, Result
from ali.matching.tables import Ints, Source
from ali.matching.whatif import (
    AddHome,
    AddHousehold,
    Change,
    ChangeHome,
    Pin,
    RemoveHome,
    RemoveHousehold,
    Study,
)


def amended(study: Study) -> Instance:
    """The instance as it is after the changes applied to the study."""
    return Instance.from_sources(_Amendment(study).tables(), rules=study.result.instance.rules)


def amended_result(study: Study) -> Result:
    """The present plan of the study on the amended instance, with prices that prove its bound."""
    instance, warm = amended(study), study.warm
    names = {name: at for at, name in enumerate(instance.dwellings.to_pylist())}
    homes = warm.lawful_homes()
    people = instance.households.to_pylist()
    at = np.array([study.household_at[name] for name in people])
    assignment = np.array([names[study.homes[home]] if home >= 0 else -1 for home in homes[at].tolist()])
    quota = _quota_prices(study, instance)
    prices, bound = _prices(study, instance, names, at, quota)
    objective = study.standing().objective
    certificate = {
        **{
            key: study.result.certificate[key]
            for key in ("model", "seed", "budget")
            if key in study.result.certificate
        },
        "objective": objective,
        "bound": bound,
        "gap": (bound - objective) / bound if bound else 0.0,
        "price_scale": prices.scale,
        "input_sha256": instance.sha256,
        "rules": instance.rules,
        "housed_households": int((assignment >= 0).sum()),
        "housed_persons": int(instance.persons[assignment >= 0].sum()),
        "cpu_seconds": 0.0,
        "startup_seconds": 0.0,
    }
    return Result(instance, assignment, prices, certificate, changed=True)


def _quota_prices(study: Study, instance: Instance) -> Ints:
    """The prices of the quotas, by the names they have in the amended instance."""
    old = study.result.prices.quota
    if old is None:
        return np.zeros(len(instance.quotas), np.int64)
    by_name = dict(zip(study.result.instance.quotas.to_pylist(), old.tolist(), strict=True))
    scale = study.result.prices.scale
    return np.array([by_name[name] // scale for name in instance.quotas.to_pylist()], np.int64)


def _prices(
    study: Study, instance: Instance, names: Mapping[str, int], at: Ints, quota: Ints
) -> tuple[Prices, int]:
    warm = study.warm
    rows = [
        (names[name], int(warm.state.price[node]), use)
        for home, name in enumerate(study.homes)
        if name in names and study.home_at.get(name) == home
        for use, node in enumerate(warm.nodes_of(home))
        if warm.state.capacity[node] > 0
    ]
    dwelling = np.array([row[0] for row in rows], np.int64)
    price = np.array([row[1] for row in rows], np.int64)
    layout = lay_out(instance, warm.model)
    weight = rationed(layout, quota)
    if warm.u is None:
        full = np.zeros(len(instance.mode), np.int64)
        full[dwelling] = price
        return Prices(1, None, quota, dwelling, price), bound_of_whole(layout, weight, full, quota)
    u = np.where(np.isfinite(warm.u[at]), warm.u[at], 0.0)
    scaled = np.rint(u * SCALE).astype(np.int64)
    proof = household_prices_of(layout, net_of(layout, weight), scaled, quota, SCALE)
    uses = tuple(
        ("men", "women", "family")[use] if MODES[instance.mode[d]] == "open" else None for d, _, use in rows
    )
    return Prices(SCALE, scaled, quota * SCALE, dwelling, price * SCALE, uses), proof.bound


class _Amendment:
    """The changes of a study, gathered by table."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.gone_households: set[str] = set()
        self.gone_homes: set[str] = set()
        self.new_households: dict[str, AddHousehold] = {}
        self.new_homes: dict[str, AddHome] = {}
        self.changed: dict[str, dict[str, Any]] = {}  # Any: values of a row
        self.pins: list[tuple[str, str, str]] = []
        for change in study.changes:
            self._take(change)

    def _take(self, change: Change) -> None:
        if isinstance(change, AddHome):
            self.new_homes[change.name] = change
        elif isinstance(change, RemoveHome):
            self.gone_homes.add(change.name)
        elif isinstance(change, ChangeHome):
            beds = {} if change.beds is None else {"beds": change.beds}
            self.changed[change.name] = {**self.changed.get(change.name, {}), **change.facts, **beds}
        elif isinstance(change, AddHousehold):
            self.new_households[change.name] = change
        elif isinstance(change, RemoveHousehold):
            self.gone_households.add(change.name)
        else:
            kind = "pin" if isinstance(change, Pin) else "forbid"
            self.pins.append((change.household, change.home, kind))

    def tables(self) -> dict[str, Source]:
        """Every table of the instance, amended."""
        sources = self.study.result.instance.sources
        out = {name: source.table for name, source in sources.items()}
        out["households"] = self._households(out["households"])
        out["dwellings"] = self._dwellings(out["dwellings"])
        out["arcs"] = self._arcs(out["arcs"])
        out["pins"] = self._pins(out.get("pins"))
        for name in ("quotas", "pins"):
            if name in out:
                out[name] = _without(out[name], "dwelling", self.gone_homes)
        out["pins"] = _without(out["pins"], "household", self.gone_households)
        if not out["pins"].num_rows:
            del out["pins"]
        if "quotas" in out and not out["quotas"].num_rows:
            del out["quotas"]
        return {name: Source(name, table) for name, table in out.items()}

    def _households(self, table: pa.Table) -> pa.Table:
        rows = [
            {
                **_like(table, "household", change.like),
                **change.facts,
                "household": name,
                "persons": change.persons,
                "group": change.group,
            }
            for name, change in self.new_households.items()
        ]
        return _with_rows(_without(table, "household", self.gone_households), rows)

    def _dwellings(self, table: pa.Table) -> pa.Table:
        rows = [
            {
                **_like(table, "dwelling", change.like),
                **change.facts,
                "dwelling": name,
                "mode": change.mode,
                "beds": change.beds,
            }
            for name, change in self.new_homes.items()
        ]
        out = _with_rows(table, rows)
        for name, facts in self.changed.items():
            at = pc.index(out["dwelling"], name).as_py()
            for column, now in facts.items():
                out = _set(out, column, at, now)
        return _without(out, "dwelling", self.gone_homes)

    def _arcs(self, table: pa.Table) -> pa.Table:
        study, warm = self.study, self.study.warm
        rebuilt = [*self.new_homes, *self.changed]
        table = _without(table, "dwelling", {*self.gone_homes, *rebuilt})
        table = _without(table, "household", self.gone_households)
        rows: dict[tuple[str, str], int] = {}
        for name in rebuilt:
            if name in self.gone_homes:
                continue
            for h, weight in zip(
                *(part.tolist() for part in warm.arcs_to(study.home_at[name], pinned=True)), strict=True
            ):
                rows[study.households[h], name] = weight
        for name in self.new_households:
            if name in self.gone_households:
                continue
            for home, weight in study.arcs_from(name).items():
                rows[name, home] = weight
        excluded = {(household, home) for household, home, kind in self.pins if kind == "forbid"}
        kept = [(pair, weight) for pair, weight in rows.items() if pair not in excluded]
        more = [{"household": h, "dwelling": d, "weight": w, "needs_income_eur": 0} for (h, d), w in kept]
        return _with_rows(table, more)

    def _pins(self, table: pa.Table | None) -> pa.Table:
        empty = pa.table({name: pa.array([], pa.string()) for name in ("household", "dwelling", "kind")})
        rows = [{"household": h, "dwelling": d, "kind": kind} for h, d, kind in dict.fromkeys(self.pins)]
        return _with_rows(table if table is not None else empty, rows)


def _without(table: pa.Table, column: str, names: set[str]) -> pa.Table:
    if not names:
        return table
    return table.filter(pc.invert(pc.is_in(table[column], value_set=pa.array(sorted(names), pa.string()))))


def _with_rows(table: pa.Table, rows: list[dict[str, Any]]) -> pa.Table:  # Any: values of a row
    if not rows:
        return table
    zero = {field.name: "" if pa.types.is_string(field.type) else 0 for field in table.schema}
    full = [{name: row.get(name, zero[name]) for name in zero} for row in rows]
    return pa.concat_tables([table, pa.Table.from_pylist(full, table.schema)])


def _set(table: pa.Table, column: str, at: int, value: Any) -> pa.Table:  # Any: a value of the column
    if column not in table.column_names:
        return table
    values = table[column].to_pylist()
    values[at] = value
    field = table.schema.field(column)
    return table.set_column(table.column_names.index(column), field, pa.array(values, field.type))


def _like(table: pa.Table, column: str, name: str) -> dict[str, Any]:  # Any: values of a row
    at = pc.index(table[column], name).as_py() if name else -1
    return dict(table.slice(at, 1).to_pylist()[0]) if at >= 0 else {}
