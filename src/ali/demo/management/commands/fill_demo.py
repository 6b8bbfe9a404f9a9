"""Prepare the demonstration: tables, invented data and a first round, once; then say what is there."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.db.migrations.exceptions import InconsistentMigrationHistory

from ali.core import clock
from ali.core.decisions import Refusal
from ali.demo.filling.bodies import PASSWORD
from ali.demo.report import count_demo, sentences
from ali.demo.services import DEFAULT_PEOPLE, DEFAULT_SEED, prepare_demo


class Command(BaseCommand):
    help = "Riempie una base dati vuota con persone, centri e case inventati."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, help=f"persone in accoglienza ({DEFAULT_PEOPLE})")
        parser.add_argument("--seed", type=int, help=f"seme dei dati inventati ({DEFAULT_SEED})")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("I dati di esempio non entrano in produzione.")
        self._migrate()
        today = clock.today()
        try:
            prepare_demo(
                seed=options["seed"], people=options["people"], today=today, now=clock.now, tell=self._tell
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("")
        for sentence in sentences(count_demo(today), PASSWORD):
            self.stdout.write(sentence)

    def _migrate(self) -> None:
        try:
            call_command("migrate", verbosity=0)
        except (DatabaseError, InconsistentMigrationHistory, ValueError) as problem:
            raise CommandError(
                f"La base dati salvata è di un'altra versione ({problem}): ricomincia con «make demo-reset»."
            ) from problem

    def _tell(self, sentence: str) -> None:
        self.stdout.write(f"  {sentence}")
        self.stdout.flush()
