"""Owners, leads, contacts and campaigns: code lists and the steps of a lead (domain reference 4.2, 4.8)."""

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ali.core.states import Transitions


class OwnerKind(models.TextChoices):
    PERSON = "person", _("persona")
    COMPANY = "company", _("impresa")
    PUBLIC = "public", _("ente pubblico")
    CHURCH = "church", _("ente religioso")
    ASSOCIATION = "association", _("ente del terzo settore")


class LeadSource(models.TextChoices):
    OFFER = "offer", _("offerta del proprietario")
    REPORT = "report", _("segnalazione di qualcuno")
    STREET = "street", _("vista in giro")
    TOWN = "town", _("elenco del Comune o di un ente")
    ANBSC = "anbsc", _("beni confiscati (ANBSC)")
    OTHER = "other", pgettext_lazy("provenienza", "altro")


class LeadState(models.TextChoices):
    REPORTED = "reported", _("segnalata")
    CONTACTED = "contacted", _("proprietario contattato")
    VISITED = "visited", _("vista in sopralluogo")
    FEASIBLE = "feasible", _("fattibile")
    NOT_FEASIBLE = "not_feasible", _("non fattibile")
    AGREED = "agreed", _("accordo raggiunto")
    CONVERTED = "converted", _("diventata alloggio")
    ARCHIVED = "archived", _("archiviata")


_L = LeadState
OPEN_STATES = (_L.REPORTED, _L.CONTACTED, _L.VISITED, _L.FEASIBLE, _L.AGREED)

LEAD_TRANSITIONS: Transitions[LeadState] = Transitions(
    {
        "contact": (frozenset({_L.REPORTED}), _L.CONTACTED),
        "visit": (frozenset({_L.REPORTED, _L.CONTACTED}), _L.VISITED),
        "visit_again": (frozenset({_L.VISITED, _L.FEASIBLE, _L.NOT_FEASIBLE}), _L.VISITED),
        "find_feasible": (frozenset({_L.VISITED}), _L.FEASIBLE),
        "find_not_feasible": (frozenset({_L.VISITED, _L.FEASIBLE}), _L.NOT_FEASIBLE),
        "agree": (frozenset({_L.FEASIBLE}), _L.AGREED),
        "convert": (frozenset({_L.AGREED}), _L.CONVERTED),
        "archive": (frozenset({*OPEN_STATES, _L.NOT_FEASIBLE}), _L.ARCHIVED),
        "reopen": (frozenset({_L.ARCHIVED, _L.NOT_FEASIBLE}), _L.REPORTED),
    }
)

# The steps that a person takes with a button; visits and becoming a home have a form of their own.
STEP_LABELS: Mapping[str, str | Promise] = {
    "contact": _("Proprietario contattato"),
    "find_feasible": _("È fattibile"),
    "agree": _("Accordo raggiunto"),
    "find_not_feasible": _("Non è fattibile"),
    "reopen": _("Riapri"),
    "archive": _("Archivia"),
}
STEPS_WITH_REASON = frozenset({"find_not_feasible", "archive", "reopen"})


class Channel(models.TextChoices):
    CALL = "call", _("telefonata")
    LETTER = "letter", _("lettera")
    EMAIL = "email", _("e-mail")
    MEETING = "meeting", _("incontro")


class Outcome(models.TextChoices):
    INTERESTED = "interested", _("interessato")
    THINKING = "thinking", _("ci pensa")
    CALL_BACK = "call_back", _("richiamare")
    NO = "no", _("non interessato")
    NO_ANSWER = "no_answer", _("non risponde")
    WRONG = "wrong", _("recapito sbagliato")
    SENT = "sent", _("spedita")
    NEVER = "never", _("non contattare più")


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("in preparazione")
    SENT = "sent", pgettext_lazy("campagna", "spedita")
    CLOSED = "closed", _("chiusa")


CAMPAIGN_TRANSITIONS: Transitions[CampaignState] = Transitions(
    {
        "send": (frozenset({CampaignState.DRAFT}), CampaignState.SENT),
        "close": (frozenset({CampaignState.SENT}), CampaignState.CLOSED),
    }
)


class Answer(models.TextChoices):
    """What a visit saw of one item."""

    YES = "yes", _("sì")
    PARTLY = "partly", pgettext_lazy("risposta", "in parte")
    NO = "no", _("no")


# What a visit looks at, in the order in which one walks through a house.
ITEMS: Mapping[str, str | Promise] = {
    "structure": _("Tetto, muri e solai stanno bene"),
    "damp": _("Non ci sono umidità né infiltrazioni"),
    "windows": _("I serramenti chiudono bene"),
    "wiring_ok": _("L'impianto elettrico è a norma o facile da adeguare"),
    "heating_ok": _("Riscaldamento e gas sono a norma o facili da adeguare"),
    "bathroom_ok": _("C'è un bagno completo"),
    "size": _("Superfici e altezze bastano almeno per due persone"),
    "access_ok": _("Si entra senza barriere, o si può adattare"),
    "papers": _("Catasto e titoli edilizi corrispondono"),
    "money": _("I lavori si pagano con risorse che si vedono già"),
    "place": _("Fermata e negozi si raggiungono a piedi"),
    "owner_ok": _("Il proprietario è disposto a un accordo di almeno cinque anni"),
    "rent_ok": _("Il canone chiesto sta sotto il mercato"),
    "condominium_ok": _("Il condominio non ha liti né debiti noti"),
}
# A «no» here stops a project until it is solved.
OBSTACLES = frozenset({"structure", "papers", "owner_ok"})
