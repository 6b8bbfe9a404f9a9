"""Whether a contract buys reception, and of which kind."""

import re
from dataclasses import dataclass
from typing import Final

from ali.imports.findings import Finding, warning
from ali.imports.findings import marked as _
from ali.reception.contract_texts.text import Words

MINORS: Final = (
    r"\bM\.?S\.?N\.?A\b|MINORI(?: E)?(?: STRANIERI)? NON ACCOMPAGNATI|MINORI STRANIERI\b|\bM\.S\.N\.A\.?"
)
_PROTECTION_SYSTEM: Final = r"SIPROIMI|\bSPRAR\b|S\.P\.R\.A\.R|\bSAI\b|\bS\.?A\.?I\.?\b|\bSA I\b|SISTEMA DI (?:PROTEZIONE|ACCOGLIENZA)|PRE-?SAI"
_FLATS: Final = r"\bUN(?:I?T.?.?.?|)\s+ABITATIV\w+|SINGOLE\s+UN\w*|CONTRATTO UA\b|\bCAS UA\b|\bAPPARTAMENT[IO]\b|ACCOGLIENZA DIFFUSA"
_COLLECTIVE: Final = r"CENTR[IO](?:\s+\w+){0,3}?\s+COLLETTIV[IO]\w*|STRUTTUR[AE] COLLETTIV\w+|(?<!CONTRATTO )(?<!CONTRATTI )\bCOLLETTIV[EI]\b|CONTRATTO CC\b|\bCAS CC\b|COLLETTIVI DI AC\w+"
_HOSTING: Final = r"\bA[CO]{1,3}[LG]{0,3}I?E?NZA\b|\bACCOGLI?ENZ\w*|\bACCOLGIENZA\b|\bACCGLIENZA\b|OSPITALIT\w|ALLOGGIAMENT\w+|\bRESIDENZIALE\b|\bCAS\b|\bHUB\b|\bPOSTI\b"
_TARGET: Final = (
    r"STRANIER|MIGRANT|RICHIEDENT|PROFUGH|RIFUGIAT|ASILO|PROTEZIONE INT|PROT\. INT|UCRAIN|AFGHAN|" + MINORS
)

# What a contract buys when it does not buy reception: the words that decide, and how to say it.
_OTHER_SERVICES: Final = (
    (r"INTERPRETARIAT|TRADUZION|INTERPRET[EI]\b", _("interpretariato e traduzione")),
    (r"REVISOR[EI]|REVISIONE (?:CONTABILE|LEGALE|PROGETTO|DEI CONTI|INDIPENDENTE|DEL)|SERVIZIO DI REVISIONE|CERTIFICAZIONE DELLE SPESE", _("revisione dei conti")),
    (r"^PUBBLICAZIONE|SERVIZIO (?:DI )?PUBBLICAZIONE|PUBBLICAZIONE (?:ESITO|BANDO|AVVISO)", _("pubblicazione di un bando")),
    (r"\bLAVORI\b|RISTRUTTURAZIONE|MANUTENZION|INTERVENTI (?:DI )?NATURA EDILIZIA|INTERVENTI EDILI|OPERE EDILI|ADEGUAMENTO (?:STRUTTURALE|IMPIANT)|TINTEGGIATUR|MESSA A NORMA", _("lavori edili")),
    (r"\bTRASPORT[OI]\b|NOLEGGIO|AUTOBUS|PULLMAN|TRASFERIMENTO (?:DI )?(?:MIGRANTI|STRANIERI|CITTADINI)", _("trasporto")),
    (r"\bPULIZI[AE]\b|SANIFICAZION|LAVANDERIA|DISINFESTAZION|\bSMALTIMENTO\b|SPURGO", _("pulizia")),
    (r"SORVEGLIANZA|VIGILANZA|GUARDIANIA|PORTIERATO", _("sorveglianza")),
    (r"\bSPORTELL[OI]\b|UFFICIO PROFUGHI|UFFICIO IMMIGRAZIONE", _("uno sportello o un ufficio")),
    (r"SANZIONI AMMINISTRATIVE|CODICE DELLA STRADA", _("sanzioni amministrative")),
    (r"ESPERTO LEGALE|CONSULENZA|ASSISTENZA LEGALE|SUPPORTO (?:AL|TECNICO|AMMINISTRATIVO|GIURIDICO|SPECIALISTICO)|ATTIVITA TECNICO-AMMINISTRATIVE|SERVIZI DI SUPPORTO E CONSULENZA|ASSISTENZA TECNICA|INCARICO PROFESSIONALE", _("consulenza o supporto")),
    (r"\b(?:PSICOLOG[OAI]|SUPERVISOR[EI]|ASSISTENT[EI] SOCIAL[EI]|EDUCATOR[EI]|MEDIATOR[EI])\b|CONTRATTO PROFESSIONALE", _("una figura professionale")),
    (r"GOVERNANCE|CAPACITY BUILDING|\bCONSULTA DELLE\b|FACILITAZIONE", _("governo dei servizi")),
    (r"\bPASTI\b|\bMENSA\b|RISTORAZIONE|CATERING|\bVITTO\b|GENERI ALIMENTARI", _("pasti")),
    (r"FORNITURA (?:E POSA )?(?:DI )?(?:N\.? ?\d+ )?(?:ARRED|MATERASS|KIT|LETTI|BIANCHERIA|MODUL|PREFABBRICAT|TENDE|CONTAINER|ELETTRODOMEST|VESTIARIO|EFFETT|MATERIAL|BENI DI CONSUMO|GASOLIO|ENERGIA|TENSOSTRUTT)|\bARREDI\b", _("una fornitura di beni")),
    (r"ASSICURAZION|POLIZZA|CONTROLLI SANITARI|SCREENING|VISITE MEDICHE|SERVIZIO SANITARIO|ESUMAZION|SERVIZIO FUNEBRE|ONORANZE", _("un servizio sanitario o assicurativo")),
    (r"MONITORAGGIO (?:DEI|DEGLI|SUI) CENTRI|COMMISSIONE GIUDICATRICE|SERVIZI? DI MONITORAGGIO|SOFTWARE|HARDWARE|APPLICATIVO INFORMATICO|STAMPA|COPIE", _("un servizio agli uffici")),
)  # fmt: skip
_BUILT: Final = r"R?E?ALIZZAZIONE (?:DEL|DI|DELL\w*) \w+|COSTRUZIONE|AMPLIAMENTO|RIQUALIFICAZIONE|ADEGUAMENTO|RECUPERO|RIFACIMENTO"
# These decide even after the word *accoglienza*.
_ALWAYS_OTHER: Final = (
    r"UFFICIO PROFUGHI|CAPACITY BUILDING|^REVISOR|INCARICO (?:DI )?REVISOR|SERVIZIO DI REVISOR"
)
_WEAK_OTHER: Final = (
    (r"SERVIZI?O? EDUCATIVO|SERVIZIO DI COORDINAMENTO|PERSONALE EDUCATIVO", _("personale per l'accoglienza, non posti")),
    (r"MEDIAZIONE|CORSI DI|ALFABETIZZAZION|FORMAZIONE|INSEGNAMENTO", _("mediazione o formazione")),
    (r"SOSTEGNO ED ACCOMPAGNAMENTO|INTEGRAZIONE PER CITTADINI|INTEGRAZIONE DEI CITTADINI|SERVIZIO DI ASSISTENZA A FAVORE", _("sostegno e integrazione senza alloggio")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """What the contract is for."""

    is_reception: bool
    kind: str | None
    confidence: float
    kind_confidence: float
    evidence: str
    kind_evidence: str
    findings: tuple[Finding, ...] = ()


def read_subject(tender: Words, lot: Words, *, cpv: str) -> Subject:
    """Reception or not, and the kind; the lot speaks before the tender."""
    lot = _own_part(tender, lot)
    verdict = _is_building_work(tender, lot, cpv) or _is_reception(tender, lot, cpv)
    if not verdict.is_reception:
        return verdict
    kind, confidence, evidence, findings = _kind(tender, lot)
    return Subject(
        True, kind, verdict.confidence, confidence, verdict.evidence, evidence, (*verdict.findings, *findings)
    )


def _is_building_work(tender: Words, lot: Words, cpv: str) -> Subject | None:
    """The code of building work and words that say what is built."""
    for words in (tender, lot) if cpv.startswith("45") else ():
        if words.is_published and (found := re.search(_BUILT, words.folded)):
            return _no(0.9, words.at(*found.span()), _("lavori edili"))
    return None


def _own_part(tender: Words, lot: Words) -> Words:
    """What the lot adds to the words of the tender, when it repeats them and goes on."""
    size = len(tender.folded)
    if lot.folded.startswith(tender.folded) and len(lot.folded[size:].split()) > 2:
        return Words(lot.raw[size:], lot.folded[size:])
    return lot


def _no(confidence: float, evidence: str, reason: str) -> Subject:
    finding = warning(_("Non è accoglienza: riguarda %(reason)s."), "is_reception", reason=reason)
    return Subject(False, None, confidence, 1.0, evidence, "", (finding,))


def _yes(confidence: float, evidence: str, *findings: Finding) -> Subject:
    return Subject(True, None, confidence, 1.0, evidence, "", findings)


def _is_reception(tender: Words, lot: Words, cpv: str) -> Subject:
    speaking = [words for words in (lot, tender) if words.is_published]
    if verdict := _other_service(tender, lot):
        return verdict
    for words in speaking:
        hosting = re.search(_HOSTING, words.folded)
        system = re.search(_PROTECTION_SYSTEM, words.folded)
        target = re.search(_TARGET, " ".join(part.folded for part in speaking))
        if hosting and (target or system):
            return _softened(words, hosting, cpv)
        if re.search(_FLATS + "|" + _COLLECTIVE, words.folded) and (target or "CONTRATTO" in words.folded):
            return _yes(0.9, words.at(*re.search(_FLATS + "|" + _COLLECTIVE, words.folded).span()))  # type: ignore[union-attr]  # just matched
        if system:
            return _yes(0.85, words.at(*system.span()), *_only_part(words))
    return _unclear(tender, cpv)


def _other_service(tender: Words, lot: Words) -> Subject | None:
    """Another service, unless the lot itself speaks of hosting people."""
    for words in (lot, tender):
        if not words.is_published:
            continue
        for pattern, reason in _OTHER_SERVICES:
            if (found := re.search(pattern, words.folded)) and _decides(words, found, tender, lot):
                return _no(0.95, words.at(*found.span()), reason)
    for pattern, reason in _WEAK_OTHER:
        words = lot if lot.is_published and lot.folded != tender.folded else tender
        found = re.search(pattern, words.folded)
        hosting = re.search(_HOSTING, _without_system_names(words.folded))
        if found and (hosting is None or found.start() < hosting.start() or _lot_is_of(words, found)):
            doubtful = hosting is not None or "LOTTO" in words.folded
            return _no(0.65 if doubtful else 0.8, words.at(*found.span()), reason)
    return None


def _without_system_names(text: str) -> str:
    """The names of the protection system hold the word *accoglienza* without buying any."""
    return re.sub(r"SISTEMA (?:DI )?(?:PROTEZIONE|ACCOGLIENZA)[^,.()]*|STAZIONE APPALTANTE", " ", text)


def _lot_is_of(words: Words, found: "re.Match[str]") -> bool:
    """`LOTTO B (SERVIZI DI TUTELA, …)`: the bracket says what the lot is, and it is not hosting."""
    bracket = re.search(r"LOTTO \w+ \(([^)]*)\)", words.folded)
    return bool(
        bracket and bracket.start() < found.start() < bracket.end() and not re.search(_HOSTING, bracket[1])
    )


def _decides(words: Words, found: "re.Match[str]", tender: Words, lot: Words) -> bool:
    """Whether the words name what is bought, and are not one of the things that reception includes."""
    if re.search(_ALWAYS_OTHER, words.folded[max(found.start() - 25, 0) : found.end()]):
        return True
    before = words.folded[: found.start()]
    hosting = re.search(_HOSTING, _without_system_names(before))
    if hosting is None:
        return True
    if (
        words is tender
        and lot.is_published
        and re.search(_HOSTING, lot.folded)
        and lot.folded != tender.folded
    ):
        return False
    return bool(
        re.search(r"(?:PER (?:IL|LO|LA|I) |SERVIZIO (?:DI )?|INCARICO (?:DI )?|AFFIDAMENTO )$", before)
    ) and not re.search(r"GESTIONE|ACCOGLIENZA E|OSPITALIT", before)


def _softened(words: Words, hosting: "re.Match[str]", cpv: str) -> Subject:
    """Reception, with what makes it less than certain."""
    evidence = words.at(*hosting.span())
    findings = [*_only_part(words)]
    confidence = 0.97
    if re.search(
        r"ELENCO (?:DELLE |DI )?STRUTTURE|ACCREDITAMENTO (?:DI |DEGLI )?(?:STRUTTURE)", words.folded
    ):
        confidence = 0.65
        findings.append(
            warning(
                _("È un elenco di strutture accreditate, anche per altri minori: non un singolo centro."),
                "is_reception",
            )
        )
    elif re.search(
        r"SOSTEGNO ALL.ACCOGLIENZA|SUPPORTO ALL.ACCOGLIENZA|PRESTAZIONI AGGIUNTIVE PER L", words.folded
    ):
        confidence = 0.65
        findings.append(
            warning(
                _("Il testo parla di sostegno all'accoglienza: controlla che compri dei posti."),
                "is_reception",
            )
        )
    if findings and confidence > 0.9:
        confidence = 0.85
    if cpv.startswith(("45", "6", "50", "90")):
        confidence = 0.6
        findings.append(
            warning(_("Il codice CPV %(cpv)s non è di accoglienza: controlla."), "is_reception", cpv=cpv)
        )
    return _yes(confidence, evidence, *findings)


def _only_part(words: Words) -> tuple[Finding, ...]:
    if re.search(r"AFFIDAMENTO PARTE\b", words.folded):
        return (warning(_("Il contratto riguarda solo una parte del progetto."), "is_reception"),)
    return ()


def _unclear(tender: Words, cpv: str) -> Subject:
    """Words that do not say: the CPV code tells whether the service comes with a bed."""
    sentence = _("Il testo non dice se è accoglienza: controlla.")
    if cpv.startswith(("85311", "55")) and re.search(_TARGET, tender.folded):
        return _yes(0.6, f"CPV {cpv}", warning(sentence, "is_reception"))
    if found := re.search(
        r"ASSISTENZA (?:AI |A |DI |DEI )?(?:CITTADINI )?(?:STRANIERI|MIGRANTI)", tender.folded
    ):
        return _yes(0.65, tender.at(*found.span()), warning(sentence, "is_reception"))
    target = re.search(_TARGET, tender.folded)
    unclear = warning(sentence, "is_reception")
    return Subject(
        False, None, 0.6 if target else 0.8, 1.0, tender.at(*target.span()) if target else "", "", (unclear,)
    )


def _kind(tender: Words, lot: Words) -> tuple[str, float, str, tuple[Finding, ...]]:
    """UA, CC, MSNA or OTHER; the lot decides when it speaks and says a kind."""
    said = [(words, _kinds_in(words)) for words in (lot, tender) if words.is_published]
    own = next(((words, kinds) for words, kinds in said if kinds), None)
    if own is None:
        return "OTHER", 0.8, "", ()
    words, kinds = own
    whole = {kind for _words, found in said for kind in found}
    if len(kinds) > 1:
        names = ", ".join(sorted(kinds))
        return (
            "OTHER",
            0.6,
            names,
            (warning(_("Il testo parla di più tipi di accoglienza: %(names)s."), "kind", names=names),),
        )
    kind, evidence = next(iter(kinds.items()))
    if len(whole) > 1 and not whole <= {kind, "OTHER"} and lot.is_published and words is lot:
        return kind, 0.75, evidence, ()
    return kind, 0.95, evidence, ()


def _kinds_in(words: Words) -> dict[str, str]:
    """The kinds that a text names, each with its words."""
    text = words.folded
    if found := re.search(r"\bORDINARI\b", text):
        lots = re.search(r"LOTTO 1 - ORDINARI, LOTTO 2 - MSNA", text)
        return {} if lots else {"OTHER": words.at(*found.span())}
    if found := re.search(MINORS, text):
        system = re.search(_PROTECTION_SYSTEM, text)
        mixed = re.search(r"TITOLARI|BENEFICIARI|RICHIEDENTI ASILO", text)
        if system and mixed:
            return {"OTHER": words.at(*system.span())}
        return {"MSNA": words.at(*found.span())}
    kinds = {}
    if found := re.search(_FLATS, text):
        kinds["UA"] = words.at(*found.span())
    if found := re.search(_COLLECTIVE, text):
        kinds["CC"] = words.at(*found.span())
    if not kinds and (found := re.search(_PROTECTION_SYSTEM + r"|UCRAIN\w+|HOTEL|ALBERG\w+", text)):
        kinds["OTHER"] = words.at(*found.span())
    return kinds
