"""Code lists of persons, permits and asylum cases (domain reference 1.3, 2.1-2.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sex(models.TextChoices):
    FEMALE = "F", _("donna")
    MALE = "M", _("uomo")


class Precision(models.TextChoices):
    DAY = "day", _("giorno")
    YEAR = "year", _("solo anno")
    ESTIMATED = "estimated", _("presunta")


class Education(models.TextChoices):
    """How far somebody went to school, wherever it was."""

    NONE = "none", _("nessuna scuola")
    PRIMARY = "primary", _("scuola primaria")
    SECONDARY = "secondary", _("scuola secondaria")
    TERTIARY = "tertiary", _("università o simile")


class Relation(models.TextChoices):
    HEAD = "head", _("riferimento")
    PARTNER = "partner", _("coniuge o convivente")
    CHILD = "child", _("figlio o figlia")
    PARENT = "parent", _("genitore")
    SIBLING = "sibling", _("fratello o sorella")
    OTHER = "other", _("altro familiare")


class NameKind(models.TextChoices):
    ALIAS = "alias", _("altro nome")
    TRANSLITERATION = "transliteration", _("altra grafia")
    PREVIOUS = "previous", _("nome precedente")


class IdentifierKind(models.TextChoices):
    CODICE_FISCALE = "cf", _("codice fiscale")
    CODICE_FISCALE_PROVISIONAL = "cf_provisional", _("codice fiscale provvisorio")
    CUI = "cui", _("CUI")
    VESTANET = "vestanet", _("Vestanet / C3")
    SGA = "sga", _("codice SGA")
    PERMIT = "permit", _("numero del permesso")


# Never shown to housing roles.
RECEPTION_ONLY = (IdentifierKind.CUI, IdentifierKind.VESTANET, IdentifierKind.SGA)


class PermitKind(models.TextChoices):
    RA = "RA", _("richiesta asilo")
    AS = "AS", _("asilo (rifugiato)")
    PS = "PS", _("protezione sussidiaria")
    UM = "UM", _("motivi umanitari")
    CS9 = "CS9", _("casi speciali, art. 1 c. 9")
    CS18 = "CS18", _("casi speciali, art. 18")
    CS18B = "CS18B", _("casi speciali, art. 18-bis")
    CS22 = "CS22", _("casi speciali, sfruttamento lavorativo")
    PSP18 = "PSP18", _("protezione speciale (2018-2020)")
    PSP20 = "PSP20", _("protezione speciale (2020-2023)")
    PSP23 = "PSP23", _("protezione speciale (dal 2023)")
    CM = "CM", _("cure mediche")
    CAL = "CAL", _("calamità")
    PT = "PT", _("protezione temporanea")
    LS = "LS", _("lavoro subordinato")
    LA = "LA", _("lavoro autonomo")
    AO = "AO", _("attesa occupazione")
    FAM = "FAM", _("motivi familiari")
    MIN = "MIN", _("minore età")
    SLP = "SLP", _("UE soggiornanti di lungo periodo")


class PermitState(models.TextChoices):
    REQUESTED = "requested", _("richiesto")
    APPOINTMENT = "appointment", _("appuntamento")
    FINGERPRINTS = "fingerprints", _("impronte prese")
    PRINTING = "printing", _("in stampa")
    READY = "ready", _("pronto")
    DELIVERED = "delivered", _("consegnato")
    RENEWING = "renewing", _("in rinnovo")
    EXPIRED = "expired", _("scaduto")
    REVOKED = "revoked", _("revocato")
    CONVERTED = "converted", _("convertito")


class CaseState(models.TextChoices):
    EXPRESSED = "expressed", _("volontà manifestata")
    FORMALISED = "formalised", _("C3 formalizzato")
    DUBLIN = "dublin", _("procedura Dublino")
    WAITING_HEARING = "waiting_hearing", _("in attesa di audizione")
    HEARD = "heard", _("audito")
    DECIDED = "decided", _("deciso")
    NOTIFIED = "notified", _("notificato")
    APPEAL = "appeal", _("ricorso")
    CLOSED = "closed", _("concluso")


class CaseOutcome(models.TextChoices):
    REFUGEE = "RIF", _("status di rifugiato")
    SUBSIDIARY = "SUSS", _("protezione sussidiaria")
    HUMANITARIAN = "UMAN", _("protezione umanitaria")
    SPECIAL = "SPEC", _("protezione speciale")
    REFUSED = "DIN", _("diniego")
    UNFOUNDED = "MI", _("manifesta infondatezza")
    INADMISSIBLE = "INAMM", _("inammissibile")
    EXTINCT = "ESTINTA", _("estinta")


PROTECTED_OUTCOMES = (CaseOutcome.REFUGEE, CaseOutcome.SUBSIDIARY)


class ResidenceKind(models.TextChoices):
    COHABITATION = "convivenza", _("convivenza anagrafica")
    INDIVIDUAL = "individuale", _("individuale")
    BODY = "ente", _("presso un ente")
    VIRTUAL = "virtuale", _("senza fissa dimora")
    NONE = "nessuna", _("nessuna")


class Capacity(models.TextChoices):
    """As what a body sees a person."""

    CASEWORK = "casework", _("presa in carico")
    PREFECTURE = "prefecture", _("accoglienza della prefettura")
    HOUSING = "housing", _("proposta di casa")  # reads amounts, hence only while a proposal is live
    TENANCY = "tenancy", _("vive in una casa dell'ente")
    MUNICIPALITY = "municipality", _("Comune competente")


class LanguageLevel(models.TextChoices):
    NONE = "A0", pgettext_lazy("livello", "nessuno")
    A1 = "A1", "A1"
    A2 = "A2", "A2"
    B1 = "B1", "B1"
    B2 = "B2", "B2"
    C1 = "C1", "C1"
    C2 = "C2", "C2"
    MOTHER = "L1", _("madrelingua")
