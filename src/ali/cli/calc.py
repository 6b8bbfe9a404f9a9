"""`ali calc`: a rule's answer as JSON, from the same code that the pages call. Needs no database and no setting."""

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import _SubParsersAction

BAD_INPUT = 2


class BadInput(Exception):
    """What was typed is not a JSON object."""


def register(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `calc`."""
    calc = subparsers.add_parser("calc", help="calcola una regola e ne dice la fonte")
    calc.add_argument("name", nargs="?", metavar="NOME", help="la regola (--list le elenca)")
    calc.add_argument(
        "--json", dest="given", metavar="DATI", help="un oggetto JSON; «-» lo legge dall'ingresso"
    )
    calc.add_argument("--list", action="store_true", help="elenca le regole che si possono calcolare")
    calc.set_defaults(handler=answer)


def answer(arguments: argparse.Namespace) -> int:
    """Print the answer, or one sentence about what is wrong."""
    _start_django()
    from ali.core.decisions import Refusal  # noqa: PLC0415  after Django has started
    from ali.rules.calculators import calculate, calculator_names  # noqa: PLC0415

    if arguments.list or not arguments.name:
        print("\n".join(calculator_names()))
        return 0 if arguments.list else BAD_INPUT
    try:
        given = _read(arguments.given)
        result = calculate(arguments.name, given)
    except (BadInput, Refusal) as refusal:
        print(str(refusal), file=sys.stderr)
        return BAD_INPUT
    print(json.dumps(result, ensure_ascii=False))
    return 0


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ali.config.settings")
    import django  # noqa: PLC0415  slow to load

    django.setup()


def _read(text: str | None) -> dict[str, Any]:
    """Return the JSON object typed, or read from the standard input."""
    if text is None:
        raise BadInput("Mancano i dati: aggiungi --json '{...}'.")
    try:
        given = json.loads(sys.stdin.read() if text == "-" else text, parse_constant=_refuse_constant)
    except ValueError as problem:
        raise BadInput(f"I dati non sono JSON leggibile: {problem}.") from problem
    if not isinstance(given, dict):
        raise BadInput('I dati devono essere un oggetto JSON: {"campo": valore}.')
    return given


def _refuse_constant(name: str) -> None:
    raise ValueError(f"«{name}» non è un numero")
