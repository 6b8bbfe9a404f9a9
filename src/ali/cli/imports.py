"""`ali import`: a file of an office, row by row. A dry run needs no database and stores nothing."""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from ali.imports.columns import ColumnMapping
    from ali.imports.files import SourceTable
    from ali.imports.kinds import ImportKind
    from ali.imports.models import StagedRow
    from ali.organisations.models import Organisation

FINE, WITH_ERRORS, BAD_INPUT = 0, 1, 2


def register(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `import`."""
    command = subparsers.add_parser("import", help="legge un file di un ufficio o della banca, riga per riga")
    command.add_argument(
        "kind",
        metavar="TIPO",
        help="guests (elenco ospiti), anac (contratti), bank o bank-csv (banca), "
        "anbsc (beni confiscati), buildings (case vuote), omi (canoni per zona)",
    )
    command.add_argument("file", metavar="FILE", help="CSV o XLSX; per la banca anche CAMT.053 o CBI")
    command.add_argument("--dry-run", action="store_true", help="legge e riferisce soltanto: non salva nulla")
    command.add_argument("--json", action="store_true", help="stampa i dati invece delle frasi")
    command.add_argument(
        "--organisation", default="", metavar="ENTE", help="chi manda l'elenco: nome o codice fiscale"
    )
    command.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="CAMPO=COLONNA",
        help="quale colonna contiene un campo (si ripete)",
    )
    command.add_argument("--sheet", default="", metavar="FOGLIO", help="il foglio di Excel da leggere")
    command.set_defaults(handler=import_file)


def import_file(arguments: argparse.Namespace) -> int:
    """Report every row and, unless it is a dry run, apply the good ones: 0 fine, 1 rows with errors, 2 nothing done."""
    _start_django()
    from django.db import DatabaseError  # noqa: PLC0415  after Django has started

    from ali.core.decisions import Refusal  # noqa: PLC0415
    from ali.imports.files import UnreadableFile  # noqa: PLC0415

    try:
        rows = _dry_run(arguments) if arguments.dry_run else _import(arguments)
    except (Refusal, UnreadableFile) as problem:
        return _refuse(str(problem))
    except DatabaseError as problem:
        return _refuse(f"La banca dati non è pronta ({problem}): lancia «ali migrate» e «ali load_places».")
    return WITH_ERRORS if any(row["status"] == "error" for row in rows) else FINE


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return BAD_INPUT


def _dry_run(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Read and report: no database is asked."""
    from ali.core import clock  # noqa: PLC0415  after Django has started
    from ali.imports.kinds import kind_named  # noqa: PLC0415

    kind = kind_named(arguments.kind)
    table, mapping = _read(arguments, kind)
    reading = kind.read(table, mapping, clock.today())
    _print(reading.report(), [str(finding) for finding in reading.findings], as_json=arguments.json)
    return [row.printed for row in reading.rows]


def _import(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Stage the file, apply what is good in one transaction, report what became of each row."""
    from ali.core import clock  # noqa: PLC0415  after Django has started
    from ali.imports import services  # noqa: PLC0415
    from ali.imports.kinds import kind_named  # noqa: PLC0415

    kind, today = kind_named(arguments.kind), clock.today()
    sender = _organisation(arguments.organisation)
    actor = services.operator(sender)
    table, mapping = _read(arguments, kind)
    reading = kind.read(table, mapping, today)
    run = services.stage_file(
        actor=actor,
        kind=kind.name,
        source=arguments.file,
        today=today,
        sender=sender,
        chosen=_chosen(arguments.column) or None,
        sheet=arguments.sheet,
    )
    run = services.apply_run(actor=actor, run=run, today=today, now=clock.now())
    report = reading.report()
    report["rows"] = [
        _outcome(row.printed, staged)
        for row, staged in zip(reading.rows, run.rows.order_by("row"), strict=True)
    ]
    report["totals"] |= run.totals
    _print(report, [note["text"] for note in run.notes], as_json=arguments.json)
    return list(report["rows"])


def _outcome(printed: dict[str, Any], staged: "StagedRow") -> dict[str, Any]:
    """A row as it was read, with what became of it."""
    planned = [message for message in staged.messages if message.get("planned")]
    texts = any(isinstance(message, str) for message in printed["messages"]) or "fields" not in printed
    added = [message["text"] if texts else message for message in planned]
    return {
        **printed,
        "status": staged.status,
        "effect": staged.effect,
        "messages": [*printed["messages"], *added],
    }


def _organisation(words: str) -> "Organisation | None":
    """The body of this name or codice fiscale; several or none are refused with their names."""
    from ali.core.decisions import Refusal  # noqa: PLC0415  after Django has started
    from ali.organisations.models import Organisation  # noqa: PLC0415

    if not words:
        return None
    found: list[Organisation] = list(Organisation.objects.filter(fiscal_code=words).order_by("pk")) or list(
        Organisation.objects.named(words).order_by("name", "pk")
    )
    exact = [one for one in found if words.casefold() in {one.name.casefold(), one.short_name.casefold()}]
    if len(exact or found) == 1:
        return (exact or found)[0]
    names = "; ".join(one.name for one in found[:5])
    raise Refusal(
        f"«{words}» può essere: {names}." if found else f"Non c'è nessuna organizzazione «{words}»."
    )


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ali.config.settings")
    import django  # noqa: PLC0415  slow to load

    django.setup()


def _read(arguments: argparse.Namespace, kind: "ImportKind") -> "tuple[SourceTable, ColumnMapping]":
    from ali.imports.columns import guess_mapping  # noqa: PLC0415  after Django has started
    from ali.imports.services import limits, read_upload  # noqa: PLC0415

    table = read_upload(arguments.file, limits=limits(), sheet=arguments.sheet, opens=kind.opens)
    return table, guess_mapping(table.columns, kind.targets, chosen=_chosen(arguments.column))


def _chosen(words: Iterable[str]) -> dict[str, str]:
    from ali.core.decisions import Refusal  # noqa: PLC0415  after Django has started

    pairs = [word.partition("=") for word in words]
    if wrong := next((field for field, sign, _column in pairs if not sign), None):
        raise Refusal(f"«{wrong}»: scrivi --column campo=colonna.")
    return {field.strip(): column.strip() for field, _sign, column in pairs}


def _print(report: dict[str, Any], notes: Iterable[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
        return
    for sentence in notes:
        print(f"- {sentence}")
    for row in report["rows"]:
        print(f"Riga {row['row']}: {_STATUS[row['status']]}{_effect(row)} {_in_words(row)}".rstrip())
        for message in row["messages"]:
            print(f"    {message if isinstance(message, str) else _where(message) + message['text']}")
    print(_totals(report["totals"]))


def _effect(row: dict[str, Any]) -> str:
    word = _EFFECTS.get(row.get("effect", ""), "")
    return f" ({word})" if word else ""


_EFFECTS = {"new": "nuova", "changed": "aggiornata", "same": "uguale"}
_STATUS = {"ok": "bene", "doubtful": "da controllare", "skipped": "saltata", "error": "errore"}
_LEFT_OUT = {"row", "status", "effect", "messages", "is_reception", "confidence"}


def _in_words(printed: dict[str, Any]) -> str:
    """The fields that say something, on one line."""
    fields = printed.get("fields", printed)
    said = {name: value for name, value in fields.items() if value and name not in _LEFT_OUT}
    return "; ".join(
        f"{name} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in said.items()
    )


def _where(message: dict[str, Any]) -> str:
    return f"colonna «{message['column']}»: " if message.get("column") else ""


def _totals(totals: dict[str, Any]) -> str:
    counted = ", ".join(f"{totals.get(status, 0)} {word}" for status, word in _TOTAL_WORDS.items())
    done = ", ".join(
        f"{totals[f'effect_{effect}']} {word}"
        for effect, word in _EFFECT_TOTALS.items()
        if f"effect_{effect}" in totals
    )
    return f"Righe {totals['rows']}: {counted}." + (f" Applicate: {done}." if done else "")


_EFFECT_TOTALS = {"new": "nuove", "changed": "aggiornate", "same": "uguali"}


_TOTAL_WORDS = {"ok": "bene", "doubtful": "da controllare", "skipped": "saltate", "error": "con errori"}
