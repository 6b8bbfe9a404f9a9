"""Reasons, rules and certificates in plain words. One place, so that page, print and export say the same."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from ali.allocation.eligibility import REASONS, RULES_BY_CODE
from ali.allocation.models import Round
from ali.rules.english import in_reader_language

_REASONS = {reason.code: reason for reason in REASONS}
_BANDS = {
    "green": gettext_lazy("sostenibile"),
    "amber": gettext_lazy("al limite"),
    "red": gettext_lazy("non sostenibile"),
}
_GROUPS = {
    "man": ngettext_lazy("%(count)d uomo solo", "%(count)d uomini soli", "count"),
    "woman": ngettext_lazy("%(count)d donna sola", "%(count)d donne sole", "count"),
    "family": ngettext_lazy("%(count)d famiglia", "%(count)d famiglie", "count"),
}


def reason_sentences(reasons: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return for each reason its sentence and whether it weighs much."""
    return [
        {
            "title": str(_REASONS[one["code"]].title),
            "sentence": str(_REASONS[one["code"]].sentence),
            "strength": one["strength"],
        }
        for one in reasons
        if one["code"] in _REASONS
    ]


def rule_title(code: str) -> str:
    return str(RULES_BY_CODE[code].title) if code in RULES_BY_CODE else code


def rule_fails(code: str) -> str:
    return str(RULES_BY_CODE[code].fails) if code in RULES_BY_CODE else code


def passed_sentences(passed: Mapping[str, bool]) -> list[dict[str, Any]]:
    """Return each hard rule with whether the pair passes it, and what fails when it does not."""
    return [
        {"title": rule_title(code), "is_passed": is_passed, "fails": "" if is_passed else rule_fails(code)}
        for code, is_passed in passed.items()
    ]


def weight_rows(weights: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the lawful reasons with what each weighs."""
    return [
        {
            "code": reason.code,
            "title": reason.title,
            "sentence": reason.sentence,
            "weight": weights.get(reason.code, 0),
        }
        for reason in REASONS
    ]


def rule_rows(rules: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the rules kept by a decision as the component `rule-note` takes them."""
    return [
        {
            "sentence": in_reader_language(rule["sentence"]),
            "source": rule["source"],
            "validity": _("dal %(day)s") % {"day": _day(rule["valid_from"])},
            "confirmed_by": _("l'ufficio") if rule["is_confirmed"] else "",
        }
        for rule in rules
    ]


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def band_name(band: str) -> str:
    """Return the band in a word, for prints and files."""
    return str(_BANDS[band]) if band in _BANDS else ""


def stopped_sentences(stopped: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return «12 case: il canone supera la quota di reddito ammessa», the rule that stopped most first."""
    return [
        ngettext("%(count)s casa: %(why)s", "%(count)s case: %(why)s", one["homes"])
        % {"count": one["homes"], "why": RULES_BY_CODE[one["code"]].fails}
        for one in stopped
        if one["code"] in RULES_BY_CODE
    ]


def stopped_households(stopped: Iterable[tuple[str, int]]) -> list[str]:
    """Return «12 nuclei: il canone supera…» for the rules that stopped households."""
    return [
        ngettext("%(count)s nucleo: %(why)s", "%(count)s nuclei: %(why)s", count)
        % {"count": count, "why": rule_fails(code)}
        for code, count in stopped
    ]


def help_sentence(would_help: Mapping[str, Any]) -> str:
    """Return what would make a home fit, or who took the homes that did: a group and a count, nobody's data."""
    if would_help.get("none_free"):
        return _("Non c'è nessuna casa con posti liberi in questi giorni.")
    if "open_homes" in would_help:
        takers = ", ".join(
            _GROUPS[group] % {"count": count} for group, count in would_help["taken_by"].items()
        )
        sentence = ngettext(
            "%(count)s casa era adatta", "%(count)s case erano adatte", would_help["open_homes"]
        )
        told = sentence % {"count": would_help["open_homes"]}
        return f"{told}, {_('andate a chi aveva ragioni più forti')}: {takers}." if takers else f"{told}."
    if "rule" in would_help:
        rule = RULES_BY_CODE[would_help["rule"]]
        count = ngettext(
            "%(count)s casa diventerebbe adatta", "%(count)s case diventerebbero adatte", would_help["homes"]
        )
        return _("Basterebbe %(what)s: %(count)s.") % {
            "what": rule.would_help,
            "count": count % {"count": would_help["homes"]},
        }
    rules = "; ".join(str(RULES_BY_CODE[code].would_help) for code in would_help.get("rules", []))
    return _("Servirebbero insieme: %(what)s.") % {"what": rules} if rules else ""


def certificate_sentence(certificate: Mapping[str, Any]) -> str:
    """Return what the certificate proves, in words."""
    if not certificate:
        return ""
    gap = float(certificate.get("gap", 0.0))
    if gap <= 0:
        return _("È provato che nessun altro abbinamento, con queste regole e questi pesi, può fare meglio.")
    share = f"{gap * 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return _(
        "Nessun altro abbinamento, con queste regole e questi pesi, può fare meglio di oltre il %(share)s%%."
    ) % {"share": share}


def certificate_rows(round_: Round) -> list[tuple[str, str]]:
    """Return the numbers of the certificate, for whoever wants to check it."""
    certificate = round_.certificate
    if not certificate:
        return []
    told = {
        _("Modello"): certificate.get("model", ""),
        _("Valore trovato"): certificate.get("objective", ""),
        _("Valore massimo possibile (provato)"): certificate.get("bound", ""),
        _("Seme"): certificate.get("seed", ""),
        _("Regole"): ", ".join(sorted({rule["code"] for rule in round_.rules})),
        _("Impronta dei dati (SHA-256)"): round_.input_sha256,
        _("Secondi di calcolo"): f"{float(certificate.get('cpu_seconds', 0)):.2f}".replace(".", ","),
    }
    return [(label, str(value)) for label, value in told.items() if value != ""]


SOLID, FAIR = 90, 60  # per cent of the trials, the engine's own limits (`ali.matching.solidity`)
_GRADES = {
    "solid": (gettext_lazy("Proposte solide"), gettext_lazy("solida"), "success"),
    "fair": (gettext_lazy("Proposte discrete"), gettext_lazy("discreta"), "info"),
    "fragile": (gettext_lazy("Proposte fragili"), gettext_lazy("fragile"), "warning"),
    "": (gettext_lazy("Proposte senza prova di solidità"), "", "neutral"),
}
_LEADS = {
    "solid": gettext_lazy("Reggono quasi sempre se date, redditi e canoni cambiano di poco: si può cominciare da qui."),
    "fair": gettext_lazy("Di solito reggono: verifica date e redditi prima di parlarne con il nucleo."),
    "fragile": gettext_lazy("Basta poco perché la casa migliore per loro, o per altri, sia un’altra: guarda anche le alternative."),
    "": gettext_lazy("Decise a mano dopo il calcolo, o di un giro fatto prima che la solidità si misurasse."),
}  # fmt: skip


def grade_of(solidity: int | None) -> str:
    """Return the grade of a share of trials, empty when there is none."""
    if solidity is None:
        return ""
    if solidity >= SOLID:
        return "solid"
    return "fair" if solidity >= FAIR else "fragile"


def solidity_badge(solidity: int | None) -> dict[str, str]:
    """Return the badge of a row: word, tone, and what it rests on."""
    grade = grade_of(solidity)
    if not grade:
        return {}
    _title, name, tone = _GRADES[grade]
    return {
        "name": str(name),
        "tone": tone,
        "why": _("Resta la sua in %(share)s prove su 100 con date, redditi e canoni un po’ diversi.")
        % {"share": solidity},
    }


def grouped_by_solidity(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows in groups, the solid first; each keeps the order it came in."""
    groups: dict[str, list[dict[str, Any]]] = {grade: [] for grade in _GRADES}
    for row in rows:
        groups[grade_of(row["solidity"])].append(row)
    return [
        {"code": grade or "other", "title": _GRADES[grade][0], "lead": _LEADS[grade], "rows": found}
        for grade, found in groups.items()
        if found
    ]


def solidity_sentence(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return how many proposals are of each grade, and how that is measured; empty when nothing was measured."""
    grades = [grade_of(row["solidity"]) for row in rows]
    if not any(grades):
        return ""
    return _(
        "Solidità: %(solid)s solide, %(fair)s discrete, %(fragile)s fragili. È la quota di 50 prove in cui il nucleo"
        " tiene quella casa se l’uscita si sposta fino a 15 giorni, la casa fino a 30, redditi e canoni fino al 10%%."
    ) % {grade: grades.count(grade) for grade in ("solid", "fair", "fragile")}


def what_if_question(kind: str, home: str, household: str) -> str:
    """Return the change that was tried."""
    words = {
        "home_gone": _("Se %(home)s non ci fosse più"),
        "home_more": _("Se ci fosse un’altra casa come %(home)s"),
        "refuse": _("Se %(household)s rifiutasse %(home)s"),
        "household_gone": _("Se %(household)s trovasse casa da sé"),
    }
    return words.get(kind, "%(home)s") % {"home": home, "household": household}


def what_if_sentences(answer: Mapping[str, Any]) -> list[str]:
    """Return what a change would do, and what is proven of it."""
    more, persons, moved = (int(answer[name]) for name in ("households", "persons", "moved"))
    if more > 0:
        first = ngettext(
            "Avrebbe casa %(count)d nucleo in più (%(persons)+d persone).",
            "Avrebbero casa %(count)d nuclei in più (%(persons)+d persone).",
            more,
        ) % {"count": more, "persons": persons}
    elif more < 0:
        first = ngettext(
            "Resterebbe senza casa %(count)d nucleo in più (%(persons)+d persone).",
            "Resterebbero senza casa %(count)d nuclei in più (%(persons)+d persone).",
            -more,
        ) % {"count": -more, "persons": persons}
    else:
        first = _("Il numero dei nuclei con una casa non cambierebbe (%(persons)+d persone).") % {
            "persons": persons
        }
    second = ngettext("Cambierebbe casa %(count)d nucleo.", "Cambierebbero casa %(count)d nuclei.", moved) % {
        "count": moved
    }
    return [first, second, certificate_sentence(answer)]


def moves_sentence(certificate: Mapping[str, Any]) -> str:
    """Return how close a re-run stays to the round before; empty for a first round."""
    if "kept" not in certificate:
        return ""
    return _("Rispetto al giro precedente: %(kept)s confermati, %(moved)s cambiati, %(new)s nuovi.") % {
        "kept": certificate["kept"],
        "moved": certificate["moved"],
        "new": certificate.get("newly_housed", 0),
    }


def failing_sentence(code: str) -> str:
    """Return the sentence for a pair that a rule stops."""
    return _("Non si può proporre: %(why)s.") % {"why": RULES_BY_CODE[code].fails}
