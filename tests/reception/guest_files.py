"""Guest lists for tests: a few columns, invented people, and the states that they come from."""

import io
from pathlib import Path

from openpyxl import Workbook

from ali.core.text import fold
from ali.places.bundled import bundled_states
from ali.places.models import State
from tests.factories.places import load_small_places

DATA = Path(__file__).parent / "data"
COLUMNS = ["Centro", "Cognome", "Nome", "Data di nascita", "Cittadinanza", "CUI", "Data ingresso"]


def load_states() -> None:
    """Every state that a list may name."""
    load_small_places()
    State.objects.bulk_create(
        [State(**row, folded=fold(row["name"])) for row in bundled_states()], ignore_conflicts=True
    )


def guest_csv(*rows: str, columns: str = ";".join(COLUMNS)) -> io.BytesIO:
    """A CSV of these rows (cells separated by semicolons)."""
    return io.BytesIO("\n".join([columns, *rows, ""]).encode())


def prefecture_workbook() -> io.BytesIO:
    """The third invented layout: a prefecture's workbook with a title above the header."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["PREFETTURA INVENTATA - Presenze (persone inventate)"])
    sheet.append([])
    header = (
        "N.|Centro|Cognome|Nome|Sesso|Data di nascita|Cittadinanza|CUI|Vestanet|Data ingresso|Stato procedura"
    )
    header += "|Esito|Data decisione|Data notifica|Tipo permesso|Data consegna permesso|Scadenza permesso"
    sheet.append(header.split("|"))
    row = "1|Centro Inventato|ESEMPIO|Karim|M|04/05/1992|Pakistan|05ABC1D|PD0001111|01/10/2023|notificata"
    row += "|rifugiato|01/12/2025|08/01/2026|asilo|20/02/2026|19/02/2031"
    sheet.append(row.split("|"))
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream
