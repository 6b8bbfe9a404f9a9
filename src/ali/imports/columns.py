"""Which column of a sender's file is which field of ours: guessed from the header, corrected once, remembered."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from ali.imports.findings import Finding, error, note, warning
from ali.imports.findings import marked as _
from ali.imports.parsing import folded


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a file may fill: its name, its Italian label, and the headers that mean it."""

    field: str
    label: str
    headers: tuple[str, ...] = ()
    required: bool = False

    def matches(self, header: str) -> float:
        """How well a header (already folded) means this field, 0 to 100."""
        return max(_likeness(header, folded(name)) for name in (self.label, self.field, *self.headers))


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Field by field, the column that fills it; what is left over is named, never lost."""

    columns: Mapping[str, str]
    ignored: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    signature: str = ""

    def field_of(self, column: str) -> str:
        """The field that a column fills, or nothing."""
        return next((field for field, name in self.columns.items() if name == column), "")


def layout_signature(columns: Iterable[str]) -> str:
    """The same for the same headers in any order, case or accents: how a sender's layout is remembered."""
    names = sorted(folded(column) for column in columns)
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()[:32]


def guess_mapping(
    columns: Sequence[str],
    targets: Sequence[Target],
    *,
    chosen: Mapping[str, str] | None = None,
) -> ColumnMapping:
    """The best column for each field; `chosen` (field to column, empty to leave out) wins over any guess."""
    findings: list[Finding] = []
    taken = _chosen(columns, targets, chosen or {}, findings)
    settled = set(chosen or {})
    pairs = sorted(
        (
            (-target.matches(folded(column)), place, order, target.field, column)
            for place, column in enumerate(columns)
            for order, target in enumerate(targets)
            if target.field not in settled
        ),
    )
    for score, _place, _order, field, column in pairs:
        if -score < _ENOUGH or field in taken or column in taken.values():
            continue
        taken[field] = column
        if -score < _SURE:
            findings.append(
                warning(
                    _("La colonna «%(column)s» è stata letta come «%(label)s»: controlla."),
                    field,
                    column=column,
                    label=_label(targets, field),
                )
            )
    ignored = tuple(column for column in columns if column not in taken.values())
    findings += _about_the_rest(ignored, targets, taken)
    ordered = {target.field: taken[target.field] for target in targets if target.field in taken}
    return ColumnMapping(ordered, ignored, tuple(findings), layout_signature(columns))


_ENOUGH = 88.0
_SURE = 96.0


def _likeness(header: str, name: str) -> float:
    if not header or not name:
        return 0.0
    if header == name:
        return 100.0
    if sorted(header.split()) == sorted(name.split()):
        return 98.0
    return 0.0 if min(len(header), len(name)) < 5 else fuzz.ratio(header, name) * 0.97


def _label(targets: Sequence[Target], field: str) -> str:
    return next((target.label for target in targets if target.field == field), field)


def _chosen(
    columns: Sequence[str], targets: Sequence[Target], chosen: Mapping[str, str], findings: list[Finding]
) -> dict[str, str]:
    by_name = {folded(column): column for column in columns}
    known = {target.field for target in targets}
    taken: dict[str, str] = {}
    for field, column in chosen.items():
        if not column:
            continue
        if field not in known:
            findings.append(error(_("Il campo «%(name)s» non esiste."), name=field))
        elif found := by_name.get(folded(column)):
            taken[field] = found
        else:
            findings.append(error(_("Nel file non c'è la colonna «%(column)s»."), field, column=column))
    return taken


def _about_the_rest(
    ignored: Sequence[str], targets: Sequence[Target], taken: Mapping[str, str]
) -> Iterable[Finding]:
    if ignored:
        names = ", ".join(f"«{column}»" for column in ignored)
        yield note(_("Colonne che non sono state usate: %(columns)s."), columns=names)
    for target in targets:
        if target.required and target.field not in taken:
            yield error(
                _("Manca la colonna «%(column)s»: indica quale la contiene."),
                target.field,
                column=target.label,
            )
