from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ali.core import clock
from ali.portfolio.indicators import MONTHS
from ali.portfolio.keeping import differences, keep_months, months_back
from ali.portfolio.tasks import come_back_tomorrow


class Command(BaseCommand):
    help = (
        "Ricalcola i mesi tenuti per gli indicatori del patrimonio (questo e il precedente; con --year gli ultimi dodici). "
        "`ali work` lo fa da sé ogni notte. Con --verify li confronta con le righe da cui vengono."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", action="store_true", help="gli ultimi dodici mesi")
        parser.add_argument(
            "--verify", action="store_true", help="solo il confronto: esce con errore se non torna"
        )
        parser.add_argument("--nightly", action="store_true", help="mette in coda anche le notti seguenti")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        months = months_back(today, MONTHS if options["year"] else 2)
        if options["verify"]:
            wrong = differences(months, today)
            if wrong:
                raise CommandError(f"{len(wrong)} somme non tornano: «ali portfolio --year» le riscrive.")
            self.stdout.write("i mesi tenuti sono uguali alle somme delle righe")
            return
        kept = keep_months(months, today)
        if options["nightly"]:
            come_back_tomorrow()
        if options["verbosity"]:
            self.stdout.write(f"mesi ricalcolati: {len(kept)}, righe: {sum(kept.values())}")
