"""`ali work`: does the tasks that the web leaves for later."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def register(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `work`."""
    work = subparsers.add_parser("work", help="esegue i lavori in attesa, finché non lo si ferma")
    work.add_argument("--once", action="store_true", help="finisce quando non c'è più niente da fare")
    work.add_argument("--quiet", action="store_true", help="non scrive niente sul terminale")
    work.set_defaults(handler=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the database worker of django-tasks; what expired or fell due while nobody worked comes first, and then every night."""
    from ali.cli.main import run_management_command  # noqa: PLC0415  `main` loads this module

    words = ["--verbosity", "0"] if arguments.quiet else []
    run_management_command(["expire", "--nightly", *words])
    run_management_command(["rents", "--nightly", *words])
    run_management_command(["agreements", "--nightly", *words])
    run_management_command(["portfolio", "--nightly", *words])
    return run_management_command(["db_worker", *(["--batch"] if arguments.once else []), *words])
