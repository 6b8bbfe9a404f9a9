from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ali.rules.services import load_shipped_rules


class Command(BaseCommand):
    help = "Le regole incluse nel prodotto: «ali rules load» le carica senza toccare quelle confermate."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["load"], metavar="load")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_shipped_rules()
        self.stdout.write(f"{loaded.rules} regole: {loaded.added} nuove, {loaded.updated} aggiornate")
