"""The `ali` command: finds the sub-command and hands it the words that follow.

A word that is not one of ours is a Django management command: `ali migrate`, `ali load_places`.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {  # word -> module with `register(subparsers)`; loaded only when asked for
    "calc": "ali.cli.calc",
    "demo": "ali.cli.demo",
    "import": "ali.cli.imports",
    "match": "ali.cli.match",
    "serve": "ali.cli.serve",
    "work": "ali.cli.work",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 when it did what was asked, 2 when the input was wrong."""
    words = list(sys.argv[1:] if argv is None else argv)
    asked = next((word for word in words if not word.startswith("-")), None)
    if asked is not None and asked not in COMMANDS:
        return run_management_command(words)
    parser = argparse.ArgumentParser(
        prog="ali",
        description="A.L.I. - Abitare, Lavorare, Integrarsi",
        epilog="Ogni altra parola è un comando di gestione: «ali help» li elenca.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="comando")
    for module in [COMMANDS[asked]] if asked in COMMANDS else COMMANDS.values():
        import_module(module).register(subparsers)
    arguments = parser.parse_args(words)
    return int(arguments.handler(arguments))


def run_management_command(words: Sequence[str]) -> int:
    """Hand the words to Django; it exits by itself when something is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ali.config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  slow to load

    execute_from_command_line(["ali", *words])
    return 0


if __name__ == "__main__":
    sys.exit(main())
