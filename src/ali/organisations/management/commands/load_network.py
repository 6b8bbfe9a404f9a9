from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ali.core.decisions import Refusal
from ali.organisations.services import load_network


class Command(BaseCommand):
    help = "Carica la rete del progetto e le prefetture dai dati inclusi; ripeterlo non cambia nulla."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_network()
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{loaded.organisations} organizzazioni: {loaded.added} nuove, {loaded.roles_added} ruoli nuovi"
        )
