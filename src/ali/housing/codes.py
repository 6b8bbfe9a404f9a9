"""Code lists of buildings and dwellings: what they are, their state, why they stand empty (domain reference 4.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BuildingKind(models.TextChoices):
    BLOCK = "block", _("condominio o palazzina")
    TERRACED = "terraced", _("case a schiera")
    SINGLE = "single", _("casa singola o bifamiliare")
    RURAL = "rural", _("casa di corte o rurale")
    COLLECTIVE = "collective", _("convitto, canonica o istituto")
    OTHER_USE = "other_use", _("uffici, negozio, magazzino")
    OTHER = "other", _("altro")


class BuiltIn(models.TextChoices):
    """Construction classes of the ISTAT census."""

    BEFORE_1919 = "-1918", _("prima del 1919")
    TO_1945 = "1919-45", _("1919-1945")
    TO_1960 = "1946-60", _("1946-1960")
    TO_1970 = "1961-70", _("1961-1970")
    TO_1980 = "1971-80", _("1971-1980")
    TO_1990 = "1981-90", _("1981-1990")
    TO_2000 = "1991-00", _("1991-2000")
    TO_2005 = "2001-05", _("2001-2005")
    SINCE_2006 = "2006-", _("dal 2006 in poi")


class Condition(models.TextChoices):
    EXCELLENT = "excellent", _("ottimo")
    GOOD = "good", _("buono")
    MEDIOCRE = "mediocre", _("mediocre")
    POOR = "poor", _("pessimo")


class FloodRisk(models.TextChoices):
    """Classes of the hydrogeological plans (D.Lgs. 49/2010)."""

    NONE = "none", _("fuori dalle aree a rischio")
    LOW = "low", _("bassa (P1)")
    MEDIUM = "medium", _("media (P2)")
    HIGH = "high", _("elevata (P3)")


class Asbestos(models.TextChoices):
    ABSENT = "absent", _("assente")
    PRESENT = "present", _("presente")
    SEALED = "sealed", _("confinato o incapsulato")
    REMOVED = "removed", _("bonificato")


class Conformity(models.TextChoices):
    """Whether what stands is what the building titles and the cadastre say."""

    CONFORMING = "conforming", _("conforme")
    TO_REGULARISE = "regularise", _("da regolarizzare")
    NOT_CONFORMING = "not", _("non conforme")


class CadastralCategory(models.TextChoices):
    A1 = "A/1", _("A/1 abitazione signorile")
    A2 = "A/2", _("A/2 abitazione civile")
    A3 = "A/3", _("A/3 abitazione economica")
    A4 = "A/4", _("A/4 abitazione popolare")
    A5 = "A/5", _("A/5 abitazione ultrapopolare")
    A6 = "A/6", _("A/6 abitazione rurale")
    A7 = "A/7", _("A/7 villino")
    A8 = "A/8", _("A/8 villa")
    A9 = "A/9", _("A/9 castello, palazzo storico")
    A10 = "A/10", _("A/10 ufficio")
    A11 = "A/11", _("A/11 abitazione tipica dei luoghi")
    B1 = "B/1", _("B/1 collegio, convitto")
    C1 = "C/1", _("C/1 negozio")
    C2 = "C/2", _("C/2 magazzino, cantina")
    C6 = "C/6", _("C/6 autorimessa")
    D2 = "D/2", _("D/2 albergo, pensione")
    F2 = "F/2", _("F/2 unità collabente")
    F3 = "F/3", _("F/3 in corso di costruzione")


class Furnished(models.TextChoices):
    NO = "no", _("no")
    PARTLY = "partly", _("in parte")
    YES = "yes", _("sì")


class Heating(models.TextChoices):
    OWN = "own", _("autonomo")
    CENTRAL = "central", _("centralizzato")
    NONE = "none", pgettext_lazy("riscaldamento", "assente")


class Fuel(models.TextChoices):
    GAS = "gas", _("metano")
    LPG = "lpg", _("GPL")
    OIL = "oil", _("gasolio")
    WOOD = "wood", _("legna o pellet")
    HEAT_PUMP = "pump", _("pompa di calore")
    DISTRICT = "district", _("teleriscaldamento")
    ELECTRIC = "electric", _("elettrico")


class EnergyClass(models.TextChoices):
    A4 = "A4", "A4"
    A3 = "A3", "A3"
    A2 = "A2", "A2"
    A1 = "A1", "A1"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"
    E = "E", "E"
    F = "F", "F"
    G = "G", "G"


class UseState(models.TextChoices):
    OCCUPIED = "occupied", pgettext_lazy("stato d'uso", "occupata")
    READY = "ready", _("libera e pronta")
    TO_FIX = "to_fix", _("libera, da sistemare")
    UNFIT = "unfit", _("inagibile")
    WORKS = "works", pgettext_lazy("stato d'uso", "in lavori")


class WhyEmpty(models.TextChoices):
    HEIRS = "heirs", _("in attesa degli eredi")
    TO_RENOVATE = "renovate", _("da ristrutturare")
    FEAR = "fear", _("timore che non si paghi")
    UNSOLD = "unsold", _("invenduta")
    OCCASIONAL = "occasional", _("usata ogni tanto")
    CO_OWNERS = "coowners", _("comproprietari in disaccordo")
    AUCTION = "auction", _("credito deteriorato o asta")
    NO_FUNDS = "no_funds", _("ente senza fondi")
    CONFISCATED = "confiscated", _("confiscata, in attesa di destinazione")
    OTHER = "other", _("altro motivo")


class Availability(models.TextChoices):
    """On what terms the owner would give it."""

    RENT = "rent", _("affitto")
    LOAN = "loan", _("comodato")
    LOAN_FOR_WORKS = "works", _("comodato in cambio di lavori")
    RENT_TO_BUY = "rtb", _("affitto con riscatto")
    SALE = "sale", _("vendita")


class CertificateKind(models.TextChoices):
    APE = "ape", _("attestato di prestazione energetica (APE)")
    WIRING = "wiring", _("conformità dell'impianto elettrico (DICO o DIRI)")
    GAS = "gas", _("conformità dell'impianto gas o termico (DICO o DIRI)")
    BOILER = "boiler", _("libretto e controllo della caldaia")
    HABITABLE = "habitable", _("agibilità (SCA o certificato)")
    SUITABLE = "suitable", _("idoneità alloggiativa")
