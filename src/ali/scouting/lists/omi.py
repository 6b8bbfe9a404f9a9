"""Rents by zone from the files of the property observatory (OMI): «VALORI» with the rents, «ZONE» with the zones' names.

The layout is the agency's own: a caption with the half year, a header, decimals with a comma, 0;0 for a rent not observed.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts.roles import Permission
from ali.audit import services as audit
from ali.core.money import show_euros, to_cents
from ali.imports.columns import ColumnMapping
from ali.imports.files import SourceTable
from ali.imports.findings import error, marked, note
from ali.imports.kinds import ImportKind, Plan, Reading, as_text
from ali.imports.models import StagedRow
from ali.imports.parsing import Cell
from ali.imports.states import Effect, RowStatus
from ali.places.models import Municipality
from ali.scouting.lists.places import town_of_cadastre
from ali.scouting.lists.reading import Draft, totals_of
from ali.scouting.models import RentQuote, RentZone

HALF_YEAR: Final = re.compile(r"semestre\s+(\d{4})\s*/\s*([12])", re.IGNORECASE)
VALUES: Final = ("Comune_amm", "Zona", "Cod_Tip", "Descr_Tipologia", "Stato", "Loc_min", "Loc_max")
ZONES: Final = ("Comune_amm", "Zona", "Zona_Descr")
BATCH: Final = 1000

SHOWN: Final[Mapping[str, str | Promise]] = {
    "town": _("Comune"),
    "zone": _("Zona"),
    "half_year": _("Semestre"),
    "kind_name": _("Tipologia"),
    "condition": _("Stato"),
    "low": _("Minimo al m²"),
    "high": _("Massimo al m²"),
    "name": _("Descrizione"),
}


def read_omi(table: SourceTable, mapping: ColumnMapping, today: date) -> Reading:
    """Read every row of either file; the layout is fixed, so that `mapping` says nothing."""
    half_year = _half_year(table)
    is_values = all(name in table.columns for name in VALUES)
    if not is_values and not all(name in table.columns for name in ZONES):
        return _refused(
            table,
            marked("Non è un file di quotazioni OMI: servono le colonne del file VALORI o del file ZONE."),
        )
    if not half_year:
        return _refused(
            table,
            marked(
                "Non si legge il semestre: lascia la prima riga del file come l'ha scritta l'Agenzia delle Entrate."
            ),
        )
    read = _value_row if is_values else _zone_row
    rows = [read(number, cells, half_year).finish() for number, cells in table.records()]
    return Reading(rows, totals_of(rows), table.notes)


def _refused(table: SourceTable, sentence: str) -> Reading:
    return Reading([], totals_of([]), [*table.notes, error(sentence)])


def _half_year(table: SourceTable) -> str:
    found = HALF_YEAR.search(" ".join(table.above))
    return f"{found[1]}/{found[2]}" if found else ""


def _start(number: int, text: Mapping[str, str], half_year: str) -> Draft:
    draft, town = Draft(number), town_of_cadastre(text["Comune_amm"])
    if town is None:
        draft.findings.append(
            error(
                marked("Il codice catastale «%(code)s» non è di un Comune di oggi."), code=text["Comune_amm"]
            )
        )
    draft.fields = {
        "municipality": town.istat if town else "",
        "town": town.name if town else text.get("Comune_descrizione", ""),
        "province": town.province if town else text.get("Prov", ""),
        "zone": text["Zona"][:6],
        "band": text.get("Fascia", "")[:2],
        "half_year": half_year,
    }
    return draft


def _texts(cells: Mapping[str, Cell]) -> dict[str, str]:
    return {name: " ".join(str(value).split()) for name, value in cells.items()}


def _value_row(number: int, cells: Mapping[str, Cell], half_year: str) -> Draft:
    text = _texts(cells)
    draft = _start(number, text, half_year)
    low, high = _euros(text["Loc_min"]), _euros(text["Loc_max"])
    draft.fields |= {
        "kind": text["Cod_Tip"][:3],
        "kind_name": text["Descr_Tipologia"][:80],
        "condition": text["Stato"][:10].lower(),
        "is_usual": text.get("Stato_prev", "") == "P",
        "is_gross": text.get("Sup_NL_loc", "") == "L",
        "low": low,
        "high": high,
    }
    if low is None or high is None or high < low:
        draft.findings.append(
            error(
                marked("I valori di locazione «%(low)s - %(high)s» non si leggono."),
                low=text["Loc_min"],
                high=text["Loc_max"],
            )
        )
    elif not high:
        draft.is_skipped = True
        draft.findings.append(note(marked("Qui l'osservatorio non dà un canone.")))
    return draft


def _zone_row(number: int, cells: Mapping[str, Cell], half_year: str) -> Draft:
    text = _texts(cells)
    draft = _start(number, text, half_year)
    draft.fields["name"] = text["Zona_Descr"].strip("'\" ")[:200]
    return draft


def _euros(text: str) -> int | None:
    if not text:
        return 0
    try:
        value = Decimal(text.replace(".", "").replace(",", ".") if "," in text else text)
    except InvalidOperation:
        return None
    return to_cents(value) if value.is_finite() and 0 <= value < 1000 else None


# --- what applying would do ----------------------------------------------------------------------------


def plan_omi(plan: Plan) -> None:
    """Say of each row whether the zone or the rent is new, changed or already there; other provinces are left out."""
    world = _World(plan.rows)
    for done, row in enumerate(plan.rows):
        plan.tick(done)
        if not row.start_plan():
            continue
        if row.text("province") not in plan.actor.provinces:
            row.status = RowStatus.SKIPPED
            row.say(
                note(
                    marked("È della provincia «%(province)s»: non è del tuo ente."),
                    province=row.text("province"),
                )
            )
            continue
        if row.text("municipality") not in world.towns:
            row.say(error(marked("Questo Comune non è tra quelli caricati: lancia «ali load_places».")))
            continue
        row.effect = world.effect(row)


Key = tuple[str, str, str]


def _key(row: StagedRow) -> Key:
    return (row.text("municipality"), row.text("zone"), row.text("half_year"))


class _World:
    """The zones and rents that are stored for the Comuni of a file."""

    def __init__(self, rows: Any) -> None:  # Any: rows of a run
        towns = {row.text("municipality") for row in rows}
        self.towns = set(Municipality.objects.filter(pk__in=towns).values_list("pk", flat=True).order_by())
        half_years = {row.text("half_year") for row in rows}
        found = RentZone.objects.filter(municipality__in=towns, half_year__in=half_years).order_by()
        self.zones: dict[Key, RentZone] = {
            (one.municipality_id, one.code, one.half_year): one for one in found
        }
        quotes = RentQuote.objects.filter(
            zone__municipality__in=towns, zone__half_year__in=half_years
        ).order_by()
        self.quotes: dict[tuple[int, str, str], RentQuote] = {
            (one.zone_id, one.kind, one.condition): one for one in quotes
        }

    def effect(self, row: StagedRow) -> Effect:
        """Return what writing the row would do."""
        zone = self.zones.get(_key(row))
        if zone is None:
            return Effect.NEW
        if row.text("name") or not row.text("kind"):
            return Effect.SAME if zone.name == row.text("name") else Effect.CHANGED
        quote = self.quotes.get((zone.pk, row.text("kind"), row.text("condition")))
        if quote is None:
            return Effect.NEW
        return Effect.SAME if all(getattr(quote, k) == v for k, v in _quote(row).items()) else Effect.CHANGED


def _quote(row: StagedRow) -> dict[str, Any]:  # Any: field values of RentQuote
    return {
        "kind_name": row.text("kind_name"),
        "is_usual": bool(row.fields.get("is_usual")),
        "is_gross_area": bool(row.fields.get("is_gross")),
        "low_cents": int(row.fields.get("low") or 0),
        "high_cents": int(row.fields.get("high") or 0),
    }


def apply_omi(plan: Plan) -> None:
    """Write the zones and the rents."""
    rows = [row for row in plan.rows if row.effect in {Effect.NEW, Effect.CHANGED}]
    world = _World(rows)
    for done, row in enumerate(rows):
        plan.tick(done)
        zone = world.zones.get(_key(row))
        if zone is None:
            town, code, half_year = _key(row)
            zone = RentZone.objects.create(
                municipality_id=town,
                code=code,
                half_year=half_year,
                band=row.text("band"),
                name=row.text("name"),
            )
            world.zones[_key(row)] = zone
        elif row.text("name") and zone.name != row.text("name"):
            zone.name = row.text("name")
            zone.save(update_fields=["name"])
        if row.text("kind"):
            RentQuote.objects.update_or_create(
                zone=zone, kind=row.text("kind"), condition=row.text("condition"), defaults=_quote(row)
            )
    audit.record(plan.actor, "rents_imported", plan.run, rows=len(rows))


def in_words(name: str, value: Any) -> str:  # Any: a value of a JSON document
    """Say a field of a row as people read it."""
    return show_euros(value) if name in {"low", "high"} and value is not None else as_text(name, value)


OMI: Final = ImportKind(
    name="omi",
    needs=Permission.EDIT_OWNERS,
    label=_("Canoni per zona (OMI)"),
    explains=_(
        "I file VALORI e ZONE dell'Osservatorio del mercato immobiliare, come li scarica l'ente: "
        "servono a dire quanto una casa sta sotto il mercato."
    ),
    shown=SHOWN,
    title=("town", "zone"),
    read=read_omi,
    plan=plan_omi,
    apply=apply_omi,
    in_words=in_words,
)
