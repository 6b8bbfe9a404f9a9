from typing import Any

from django.core.management.base import BaseCommand

from ali.places.services import load_places


class Command(BaseCommand):
    help = "Carica province, comuni, stati e lingue dai dati inclusi; ripeterlo non cambia nulla."

    def handle(self, *args: Any, **options: Any) -> None:
        for table in load_places():
            self.stdout.write(
                f"{table.code}: {table.rows} righe, {table.added} nuove, {table.changed} cambiate, "
                f"{table.retired} non più attuali (versione {table.sha256[:12]})"
            )
