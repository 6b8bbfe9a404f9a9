"""Words of a closed list: sex, yes and no, numbers, the asylum case and the permit."""

import re
from collections.abc import Mapping
from typing import Final

from rapidfuzz import fuzz, process

from ali.imports.findings import error, warning
from ali.imports.findings import marked as _
from ali.imports.parsing.text import Cell, Parsed, folded, is_blank


def _vocabulary(**words: str) -> dict[str, str]:
    return {folded(word): code for code, listed in words.items() for word in listed.split("|")}


_SEX: Final = _vocabulary(
    M="m|maschio|maschile|uomo|male|man|h|homme|masc|mas|1",
    F="f|femmina|femminile|donna|female|woman|femme|fem|d|2",
    X="x|altro|non binario|non binaria|nb|other|transgender|trans",
)
_YES_NO: Final = _vocabulary(yes="si|sì|s|yes|y|vero|true|1|x|ok|presente", no="no|n|falso|false|0|assente")


def parse_sex(value: Cell) -> Parsed[str]:
    """`M`, `F` or `X`."""
    if is_blank(value):
        return Parsed()
    if code := _SEX.get(folded(str(value))):
        return Parsed(code)
    return Parsed(
        None, (error(_("«%(text)s» non indica il sesso: scrivi M, F o X."), text=str(value).strip()),)
    )


def parse_boolean(value: Cell) -> Parsed[bool]:
    """Yes or no."""
    if is_blank(value):
        return Parsed()
    if code := _YES_NO.get(folded(str(value))):
        return Parsed(code == "yes")
    return Parsed(None, (error(_("«%(text)s» non è un sì né un no."), text=str(value).strip()),))


def parse_integer(value: Cell, *, lowest: int = 0, highest: int = 1_000_000) -> Parsed[int]:
    """A whole number; accepts `n. 12`, `12,0` and the thousands of `1.500`."""
    if is_blank(value):
        return Parsed()
    text = " ".join(str(value).split())
    digits = re.sub(r"^(n|nr|num|numero)[.°º]?\s*", "", text, flags=re.IGNORECASE)
    digits = re.sub(r"[.,]0+$", "", digits) if not re.fullmatch(r"-?\d{1,3}([.]\d{3})+", digits) else digits
    if re.fullmatch(r"-?\d{1,3}([.' ]\d{3})+", digits):
        digits = re.sub(r"[.' ]", "", digits)
    if not re.fullmatch(r"-?\d+", digits):
        return Parsed(None, (error(_("«%(text)s» non è un numero intero."), text=text),))
    number = int(digits)
    if number < lowest:
        return Parsed(None, (error(_("%(number)s è meno di %(lowest)s."), number=number, lowest=lowest),))
    if number > highest:
        return Parsed(None, (error(_("%(number)s è più di %(highest)s."), number=number, highest=highest),))
    return Parsed(number)


# Permit types of docs/glossary.md; `PSP` stays without its regime until a date tells which law applies.
_PERMITS: Final = _vocabulary(
    RA="ra|richiesta asilo|richiedente asilo|rich asilo|richiedente protezione internazionale|attesa asilo|pds richiesta asilo|richiesta di asilo|richiesta protezione internazionale|richiedente",
    AS="as|asilo|asilo politico|rifugiato|status di rifugiato|status rifugiato|protezione internazionale status rifugiato",
    PS="ps|psus|protezione sussidiaria|sussidiaria|prot sussidiaria|prot suss",
    UM="um|umanitario|motivi umanitari|protezione umanitaria|umanitaria",
    PSP="psp|protezione speciale|speciale|prot speciale",
    CS="cs|casi speciali",
    CS18="cs18|art 18|casi speciali art 18|art 18 tui|protezione sociale",
    CS18B="cs18b|art 18 bis|casi speciali art 18 bis|violenza domestica",
    CS22="cs22|art 18 ter|sfruttamento lavorativo|casi speciali art 22|casi speciali art 18 ter",
    CM="cm|cure mediche",
    CAL="cal|calamita|calamità",
    PT="pt|protezione temporanea|temporanea ucraina|protezione temporanea ucraina|temporanea",
    LS="ls|lavoro subordinato|lavoro|subordinato",
    LA="la|lavoro autonomo|autonomo",
    AO="ao|attesa occupazione|attesa di occupazione",
    FAM="fam|motivi familiari|motivi di famiglia|famiglia|familiari|ricongiungimento familiare",
    MIN="min|minore eta|minore età|affidamento|integrazione minore|minore",
    SLP="slp|soggiornante di lungo periodo|lungo periodo|lungosoggiornante|ue slp|carta di soggiorno",
)
_PERMIT_STATES: Final = _vocabulary(
    requested="richiesto|in richiesta|chiesto|inoltrato|kit inviato|richiesta inviata|in attesa|attesa rilascio|in attesa di rilascio|primo rilascio",
    appointment="appuntamento|in appuntamento|appuntamento fissato|appuntamento questura",
    fingerprints="impronte|impronte fatte|fotosegnalamento|rilievi|rilievi dattiloscopici|rilievi fatti",
    printing="in stampa|stampa|in produzione|in lavorazione",
    ready="pronto|pronto per la consegna|da ritirare|in consegna|disponibile",
    delivered="consegnato|ritirato|rilasciato|valido|in possesso|in corso di validita|si|attivo",
    renewing="in rinnovo|rinnovo|rinnovo richiesto|rinnovo in corso|ricevuta rinnovo",
    expired="scaduto|non valido",
    revoked="revocato|ritirato dalla questura|annullato",
    converted="convertito|in conversione|conversione",
    none="nessuno|non richiesto|non ha|assente|no|senza permesso",
)
# The case, as in the ministry's chain: expressed, formalised, Dublin, hearing, decision, notice, appeal.
_PROCEDURE: Final = _vocabulary(
    expressed="manifestazione|manifestazione di volonta|manifestazione volonta|in attesa c3|attesa formalizzazione|da formalizzare|appuntamento c3",
    formalised="formalizzata|formalizzata c3|c3|c3 fatto|c3 formalizzato|formalizzato|verbalizzato|verbalizzazione c3|modello c3",
    dublin="dublino|procedura dublino|in dublino|dublinante|unita dublino|caso dublino",
    waiting_hearing="attesa audizione|in attesa di audizione|in attesa audizione|attesa commissione|in attesa di commissione|in attesa commissione|da audire|convocato|richiedente|richiedente asilo|attesa ct|in attesa di convocazione|in attesa",
    heard="audito|audita|audizione fatta|attesa esito|in attesa di esito|attesa decisione|in attesa di decisione|in attesa esito commissione|audizione svolta",
    decided="deciso|decisa|decisione|esito",
    notified="notificata|notificato|decisione notificata|esito notificato|permesso richiesto|pds richiesto|attesa permesso|in attesa di permesso|attesa pds|in attesa pds|in attesa del permesso",
    appeal="ricorso|ricorrente|in ricorso|ricorso pendente|ricorso tribunale|appello|attesa tribunale|in attesa tribunale|sospensiva|sospensiva concessa|cassazione|ricorso cassazione|ricorso in cassazione",
    closed="estinta|archiviata|rinuncia|definitivo|chiusa|concluso|conclusa|permesso rilasciato|pds rilasciato|permesso consegnato|pds consegnato|titolare|titolare di protezione|titolare di protezione internazionale",
)
_DECISIONS: Final = _vocabulary(
    RIF="rif|rifugiato|rifugiata|status rifugiato|status di rifugiato|asilo|asilo politico|riconosciuto rifugiato|riconosciuta rifugiata|protezione internazionale|riconosciuto status",
    SUSS="suss|sussidiaria|protezione sussidiaria|prot sussidiaria|ps",
    UMAN="uman|umanitaria|umanitario|protezione umanitaria|motivi umanitari",
    SPEC="spec|speciale|protezione speciale|prot speciale|psp",
    DIN="din|diniego|rigetto|rigettata|negativo|negativa|respinta|diniegato|diniegata|denegato|denegata|non riconosciuto|rig|negato",
    MI="mi|manifesta infondatezza|manifestamente infondata|manif infondata",
    INAMM="inamm|inammissibile|inammissibilita|inammissibilità",
    ESTINTA="estinta|estinzione|estinto",
    pending="in attesa|pendente|attesa|nessuna|non ancora|da definire",
)


def parse_permit_type(value: Cell) -> Parsed[str]:
    """The code of a permit type: RA, AS, PS, PSP, …"""
    return _term(value, _PERMITS, _("«%(text)s» non è un tipo di permesso che conosciamo."))


def parse_permit_state(value: Cell) -> Parsed[str]:
    """Where the permit stands: requested, appointment, fingerprints, printing, ready, delivered, …"""
    return _term(value, _PERMIT_STATES, _("«%(text)s» non è uno stato del permesso che conosciamo."))


def parse_procedure_state(value: Cell) -> Parsed[str]:
    """Where the asylum case stands: expressed, formalised, dublin, waiting_hearing, heard, …"""
    return _term(value, _PROCEDURE, _("«%(text)s» non è uno stato della procedura che conosciamo."))


def parse_decision(value: Cell) -> Parsed[str]:
    """The commission's decision: RIF, SUSS, SPEC, DIN, … (`pending` when it is still to come)."""
    return _term(value, _DECISIONS, _("«%(text)s» non è un esito che conosciamo."))


def _term(value: Cell, vocabulary: Mapping[str, str], sentence: str) -> Parsed[str]:
    """A term of a vocabulary: exact, then without its opening words, then by a near spelling with a warning."""
    if is_blank(value):
        return Parsed()
    text = " ".join(str(value).split())
    key = folded(text)
    bare = re.sub(
        r"^(permesso di soggiorno|pds|permesso|status|stato|esito|titolare di|per)\s+(per\s+)?", "", key
    )
    for candidate in (key, bare, re.sub(r"^(permesso di soggiorno|pds|permesso)\s+", "", bare)):
        if candidate in vocabulary:
            return Parsed(vocabulary[candidate])
    close = process.extract(bare, list(vocabulary), scorer=fuzz.ratio, limit=5, score_cutoff=86)
    if len(bare) > 4 and close:
        name, score, _position = close[0]
        rivals = [
            other
            for other, near, _place in close
            if vocabulary[other] != vocabulary[name] and score - near < 4
        ]
        if not rivals:
            read = warning(_("«%(text)s» è stato letto come «%(term)s»: controlla."), text=text, term=name)
            return Parsed(vocabulary[name], (read,))
    return Parsed(None, (error(sentence, text=text),))
