"""Phases, titles and code lists of works (domain reference 4.8)."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.core.states import Transitions


class Phase(models.TextChoices):
    """Where works are: the thirteen phases, and the two ways to stand still."""

    AVAILABILITY = "availability", _("disponibilità")
    SURVEY = "survey", _("sopralluogo")
    FEASIBILITY = "feasibility", _("fattibilità")
    OWNER_AGREEMENT = "agreement", _("accordo con la proprietà")
    DESIGN = "design", _("progetto")
    PERMITS = "permits", _("titolo edilizio")
    TENDER = "tender", _("gara o preventivi")
    SITE = "site", _("cantiere")
    TESTING = "testing", _("collaudo")
    CERTIFICATES = "certificates", _("agibilità, catasto, APE")
    FURNISHING = "furnishing", _("arredo")
    HANDOVER = "handover", _("consegna")
    MANAGEMENT = "management", _("gestione")
    SUSPENDED = "suspended", _("sospeso")
    ABANDONED = "abandoned", _("abbandonato")


_P = Phase
PHASES = tuple(phase for phase in Phase if phase not in {_P.SUSPENDED, _P.ABANDONED})
# Those that are planned in days; management has no end here.
PLANNED_PHASES = PHASES[:-1]
UNDER_WAY = frozenset(PLANNED_PHASES)
LAST_BEFORE_SITE = frozenset(PHASES[: PHASES.index(_P.SITE)])


def _onwards(phase: Phase) -> tuple[frozenset[Phase], Phase]:
    """A phase may follow each that comes before it: those in between are passed over with a reason."""
    return frozenset(PHASES[: PHASES.index(phase)]), phase


# `resume` leads back to the phase that was suspended, which the record keeps.
WORKS_TRANSITIONS: Transitions[Phase] = Transitions(
    {
        **{f"begin_{phase.value}": _onwards(phase) for phase in PHASES[1:]},
        "redo_design": (frozenset({_P.PERMITS, _P.TENDER, _P.SITE}), _P.DESIGN),
        "reopen_site": (frozenset({_P.TESTING, _P.CERTIFICATES}), _P.SITE),
        "suspend": (UNDER_WAY, _P.SUSPENDED),
        "resume": (frozenset({_P.SUSPENDED}), None),
        "abandon": (UNDER_WAY | {_P.SUSPENDED}, _P.ABANDONED),
    }
)
BACKWARD = {"redo_design": _P.DESIGN, "reopen_site": _P.SITE}
BACKWARD_LABELS: dict[str, str | Promise] = {
    "redo_design": _("Torna al progetto (variante)"),
    "reopen_site": _("Riapri il cantiere"),
}


class StopReason(models.TextChoices):
    """Why works stop."""

    TITLE = "title", _("autorizzazione in ritardo o negata")
    FUNDS = "funds", _("mancano i fondi")
    OWNER = "owner", _("la proprietà non è d'accordo o non decide")
    FIRM = "firm", _("problema con l'impresa")
    FINDING = "finding", _("sorpresa in cantiere: struttura, amianto, impianti")
    COSTS = "costs", _("i costi superano il sostenibile")
    DISPUTE = "dispute", _("lite o ricorso")
    SUPPLIES = "supplies", _("materiali o consegne in ritardo")
    WEATHER = "weather", _("maltempo")
    OTHER = "other", _("altro")


class TitleKind(models.TextChoices):
    """Building titles and what accompanies works, from before the start to after the end."""

    FREE = "free", _("edilizia libera")
    CILA = "cila", _("CILA")
    SCIA = "scia", _("SCIA")
    SCIA_ALT = "scia_alt", _("SCIA alternativa al permesso di costruire")
    PERMIT = "pdc", _("permesso di costruire")
    LANDSCAPE = "landscape", _("autorizzazione paesaggistica o della Soprintendenza")
    SAFETY = "safety", _("notifica preliminare (sicurezza nei cantieri)")
    USABILITY = "sca", _("segnalazione certificata di agibilità (SCA)")
    CADASTRE = "docfa", _("aggiornamento catastale (DOCFA)")
    ENERGY = "ape", _("attestato di prestazione energetica (APE)")
    CONFORMITY = "dico", _("dichiarazione di conformità degli impianti (DICO)")


BUILDING_TITLES = (
    TitleKind.FREE,
    TitleKind.CILA,
    TitleKind.SCIA,
    TitleKind.SCIA_ALT,
    TitleKind.PERMIT,
)
AFTER_THE_END = (TitleKind.USABILITY, TitleKind.CADASTRE, TitleKind.ENERGY, TitleKind.CONFORMITY)


class TitleState(models.TextChoices):
    TO_FILE = "to_file", _("da presentare")
    FILED = "filed", _("presentato")
    ASKED = "asked", _("chieste integrazioni")
    GRANTED = "granted", _("efficace")
    REFUSED = "refused", _("negato")
    DROPPED = "dropped", _("non serve")


_T = TitleState

TITLE_TRANSITIONS: Transitions[TitleState] = Transitions(
    {
        "file": (frozenset({_T.TO_FILE, _T.REFUSED}), _T.FILED),
        "ask_more": (frozenset({_T.FILED}), _T.ASKED),
        "answer": (frozenset({_T.ASKED}), _T.FILED),
        "grant": (frozenset({_T.FILED, _T.ASKED}), _T.GRANTED),
        "refuse": (frozenset({_T.FILED, _T.ASKED, _T.GRANTED}), _T.REFUSED),
        "drop": (frozenset({_T.TO_FILE, _T.REFUSED}), _T.DROPPED),
        "need_again": (frozenset({_T.DROPPED}), _T.TO_FILE),
    }
)
TITLE_VERBS: dict[str, str | Promise] = {
    "file": _("Presentato"),
    "ask_more": _("Chieste integrazioni"),
    "answer": _("Integrazioni consegnate"),
    "grant": _("Rilasciato o efficace"),
    "refuse": _("Negato o annullato"),
    "drop": _("Non serve"),
    "need_again": _("Serve"),
}
TITLE_VERBS_WITH_REASON = frozenset({"ask_more", "refuse", "drop"})


class CostCategory(models.TextChoices):
    DEMOLITION = "demolition", _("demolizioni")
    MASONRY = "masonry", _("murature")
    ELECTRICAL = "electrical", _("impianto elettrico")
    WATER = "water", _("impianto idrico")
    HEATING = "heating", _("gas e riscaldamento")
    WINDOWS = "windows", _("serramenti")
    BATHROOM = "bathroom", _("bagno")
    KITCHEN = "kitchen", _("cucina")
    PAINTING = "painting", _("tinteggi")
    INSULATION = "insulation", _("isolamento")
    FURNITURE = "furniture", _("arredi")
    PROFESSIONALS = "professionals", _("professionisti")
    SAFETY = "safety", _("sicurezza")
    DUES = "dues", _("oneri e diritti")
    CONNECTIONS = "connections", _("allacci")
    CONTINGENCY = "contingency", _("imprevisti")
    OTHER = "other", _("altro")


_C = CostCategory
# What firms do: fees and contingency are a part of it.
WORKS_CATEGORIES = (
    _C.DEMOLITION,
    _C.MASONRY,
    _C.ELECTRICAL,
    _C.WATER,
    _C.HEATING,
    _C.WINDOWS,
    _C.BATHROOM,
    _C.KITCHEN,
    _C.PAINTING,
    _C.INSULATION,
    _C.SAFETY,
)
# What a person writes; contingency comes from its rate.
WRITTEN_CATEGORIES = tuple(one for one in CostCategory if one != _C.CONTINGENCY)


class Vat(models.IntegerChoices):
    NONE = 0, _("senza IVA")
    REDUCED = 10, "10%"
    ORDINARY = 22, "22%"


class FundingKind(models.TextChoices):
    FAMI = "fami", _("FAMI (solo piccoli lavori)")
    FOUNDATION = "foundation", _("fondazione")
    MUNICIPALITY = "municipality", _("Comune")
    REGION = "region", _("Regione")
    TAX_BONUS = "tax_bonus", _("bonus edilizio")
    BANK = "bank", _("banca etica o microcredito")
    OWNER = "owner", _("proprietario")
    DONATION = "donation", _("donazioni")
    PNRR = "pnrr", _("PNRR o PINQuA")
    FIVE_PER_THOUSAND = "five", _("5 per mille")
    EIGHT_PER_THOUSAND = "eight", _("Otto per mille")
    OWN = "own", _("fondi propri")


# Money that has to be given back is no grant.
LOANS = (FundingKind.BANK,)
# Public money, which a condition may forbid to sum with other public money.
PUBLIC = (
    FundingKind.FAMI,
    FundingKind.MUNICIPALITY,
    FundingKind.REGION,
    FundingKind.TAX_BONUS,
    FundingKind.PNRR,
)


class FundingState(models.TextChoices):
    ASKED = "asked", _("chiesto")
    GRANTED = "granted", _("concesso")
    RECEIVED = "received", _("incassato")
    REFUSED = "refused", _("negato")
    LOST = "lost", _("revocato")


_F = FundingState

FUNDING_TRANSITIONS: Transitions[FundingState] = Transitions(
    {
        "grant": (frozenset({_F.ASKED}), _F.GRANTED),
        "receive": (frozenset({_F.GRANTED}), _F.RECEIVED),
        "refuse": (frozenset({_F.ASKED}), _F.REFUSED),
        "lose": (frozenset({_F.GRANTED, _F.RECEIVED}), _F.LOST),
    }
)
FUNDING_VERBS: dict[str, str | Promise] = {
    "grant": _("Concesso"),
    "receive": _("Incassato"),
    "refuse": _("Negato"),
    "lose": _("Revocato"),
}
COUNTED_FUNDING = (_F.GRANTED, _F.RECEIVED)
