"""Confiscated homes from the national agency's open data: each becomes a lead that cannot be lived in until the Comune has
received it and given it by public procedure (D.Lgs. 159/2011, art. 48)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts.roles import Permission
from ali.imports.columns import ColumnMapping
from ali.imports.files import SourceTable
from ali.imports.findings import error, has_errors, marked, note, warning
from ali.imports.kinds import ImportKind, Reading
from ali.imports.parsing import Cell, folded
from ali.scouting.lists.applying import apply_leads, plan_leads
from ali.scouting.lists.places import provinces_by_name, town_named
from ali.scouting.lists.reading import Draft, totals_of

COLUMNS = ("s_bene", "nome_provincia", "nome_comune", "categoria", "sottocategoria")
HOMES = ("uso di abitazione", "alloggio e usi collettivi")
NOT_HOMES = ("box", "garage", "posto auto", "tettoia", "cantina", "autorimessa", "soffitta")

SHOWN: Final[Mapping[str, str | Promise]] = {
    "external_code": _("Codice del bene"),
    "town": _("Comune"),
    "what": _("Che cos'è"),
    "act": _("Provvedimento"),
    "confiscated_share": _("Quota confiscata (%)"),
}


def read_anbsc(table: SourceTable, mapping: ColumnMapping, today: date) -> Reading:
    """Read every row; the layout is fixed, so that `mapping` says nothing."""
    if missing := [name for name in COLUMNS if name not in table.columns]:
        finding = error(
            marked("Non è il file dei beni confiscati: manca la colonna «%(name)s»."), name=missing[0]
        )
        return Reading([], totals_of([]), [*table.notes, finding])
    rows = [_row(number, cells).finish() for number, cells in table.records()]
    return Reading(rows, totals_of(rows), table.notes)


def _row(number: int, cells: Mapping[str, Cell]) -> Draft:
    text = {name: " ".join(str(value).split()) for name, value in cells.items()}
    draft = Draft(number)
    if not text["s_bene"]:
        draft.findings.append(
            error(marked("Manca il codice del bene: senza, non si riconosce la prossima volta."))
        )
    province = provinces_by_name().get(folded(text["nome_provincia"]), "")
    town = town_named(text["nome_comune"], province, text.get("cod_istat_fonte", "")) if province else None
    if town is None:
        draft.findings.append(
            error(
                marked("Il Comune «%(town)s» (%(province)s) non esiste: controlla come è scritto."),
                town=text["nome_comune"],
                province=text["nome_provincia"],
            )
        )
    elif folded(town.name) != folded(text["nome_comune"]):
        draft.findings.append(
            note(marked("«%(old)s» oggi è nel Comune di %(new)s."), old=text["nome_comune"], new=town.name)
        )
    what, share = text["sottocategoria"] or text["categoria"], _share(text.get("quota_confiscata", ""))
    draft.fields = {
        "external_code": text["s_bene"][:60],
        "municipality": town.istat if town else "",
        "town": town.name if town else text["nome_comune"],
        "province": town.province if town else province,
        "what": what[:150],
        "act": text.get("provvedimento", ""),
        "confiscated_share": share,
        "is_confiscated": True,
        "source": "anbsc",
        "why_empty": "confiscated",
        "kind": "collective" if "collettivi" in text["categoria"] else "",
    }
    draft.is_skipped = not _is_home(text["categoria"], what)
    if draft.is_skipped and not has_errors(draft.findings):
        draft.findings.append(
            note(marked("Non è una casa («%(what)s»): resta fuori dal censimento."), what=what)
        )
        return draft
    if share is None:
        draft.findings.append(note(marked("La quota confiscata non è indicata.")))
    elif share < 100:
        draft.findings.append(
            warning(
                marked("La quota confiscata è il %(share)s%%: da sola non si può assegnare."), share=share
            )
        )
    if folded(text.get("provvedimento", "")) != "confisca def":
        draft.findings.append(
            note(marked("La confisca non è definitiva: può ancora tornare al proprietario."))
        )
    return draft


def _share(text: str) -> int | None:
    """Zero in the file means that nobody wrote it."""
    number = text.replace(",", ".").split(".")[0]
    return int(number) if number.isdigit() and 0 < int(number) <= 100 else None


def _is_home(category: str, what: str) -> bool:
    about, kind = folded(category), folded(what)
    return any(word in about for word in HOMES) and not any(word in kind.split() for word in NOT_HOMES)


ANBSC: Final = ImportKind(
    name="anbsc",
    needs=Permission.EDIT_OWNERS,
    label=_("Beni confiscati (ANBSC)"),
    explains=_(
        "Il file pubblico dell'Agenzia nazionale: le abitazioni della tua provincia entrano nel censimento. "
        "Nessuna si può abbinare finché il Comune non l'ha ricevuta e assegnata."
    ),
    shown=SHOWN,
    title=("external_code",),
    read=read_anbsc,
    plan=plan_leads,
    apply=apply_leads,
)
