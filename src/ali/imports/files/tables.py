"""From records to a table: where the header is, what its columns are called, every row as wide."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ali.imports.files.limits import Limits
from ali.imports.files.rows import Cell, SourceRow, SourceTable, UnreadableFile
from ali.imports.findings import Finding, note, warning
from ali.imports.findings import marked as _


@dataclass(slots=True)
class _Draft:
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    width: int = 0


def table_of(
    records: Iterable[tuple[int, list[Cell]]],
    *,
    encoding: str,
    limits: Limits,
    digest: str,
    notes: list[Finding],
) -> SourceTable:
    draft = _collected(records, limits)
    if not draft.rows:
        raise UnreadableFile(_("Nel file non c'è nessuna riga: controlla di aver scelto quello giusto."))
    position = _header_position([cells for _number, cells in draft.rows])
    header_row, header = draft.rows[position]
    if position:
        notes.append(
            note(_("L'intestazione è alla riga %(row)s: le righe sopra sono state saltate."), row=header_row)
        )
    body = draft.rows[position + 1 :]
    columns = _columns(header, body, notes)
    rows = tuple(SourceRow(number, _fitted(cells, len(columns))) for number, cells in body)
    if not rows:
        notes.append(warning(_("Sotto l'intestazione non c'è nessuna riga.")))
    return SourceTable(
        columns=columns,
        rows=rows,
        encoding=encoding,
        header_row=header_row,
        notes=tuple(notes),
        digest=digest,
        above=tuple(_words(cells) for _number, cells in draft.rows[:position]),
    )


def _words(cells: Sequence[Cell]) -> str:
    return " ".join(str(cell).strip() for cell in cells if _filled(cell))


def _collected(records: Iterable[tuple[int, list[Cell]]], limits: Limits) -> _Draft:
    """The rows with something in them, within the limits."""
    draft = _Draft()
    for number, cells in records:
        if not any(_filled(cell) for cell in cells):
            continue
        if len(draft.rows) > limits.rows:
            raise UnreadableFile(
                _("Il file ha più di %(limit)s righe: dividilo in più file."), limit=limits.rows
            )
        if len(cells) > limits.columns:
            raise UnreadableFile(
                _(
                    "La riga %(row)s ha più di %(limit)s colonne: controlla il separatore e togli le colonne inutili."
                ),
                row=number,
                limit=limits.columns,
            )
        for place, cell in enumerate(cells, start=1):
            if isinstance(cell, str) and len(cell) > limits.cell_characters:
                raise UnreadableFile(
                    _("Il testo alla riga %(row)s, colonna %(column)s, è troppo lungo (%(size)s caratteri)."),
                    row=number,
                    column=place,
                    size=len(cell),
                )
        draft.rows.append((number, cells))
        draft.width = max(draft.width, len(cells))
    return draft


def _filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or cell.strip() != ""


def _header_position(rows: Sequence[Sequence[Cell]]) -> int:
    """The first row that is about as wide as the table: offices write titles above it."""
    counts = [sum(_filled(cell) for cell in cells) for cells in rows[:20]]
    widest = max(counts)
    for position, count in enumerate(counts):
        if count >= max(2, widest * 0.6) or count == widest:
            return position
    return 0


def _columns(
    header: Sequence[Cell], body: Sequence[tuple[int, list[Cell]]], notes: list[Finding]
) -> tuple[str, ...]:
    """One name per column; repeated and missing names are completed, so that nothing is lost."""
    names = [" ".join(str(cell).split()) for cell in header]
    while names and not names[-1]:
        names.pop()
    for number, cells in body:
        extra = [place for place, cell in enumerate(cells) if place >= len(names) and _filled(cell)]
        if extra:
            notes.append(
                warning(
                    _(
                        "La riga %(row)s ha %(cells)s celle e l'intestazione ne ha %(columns)s: "
                        "forse un separatore dentro un testo senza virgolette."
                    ),
                    row=number,
                    cells=extra[-1] + 1,
                    columns=len(names),
                )
            )
            names += [""] * (extra[-1] + 1 - len(names))
    return _named(names, notes)


def _named(names: Sequence[str], notes: list[Finding]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    columns = []
    for place, name in enumerate(names, start=1):
        label = name or f"(colonna {place})"
        seen[label.casefold()] += 1
        if (times := seen[label.casefold()]) > 1:
            notes.append(
                warning(_("Due colonne si chiamano «%(name)s»: la seconda è tenuta a parte."), name=label)
            )
            label = f"{label} ({times})"
        columns.append(label)
    return tuple(columns)


def _fitted(cells: Sequence[Cell], width: int) -> tuple[Cell, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))
