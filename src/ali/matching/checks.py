"""What must hold before anything is solved, each refusal with file and row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ali.matching.errors import NothingToMatch
from ali.matching.tables import Ints, Source

Flags = NDArray[np.bool_]
MOST_PERSONS = 10_000  # far above any dwelling; keeps every sum within 64 bits, as the verifier asks
MOST_WEIGHT = 2**40
FAMILY = 2  # position among the groups


@dataclass(frozen=True)
class Households:
    ids: pa.StringArray
    persons: Ints
    group: Ints


@dataclass(frozen=True)
class Dwellings:
    ids: pa.StringArray
    mode: Ints
    beds: Ints


@dataclass(frozen=True)
class Arcs:
    household: Ints
    dwelling: Ints
    weight: Ints
    needs_income: Ints
    keys: Ints  # sorted
    order: Ints  # position of each key
    dwellings: int

    def find(self, household: Ints, dwelling: Ints) -> Ints:
        """Position of the arc of each pair, -1 if there is none."""
        key = household * self.dwellings + dwelling
        at = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        return np.where(self.keys[at] == key, self.order[at], -1)


@dataclass(frozen=True)
class Quotas:
    ids: pa.StringArray
    limit: Ints
    row: Ints
    dwelling: Ints


class Pinned(NamedTuple):
    """The forced pairs, with their record in the table of pins."""

    record: Ints
    household: Ints
    dwelling: Ints


@dataclass(frozen=True)
class Pins:
    source: Source | None
    household: Ints
    dwelling: Ints
    forced: Flags
    arc: Ints

    def pinned(self) -> Pinned:
        """The forced pairs alone."""
        record = np.flatnonzero(self.forced)
        return Pinned(record, self.household[record], self.dwelling[record])

    def closes(self, arcs: Arcs) -> Flags:
        """The arcs that pins and forbids take away."""
        closed = np.zeros(len(arcs.household), bool)
        if not len(self.household):
            return closed
        must = np.full(int(arcs.household.max(initial=0)) + 1, -1, np.int64)
        must[self.household[self.forced]] = self.dwelling[self.forced]
        at = must[arcs.household]
        closed |= (at >= 0) & (at != arcs.dwelling)
        closed[self.arc[~self.forced & (self.arc >= 0)]] = True
        return closed


class Numbered(Protocol):
    """What an instance knows of its arcs, its households and its dwellings."""

    @property
    def sources(self) -> dict[str, Source]: ...
    @property
    def pinned(self) -> Pinned: ...
    @property
    def arc_household(self) -> Ints: ...
    @property
    def arc_dwelling(self) -> Ints: ...
    @property
    def needs_income(self) -> Ints: ...
    @property
    def households(self) -> pa.StringArray: ...
    @property
    def dwellings(self) -> pa.StringArray: ...
    @property
    def persons(self) -> Ints: ...
    @property
    def beds(self) -> Ints: ...


def households(source: Source, groups: Sequence[str]) -> Households:
    """Unique households of at least one person; several men or several women are adults who ask to live together."""
    _not_empty(source)
    ids = unique(source, "household")
    persons = within(source, "persons", 1, MOST_PERSONS)
    return Households(ids, persons, _choice(source, "group", groups))


def dwellings(source: Source, modes: Sequence[str]) -> Dwellings:
    """Unique dwellings with a known way of use and at least one bed."""
    _not_empty(source)
    return Dwellings(
        unique(source, "dwelling"), _choice(source, "mode", modes), within(source, "beds", 1, MOST_PERSONS)
    )


def arcs(source: Source, households: pa.StringArray, dwellings: pa.StringArray) -> Arcs:
    """One row per pair of known household and dwelling, worth more than nothing."""
    _not_empty(source)
    h = known(source, "household", households, "households")
    d = known(source, "dwelling", dwellings, "dwellings")
    weight = within(source, "weight", 1, MOST_WEIGHT)
    needs = source.integers("needs_income_eur", default=0)
    if needs.min() < 0:
        source.fail(np.argmax(needs < 0), "«needs_income_eur» non può essere negativo.")
    key = h * len(dwellings) + d
    order = np.argsort(key, kind="stable").astype(np.int64)
    keys = key[order]
    again = keys[1:] == keys[:-1]
    if again.any():
        second = int(order[1:][again].min())
        first = int(np.argmax(key == key[second]))
        pair = f"{households[int(h[second])]} - {dwellings[int(d[second])]}"
        source.fail(second, f"la coppia {pair} è già alla riga {source.row(first)}.")
    return Arcs(h, d, weight, needs, keys, order, len(dwellings))


def quotas(source: Source | None, dwellings: pa.StringArray) -> Quotas:
    """Ceilings on persons over sets of dwellings; one limit each, each dwelling once."""
    none = np.zeros(0, np.int64)
    if source is None:
        return Quotas(pa.array([], pa.string()), none, none, none)
    names = source.text("quota")
    ids = pc.unique(names)
    row = np.asarray(pc.index_in(names, value_set=ids), np.int64)
    d = known(source, "dwelling", dwellings, "dwellings")
    given = within(source, "limit_persons", 0, 2**40)
    limit = np.zeros(len(ids), np.int64)
    limit[row[::-1]] = given[::-1]
    if (limit[row] != given).any():
        at = int(np.argmax(limit[row] != given))
        source.fail(
            at, f"la quota {names[at]} ha già un altro limite ({limit[row[at]]}) in una riga precedente."
        )
    twice = _repeated(row * len(dwellings) + d)
    if twice.any():
        at = int(np.argmax(twice))
        source.fail(at, f"l'alloggio {dwellings[int(d[at])]} compare due volte nella quota {names[at]}.")
    return Quotas(ids, limit, row, d)


def pins(source: Source | None, households: pa.StringArray, dwellings: pa.StringArray, arcs: Arcs) -> Pins:
    """Pins with their arc, one per household, none forbidden at the same time."""
    none = np.zeros(0, np.int64)
    if source is None:
        return Pins(None, none, none, np.zeros(0, bool), none)
    h = known(source, "household", households, "households")
    d = known(source, "dwelling", dwellings, "dwellings")
    forced = _choice(source, "kind", ("pin", "forbid")) == 0
    arc = arcs.find(h, d)
    if (forced & (arc < 0)).any():
        at = int(np.argmax(forced & (arc < 0)))
        source.fail(
            at,
            f"l'abbinamento obbligato {_pair(households, dwellings, h[at], d[at])} non ha il suo arco nella tabella arcs.",
        )
    rows = np.flatnonzero(forced)
    twice = rows[_repeated(h[rows])]
    if len(twice):
        at = int(twice[0])
        source.fail(at, f"il nucleo {households[int(h[at])]} è già obbligato in un'altra riga.")
    both = np.flatnonzero(forced & np.isin(h * len(dwellings) + d, (h * len(dwellings) + d)[~forced]))
    if len(both):
        pair = _pair(households, dwellings, h[both[0]], d[both[0]])
        source.fail(both[0], f"la coppia {pair} è insieme obbligata e vietata.")
    return Pins(source, h, d, forced, arc)


def pins_can_hold(
    pins: Pins, arcs: Arcs, lawful: Flags, people: Households, homes: Dwellings, quotas: Quotas
) -> None:
    """Pins that can all be true together, whatever the model."""
    if pins.source is None:
        return
    rows = np.flatnonzero(pins.forced)
    unlawful = rows[~lawful[pins.arc[rows]]]
    if len(unlawful):
        at = int(unlawful[0])
        text = "non è utilizzabile: gruppo, posti letto o reddito non lo permettono."
        pins.source.fail(
            at, f"l'arco {people.ids[int(pins.household[at])]} - {homes.ids[int(pins.dwelling[at])]} {text}"
        )
    inside = np.zeros(len(quotas.ids), np.int64)
    by_dwelling: dict[int, list[int]] = {}
    for row, d in zip(quotas.row.tolist(), quotas.dwelling.tolist(), strict=True):
        by_dwelling.setdefault(d, []).append(row)
    for at in rows.tolist():
        persons = int(people.persons[pins.household[at]])
        for q in by_dwelling.get(int(pins.dwelling[at]), []):
            inside[q] += persons
            if inside[q] > quotas.limit[q]:
                pins.source.fail(
                    at, f"gli obblighi superano la quota {quotas.ids[q]} ({quotas.limit[q]} persone)."
                )


def pins_without_jobs(source: Source, pinned: Pinned, usable: Flags) -> None:
    """No pin on an arc that only a job could carry, in a model without jobs."""
    if not usable.all():
        text = "l'arco obbligato richiede un reddito ulteriore, che solo il modello joint può portare."
        source.fail(pinned.record[np.argmin(usable)], text)


def pins_have_income(instance: Numbered, broken: Ints) -> None:
    """Refuse the first pinned household for which no job was found that its home needs."""
    if len(broken):
        record, h = int(instance.pinned.record[broken[0]]), int(instance.pinned.household[broken[0]])
        text = "nessun lavoro che si concili con gli altri obblighi porta il reddito che la casa richiede."
        instance.sources["pins"].fail(record, f"il nucleo {instance.households[h]} è obbligato, ma {text}")


def pins_fit_model(model: str, source: Source, pinned: Pinned, people: Households, homes: Dwellings) -> None:
    """Pins of one dwelling that its way of use can hold together under this model."""
    inside: dict[int, list[int]] = {}
    for record, h, d in zip(*(part.tolist() for part in pinned), strict=True):
        together = [*inside.get(d, []), h]
        inside[d] = together
        if len(together) > 1 and not _may_live_together(
            model, together, people, int(homes.mode[d]), int(homes.beds[d])
        ):
            names = ", ".join(str(people.ids[other]) for other in together)
            source.fail(
                record, f"l'alloggio {homes.ids[d]} non può tenere insieme tutti gli obbligati: {names}."
            )


def _may_live_together(model: str, together: list[int], people: Households, mode: int, beds: int) -> bool:
    if mode == 0 or len(together) > beds:
        return False
    groups = set(people.group[together].tolist())
    one_sex = len(groups) == 1 and groups != {FAMILY}
    return model == "whole" or (one_sex and int(people.persons[together].sum()) <= beds)


def something_usable(source: Source, instance: Numbered, usable: Ints) -> None:
    """At least one arc left, else say why the first one is not."""
    if len(usable):
        return
    h, d = int(instance.arc_household[0]), int(instance.arc_dwelling[0])
    if instance.needs_income[0] > 0:
        why = "richiede un reddito ulteriore, che solo il modello joint può portare"
    elif instance.persons[h] > instance.beds[d]:
        why = f"il nucleo ha {instance.persons[h]} persone e l'alloggio {instance.beds[d]} posti letto"
    else:
        why = "il gruppo non può stare in quell'alloggio, oppure è vietata o esclusa da un obbligo"
    first = f"riga {source.row(0)}, {instance.households[h]} - {instance.dwellings[d]}: {why}"
    text = f"{source.label}: nessuna delle {len(source)} coppie è utilizzabile ({first})."
    raise NothingToMatch(text)


def _pair(households: pa.StringArray, dwellings: pa.StringArray, h: np.int64, d: np.int64) -> str:
    return f"{households[int(h)]} - {dwellings[int(d)]}"


def _not_empty(source: Source) -> None:
    if not len(source):
        source.fail_whole("la tabella non ha righe.")


def unique(source: Source, column: str) -> pa.StringArray:
    values = source.text(column)
    codes = np.asarray(pc.index_in(values, value_set=pc.unique(values)), np.int64)
    twice = _repeated(codes)
    if twice.any():
        at = int(np.argmax(twice))
        first = int(np.argmax(codes == codes[at]))
        source.fail(at, f"«{values[at]}» è già alla riga {source.row(first)}.")
    return values


def within(source: Source, column: str, least: int, most: int) -> Ints:
    values = source.integers(column)
    if len(values) and (values.min() < least or values.max() > most):
        at = int(np.argmax((values < least) | (values > most)))
        source.fail(at, f"«{column}» vale {values[at]}: deve stare fra {least} e {most}.")
    return values


def _choice(source: Source, column: str, choices: Sequence[str]) -> Ints:
    values = source.text(column)
    at = np.asarray(pc.index_in(values, value_set=pa.array(choices, pa.string())).fill_null(-1), np.int64)
    if (at < 0).any():
        row = int(np.argmax(at < 0))
        source.fail(row, f"«{values[row]}» in «{column}» non è fra {', '.join(choices)}.")
    return at


def known(source: Source, column: str, ids: pa.StringArray, table: str) -> Ints:
    at = source.positions(column, ids)
    if len(at) and at.min() < 0:
        row = int(np.argmax(at < 0))
        source.fail(row, f"«{source.text(column)[row]}» non è in {table}.")
    return at


def _repeated(key: Any) -> Flags:  # Any: any numpy integers
    order = np.argsort(key, kind="stable")
    out = np.zeros(len(key), bool)
    out[order[1:]] = key[order][1:] == key[order][:-1]
    return out
