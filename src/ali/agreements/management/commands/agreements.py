from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ali.agreements.services import load_schemes
from ali.agreements.tasks import come_back_tomorrow, look_at_agreements
from ali.core import clock


class Command(BaseCommand):
    help = (
        "Carica le garanzie locali che arrivano con il programma, guarda quali accordi finiscono con qualcuno in casa e libera "
        "gli impegni del fondo scaduti. Ripeterlo non cambia nulla."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--nightly", action="store_true", help="mette in coda anche il lavoro delle notti seguenti"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_schemes()
        done = look_at_agreements(clock.today())
        if options["nightly"]:
            come_back_tomorrow()
        if options["verbosity"]:
            self.stdout.write(
                f"garanzie aggiunte: {added}, accordi guardati: {done['agreements']}, "
                f"impegni liberati: {done['released']}"
            )
