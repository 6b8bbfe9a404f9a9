"""An office's own list of empty homes: its columns are guessed, corrected once, remembered."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts.roles import Permission
from ali.housing.codes import WhyEmpty
from ali.imports.columns import ColumnMapping, Target
from ali.imports.files import SourceTable
from ali.imports.findings import error, has_errors, marked, warning
from ali.imports.kinds import ImportKind, Reading, as_text
from ali.imports.parsing import Cell, folded, is_blank, parse_date, parse_text
from ali.scouting.lists.applying import apply_leads, plan_leads
from ali.scouting.lists.places import provinces_by_name, town_named
from ali.scouting.lists.reading import Draft, totals_of

TARGETS: Final = (
    Target("address", marked("Indirizzo"), ("via", "ubicazione", "indirizzo immobile", "via e civico"), True),
    Target("municipality", marked("Comune"), ("citta", "località", "comune immobile"), True),
    Target("province", marked("Provincia"), ("prov", "sigla provincia")),
    Target("code", marked("Codice"), ("id", "codice immobile", "numero", "n")),
    Target("what", marked("Che cos'è"), ("descrizione", "tipologia", "tipo immobile", "immobile")),
    Target("area", marked("Superficie"), ("mq", "m2", "superficie mq", "metri quadri")),
    Target("owner", marked("Proprietario"), ("proprietà", "intestatario", "ditta")),
    Target("phone", marked("Telefono"), ("cellulare", "recapito", "telefono proprietario")),
    Target("why", marked("Perché è vuota"), ("motivo", "motivo sfitto", "motivazione", "causa")),
    Target("since", marked("Vuota dal"), ("sfitto dal", "sfitta dal", "libero dal", "vuoto dal")),
    Target("sheet", marked("Foglio"), ("fg",)),
    Target("parcel", marked("Particella"), ("mappale", "part", "map")),
    Target("subunit", marked("Subalterno"), ("sub",)),
    Target("notes", marked("Note"), ("osservazioni", "annotazioni")),
)
SHOWN: Final[Mapping[str, str | Promise]] = {
    "address": _("Indirizzo"),
    "town": _("Comune"),
    "what": _("Che cos'è"),
    "area_m2": _("Superficie (m²)"),
    "owner_name": _("Proprietario"),
    "why_empty": _("Perché è vuota"),
    "empty_since": _("Vuota dal"),
}
# Words that offices write, for each reason.
WHY: Final[Mapping[str, tuple[str, ...]]] = {
    WhyEmpty.HEIRS: ("eredi", "eredita", "successione"),
    WhyEmpty.TO_RENOVATE: ("ristruttur", "lavori", "inagibil", "degrad", "manutenzione"),
    WhyEmpty.FEAR: ("moros", "timore", "paura", "sfiducia"),
    WhyEmpty.UNSOLD: ("invendut", "vendita", "vendere"),
    WhyEmpty.OCCASIONAL: ("saltuari", "vacanze", "seconda casa", "ogni tanto"),
    WhyEmpty.CO_OWNERS: ("comproprie", "litig", "contenzioso"),
    WhyEmpty.AUCTION: ("asta", "npl", "pignora", "esecuzione"),
    WhyEmpty.NO_FUNDS: ("fondi", "risorse", "bilancio"),
}


def read_buildings(table: SourceTable, mapping: ColumnMapping, today: date) -> Reading:
    """Read every row under these columns."""
    findings = [*table.notes, *mapping.findings]
    if has_errors(mapping.findings):
        return Reading([], totals_of([]), findings)
    rows = [
        _row(
            number,
            {field: cells.get(column, "") for field, column in mapping.columns.items()},
            mapping,
            today,
        ).finish()
        for number, cells in table.records()
    ]
    return Reading(rows, totals_of(rows), findings)


def _row(number: int, cells: Mapping[str, Cell], mapping: ColumnMapping, today: date) -> Draft:
    draft = Draft(number, columns=mapping.columns)

    def text(name: str, longest: int) -> str:
        parsed = parse_text(cells.get(name, ""), longest=longest).about(name)
        draft.findings.extend(parsed.findings)
        return parsed.value or ""

    address, name = text("address", 200), text("municipality", 80)
    province = provinces_by_name().get(folded(text("province", 60)), "")
    town = town_named(name, province)
    if not address:
        draft.findings.append(error(marked("Manca l'indirizzo."), "address"))
    if town is None:
        draft.findings.append(
            error(
                marked(
                    "Il Comune «%(town)s» non si riconosce: scrivi il nome intero, e la provincia se ce n'è più di uno."
                ),
                "municipality",
                town=name,
            )
        )
    sheet, parcel, subunit = text("sheet", 6), text("parcel", 8), text("subunit", 6)
    draft.fields = {
        "address": address,
        "municipality": town.istat if town else "",
        "town": town.name if town else name,
        "province": town.province if town else province,
        "what": text("what", 150),
        "area_m2": _area(cells.get("area", ""), draft),
        "owner_name": text("owner", 200),
        "owner_phone": text("phone", 40),
        "why_empty": _why(text("why", 300), draft),
        "empty_since": _since(cells.get("since", ""), draft, today),
        "sheet": sheet,
        "parcel": parcel,
        "subunit": subunit,
        "notes": text("notes", 2000),
        "source": "town",
        "external_code": text("code", 60)
        or _own_code(address, town.istat if town else name, sheet, parcel, subunit),
    }
    return draft


def _own_code(*parts: str) -> str:
    """The same home has the same code in the next file, also when the office gives none."""
    return "r" + hashlib.sha256("|".join(folded(part) for part in parts).encode()).hexdigest()[:16]


def _area(value: Cell, draft: Draft) -> str:
    if is_blank(value):
        return ""
    words = folded(str(value)).replace("mq", "").replace("m2", "").strip()
    number = (
        str(value).lower().replace("mq", "").replace("m²", "").replace("m2", "").replace(",", ".").strip()
    )
    try:
        area = Decimal(number)
    except InvalidOperation:
        area = Decimal(0)
    if not words or not area.is_finite() or not 5 <= area <= 100_000:
        draft.findings.append(
            warning(
                marked("La superficie «%(text)s» non si capisce: è stata lasciata vuota."), "area", text=value
            )
        )
        return ""
    return str(area.quantize(Decimal("0.1")))


def _why(text: str, draft: Draft) -> str:
    if not text:
        return ""
    said = folded(text)
    exact = next((code for code, label in WhyEmpty.choices if folded(str(label)) == said), "")
    found = exact or next((code for code, words in WHY.items() if any(word in said for word in words)), "")
    if not found:
        draft.findings.append(warning(marked("Il motivo «%(text)s» va in «altro motivo»."), "why", text=text))
    return str(found or WhyEmpty.OTHER)


def _since(value: Cell, draft: Draft, today: date) -> str:
    parsed = parse_date(value).about("since")
    draft.findings.extend(parsed.findings)
    if parsed.value and parsed.value.on > today:
        draft.findings.append(warning(marked("«Vuota dal» è nel futuro: è stata lasciata vuota."), "since"))
        return ""
    return parsed.value.on.isoformat() if parsed.value else ""


def in_words(name: str, value: Any) -> str:  # Any: a value of a JSON document
    """Say a field of a row as people read it."""
    if value and name == "why_empty":
        return str(WhyEmpty(value).label)
    if value and name == "empty_since":
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    return as_text(name, value)


BUILDINGS: Final = ImportKind(
    name="buildings",
    needs=Permission.EDIT_OWNERS,
    label=_("Case vuote (elenco di un ufficio)"),
    explains=_("Un foglio con indirizzo e Comune: proprietario, motivo, superficie e catasto se ci sono."),
    shown=SHOWN,
    title=("address",),
    targets=TARGETS,
    read=read_buildings,
    plan=plan_leads,
    apply=apply_leads,
    in_words=in_words,
)
