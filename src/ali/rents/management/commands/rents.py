from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ali.accounts.actors import SYSTEM
from ali.core import clock
from ali.rents.overdue import refresh_every_arrears
from ali.rents.services import write_month_dues
from ali.rents.tasks import come_back_tomorrow
from ali.rents.totals import differences, rebuild


class Command(BaseCommand):
    help = (
        "Scrive i dovuti del mese e guarda gli arretrati; ripeterlo non cambia nulla. `ali work` lo fa da sé ogni notte. "
        "Con --verify confronta saldi e totali mensili con i movimenti, con --rebuild li riscrive."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", default="", metavar="AAAA-MM", help="un altro mese invece di questo")
        parser.add_argument(
            "--verify", action="store_true", help="solo il confronto: esce con errore se qualcosa non torna"
        )
        parser.add_argument("--rebuild", action="store_true", help="riscrive saldi e totali dai movimenti")
        parser.add_argument(
            "--nightly", action="store_true", help="mette in coda anche il lavoro delle notti seguenti"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            rebuild()
        if options["rebuild"] or options["verify"]:
            self._verify()
            return
        today = clock.today()
        report = write_month_dues(actor=SYSTEM, month=_month(options["month"]) or today, today=today)
        accounts = refresh_every_arrears(today)
        if options["nightly"]:
            come_back_tomorrow()
        if options["verbosity"]:
            self.stdout.write(
                f"conti guardati: {report.accounts}, dovuti scritti: {report.written}, conti con un debito: {accounts}"
            )

    def _verify(self) -> None:
        wrong = differences()
        for one in wrong[:20]:
            self.stderr.write(f"{one.what}: tenuto {one.kept}, dai movimenti {one.raw}")
        if wrong:
            raise CommandError(
                f"{len(wrong)} somme non tornano: «ali rents --rebuild» le riscrive dai movimenti."
            )
        self.stdout.write("saldi e totali mensili sono uguali alle somme dei movimenti")


def _month(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise CommandError("Il mese si scrive come 2026-03.") from None
