"""The `ali` command: finds the sub-command and hands it the words that follow."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {  # word -> module with `register(subparsers)`; loaded only when asked for
    "match": "ali.cli.match",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 when it did what was asked."""
    words = list(sys.argv[1:] if argv is None else argv)
    asked = next((word for word in words if not word.startswith("-")), None)
    parser = argparse.ArgumentParser(prog="ali", description="A.L.I. - Abitare, Lavorare, Integrarsi")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="comando")
    for module in [COMMANDS[asked]] if asked in COMMANDS else COMMANDS.values():
        import_module(module).register(subparsers)
    arguments = parser.parse_args(words)
    return int(arguments.handler(arguments))


if __name__ == "__main__":
    sys.exit(main())
