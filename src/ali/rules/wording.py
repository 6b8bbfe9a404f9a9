"""Rules in words: names of groups and parts, values as people write them."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ali.rules.models import Rule
from ali.rules.values import RuleValue

GROUPS: dict[str, str | Promise] = {
    "reception": gettext_lazy("Uscita dall'accoglienza"),
    "allocation": gettext_lazy("Abbinamenti e proposte"),
    "affordability": gettext_lazy("Sostenibilità del canone"),
    "housing": gettext_lazy("Case"),
    "agreements": gettext_lazy("Contratti"),
    "people": gettext_lazy("Documenti e residenza"),
    "rents": gettext_lazy("Canoni e arretrati"),
    "deadlines": gettext_lazy("Scadenze"),
    "tenancies": gettext_lazy("Affitti"),
    "renovation": gettext_lazy("Lavori sulle case"),
    "scouting": gettext_lazy("Ricerca di case"),
    "portfolio": gettext_lazy("Patrimonio"),
    "upkeep": gettext_lazy("Manutenzioni"),
}
PARTS: dict[str, str | Promise] = {
    "area_each_of_first": gettext_lazy("m² per ciascuno dei primi abitanti"),
    "first": gettext_lazy("quanti sono i primi"),
    "area_each_further": gettext_lazy("m² per ciascuno dei successivi"),
    "single_bedroom": gettext_lazy("m² della camera singola"),
    "double_bedroom": gettext_lazy("m² della camera doppia"),
    "studio_one": gettext_lazy("m² del monolocale per una persona"),
    "studio_two": gettext_lazy("m² del monolocale per due persone"),
    "min_height": gettext_lazy("altezza minima (m)"),
    "min_service_height": gettext_lazy("altezza minima di bagni e corridoi (m)"),
    "window_ratio": gettext_lazy("superficie delle finestre, quota del pavimento"),
    "living_room": gettext_lazy("m² del soggiorno"),
    "green_up_to": gettext_lazy("verde fino a (quota)"),
    "amber_up_to": gettext_lazy("ambra fino a (quota)"),
    "first_person": gettext_lazy("per la prima persona"),
    "each_further_person": gettext_lazy("per ogni altra persona"),
    "permit": gettext_lazy("permesso di soggiorno"),
    "document": gettext_lazy("documenti"),
    "proposal": gettext_lazy("proposte"),
    "exit": gettext_lazy("uscite"),
    "partial": gettext_lazy("basta in parte da"),
    "enough": gettext_lazy("basta da"),
    "actual_days": gettext_lazy("si contano i giorni del calendario (no: mesi di trenta giorni)"),
    "last_day_counts": gettext_lazy("il giorno di uscita si paga"),
    "remind": gettext_lazy("promemoria dopo"),
    "contact": gettext_lazy("telefonata o visita dopo"),
    "plan": gettext_lazy("piano di rientro dopo"),
    "committee": gettext_lazy("comitato sociale dopo"),
    "warn": gettext_lazy("lettera formale non prima di"),
    "min_months": gettext_lazy("durata minima (mesi)"),
    "max_months": gettext_lazy("durata massima (mesi)"),
    "renewal_months": gettext_lazy("proroga (mesi)"),
    "tenant_notice_months": gettext_lazy("disdetta di chi abita (mesi prima)"),
    "landlord_notice_months": gettext_lazy("disdetta di chi dà la casa (mesi prima)"),
    "registration_days": gettext_lazy("giorni per registrare"),
    "reconfirm_days": gettext_lazy("conferma dell'esigenza (giorni prima della fine)"),
    "deposit_max_months": gettext_lazy("deposito, al massimo (mensilità)"),
    "has_yearly_tax": gettext_lazy("imposta di registro ogni anno"),
    "has_index_update": gettext_lazy("aggiornamento ISTAT"),
    "rate": gettext_lazy("quota del canone annuo"),
    "least_euros": gettext_lazy("almeno (euro)"),
    "ordinary": gettext_lazy("ordinaria"),
    "agreed": gettext_lazy("per i contratti concordati"),
    "euros": gettext_lazy("euro"),
    "pages": gettext_lazy("ogni quante facciate"),
    "long_years": gettext_lazy("tutti i proprietari oltre (anni)"),
    "job_lost": gettext_lazy("perdita del lavoro"),
    "hours_cut": gettext_lazy("riduzione dell'orario"),
    "laid_off": gettext_lazy("cassa integrazione"),
    "not_renewed": gettext_lazy("contratto o tirocinio non rinnovato"),
    "business_ended": gettext_lazy("fine di un'attività autonoma"),
    "illness": gettext_lazy("malattia, infortunio o morte in famiglia"),
    "other": gettext_lazy("altra causa, scritta nel motivo"),
    "rent_low": gettext_lazy("minimo"),
    "rent_high": gettext_lazy("massimo"),
    "wait_days": gettext_lazy("giorni da aspettare prima di cominciare"),
    "check_days": gettext_lazy("giorni per i controlli del Comune"),
    "decision_days": gettext_lazy("giorni per la risposta"),
    "start_months": gettext_lazy("mesi per cominciare"),
    "end_months": gettext_lazy("mesi per finire"),
    "from_start": gettext_lazy("la fine si conta dall'inizio dei lavori"),
    "file_days": gettext_lazy("giorni dalla fine dei lavori per presentarlo"),
    "valid_months": gettext_lazy("mesi di validità"),
    "before_start": gettext_lazy("si presenta prima di cominciare"),
    "firms_above": gettext_lazy("imprese, più di"),
    "man_days_above": gettext_lazy("uomini-giorno, più di"),
    "works": gettext_lazy("lavori"),
    "fees": gettext_lazy("professionisti e arredi"),
    "structure": gettext_lazy("tetto, muri e solai"),
    "damp": gettext_lazy("umidità"),
    "windows": gettext_lazy("serramenti"),
    "wiring_ok": gettext_lazy("impianto elettrico"),
    "heating_ok": gettext_lazy("riscaldamento e gas"),
    "bathroom_ok": gettext_lazy("bagno"),
    "size": gettext_lazy("superfici e altezze"),
    "access_ok": gettext_lazy("accesso senza barriere"),
    "papers": gettext_lazy("catasto e titoli"),
    "money": gettext_lazy("risorse per i lavori"),
    "place": gettext_lazy("fermata e negozi"),
    "owner_ok": gettext_lazy("disponibilità del proprietario"),
    "rent_ok": gettext_lazy("canone sotto il mercato"),
    "condominium_ok": gettext_lazy("condominio"),
    "ape": gettext_lazy("attestato energetico (APE)"),
    "wiring": gettext_lazy("impianto elettrico (DICO o DIRI)"),
    "gas": gettext_lazy("impianto gas o termico (DICO o DIRI)"),
    "boiler": gettext_lazy("caldaia"),
    "habitable": gettext_lazy("agibilità"),
    "suitable": gettext_lazy("idoneità alloggiativa"),
    "more_than": gettext_lazy("voti espressi, più di"),
    "quorum": gettext_lazy("votanti, più di"),
    "emergency": gettext_lazy("con pericolo"),
    "urgent": gettext_lazy("urgente"),
    "normal": gettext_lazy("normale"),
    "low": gettext_lazy("quando si può"),
}


def group_label(code: str) -> str:
    """Return the group of a rule in words."""
    group = code.split(".", maxsplit=1)[0]
    return str(GROUPS.get(group, group))


def part_label(name: str) -> str:
    """Return the name of a part of a value in words."""
    return str(PARTS.get(name, name.replace("_", " ")))


_UNITS = {
    "giorni": gettext_lazy("giorni"),
    "ore": gettext_lazy("ore"),
    "anni": gettext_lazy("anni"),
    "nuclei": gettext_lazy("nuclei"),
    "euro al mese": gettext_lazy("euro al mese"),
    "euro al m² al mese": gettext_lazy("euro al m² al mese"),
    "euro": gettext_lazy("euro"),
    "mesi": gettext_lazy("mesi"),
    "mensilità": gettext_lazy("mensilità"),
}


def number(value: float) -> str:
    """Write a number as in Italy: 2,7 and not 2.7, at most four decimals, none when whole."""
    return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")


def part_in_words(value: Any, unit: str = "") -> str:  # Any: a value of JSON
    """Return one simple value as people read it."""
    if value is None:
        return _("da stabilire")
    if isinstance(value, bool):
        return _("sì") if value else _("no")
    if isinstance(value, list):
        return ", ".join(part_in_words(one) for one in value)
    if isinstance(value, int | float):
        if unit.startswith("quota"):
            return f"{number(value * 100)}%"
        return f"{number(value)} {_UNITS.get(unit, unit)}".strip()
    return str(value)


def value_in_words(value: Any, unit: str = "") -> str:
    """Return a whole value on one line."""
    if isinstance(value, dict):
        shared = unit if unit.startswith("quota") else ""
        return "; ".join(f"{part_label(name)}: {part_in_words(part, shared)}" for name, part in value.items())
    return part_in_words(value, unit)


def value_lines(value: Any, unit: str = "") -> list[dict[str, str]]:
    """Return the named parts of a value, or its one line without a name, as `<c-dl>` takes them."""
    if not isinstance(value, dict):
        return [{"term": _("Valore"), "value": part_in_words(value, unit)}]
    shared = unit if unit.startswith("quota") else ""
    return [{"term": part_label(name), "value": part_in_words(part, shared)} for name, part in value.items()]


def validity_in_words(valid_from: date, valid_to: date | None) -> str:
    """Return from when to when a rule holds."""
    since = _("dal %(day)s") % {"day": f"{valid_from:%d/%m/%Y}"}
    if valid_to is None:
        return since
    return f"{since} {_('al %(day)s') % {'day': f'{valid_to:%d/%m/%Y}'}}"


def territory_in_words(rule: Rule) -> str:
    """Return where a rule holds; its province and municipality must be at hand."""
    if rule.municipality is not None:
        return _("Comune di %(name)s") % {"name": rule.municipality.name}
    if rule.province is not None:
        return _("provincia di %(name)s") % {"name": rule.province.name}
    return _("tutta Italia")


def note(rule: RuleValue, *, confirmed_by: str = "", href: str = "") -> dict[str, str]:
    """Return what `<c-rule-note>` shows of a rule that a decision rests on."""
    return {
        "sentence": rule.said,
        "value": value_in_words(rule.value, rule.unit),
        "source": rule.source,
        "validity": validity_in_words(rule.valid_from, rule.valid_to),
        "confirmed_by": confirmed_by or (_("un funzionario") if rule.is_confirmed else ""),
        "href": href,
    }
