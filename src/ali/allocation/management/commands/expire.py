from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ali.allocation.tasks import come_back_tomorrow, expire_overdue


class Command(BaseCommand):
    help = (
        "Fa scadere le proposte senza risposta e chiude i giri interrotti; ripeterlo non cambia nulla. "
        "`ali work` lo fa da sé ogni notte; senza un processo di lavoro va messo in cron, una volta al giorno."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--nightly", action="store_true", help="mette in coda anche il lavoro delle notti seguenti"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = expire_overdue()
        if options["nightly"]:
            come_back_tomorrow()
        if options["verbosity"]:
            self.stdout.write(f"proposte scadute: {done['proposals']}, giri interrotti: {done['rounds']}")
