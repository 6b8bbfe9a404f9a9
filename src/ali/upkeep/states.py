"""States of a ticket, of a visit and of a mediation, and the words of each."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.core.states import Transitions


class TicketState(models.TextChoices):
    OPEN = "open", _("aperta")
    ASSIGNED = "assigned", _("assegnata")
    UNDER_WAY = "under_way", _("in corso")
    RESOLVED = "resolved", _("risolta")
    CLOSED = "closed", _("chiusa")
    CANCELLED = "cancelled", _("annullata")


_T = TicketState
TO_DO = (_T.OPEN, _T.ASSIGNED, _T.UNDER_WAY)
NOT_OVER = (*TO_DO, _T.RESOLVED)
TICKET_TRANSITIONS: Transitions[TicketState] = Transitions(
    {
        "assign": (frozenset({_T.OPEN, _T.ASSIGNED}), _T.ASSIGNED),
        "start": (frozenset({_T.ASSIGNED}), _T.UNDER_WAY),
        "resolve": (frozenset({_T.ASSIGNED, _T.UNDER_WAY}), _T.RESOLVED),
        "reopen": (frozenset({_T.RESOLVED}), _T.UNDER_WAY),
        "close": (frozenset({_T.RESOLVED}), _T.CLOSED),
        "cancel": (frozenset({_T.OPEN, _T.ASSIGNED, _T.UNDER_WAY}), _T.CANCELLED),
    }
)
TICKET_VERBS: dict[str, str | Promise] = {
    "start": _("Lavoro iniziato"),
    "resolve": _("Risolto"),
    "close": _("Chiudi"),
    "reopen": _("Non è risolto"),
    "cancel": _("Annulla la segnalazione"),
}
# Each with the question that the words answer.
VERBS_WITH_WORDS: dict[str, str | Promise] = {
    "resolve": _("Che cosa è stato fatto"),
    "reopen": _("Che cosa non va ancora"),
    "cancel": _("Perché si annulla"),
}
TICKET_STEPS: dict[str, str | Promise] = {
    "open": _("Aperta"),
    "assign": _("Assegnata"),
    "start": _("Lavoro iniziato"),
    "resolve": _("Risolta"),
    "reopen": _("Riaperta"),
    "close": _("Chiusa"),
    "cancel": _("Annullata"),
    "note": _("Nota"),
}


class Category(models.TextChoices):
    PLUMBING = "plumbing", _("acqua e bagno")
    HEATING = "heating", _("riscaldamento e acqua calda")
    ELECTRICITY = "electricity", _("impianto elettrico")
    GAS = "gas", _("gas e cucina")
    APPLIANCES = "appliances", _("elettrodomestici")
    WINDOWS = "windows", _("porte, finestre, serrature")
    WALLS = "walls", _("muri, umidità, muffa")
    FURNITURE = "furniture", _("arredo")
    PESTS = "pests", _("insetti e animali")
    SHARED = "shared", _("parti comuni del condominio")
    OTHER = "other", _("altro")


class Urgency(models.TextChoices):
    EMERGENCY = "emergency", _("pericolo: subito")
    URGENT = "urgent", _("urgente")
    NORMAL = "normal", _("normale")
    LOW = "low", _("quando si può")


class Payer(models.TextChoices):
    BODY = "body", _("ente")
    OWNER = "owner", _("proprietario")
    TENANT = "tenant", _("inquilino")
    INSURANCE = "insurance", _("assicurazione")


class VisitState(models.TextChoices):
    PLANNED = "planned", _("prevista")
    DONE = "done", _("fatta")
    MISSED = "missed", _("nessuno in casa")
    CANCELLED = "cancelled", _("annullata")


_V = VisitState
VISIT_TRANSITIONS: Transitions[VisitState] = Transitions(
    {
        "record": (frozenset({_V.PLANNED}), _V.DONE),
        "miss": (frozenset({_V.PLANNED}), _V.MISSED),
        "move": (frozenset({_V.PLANNED}), None),
        "cancel": (frozenset({_V.PLANNED}), _V.CANCELLED),
    }
)


class VisitOutcome(models.TextChoices):
    WELL = "well", _("tutto bene")
    HOME_KEPT = "home_kept", _("casa tenuta bene")
    HOME_NEGLECTED = "home_neglected", _("casa trascurata")
    REPAIR = "repair", _("serve una riparazione")
    CROWDED = "crowded", _("più persone del previsto")
    TENSION = "tension", _("tensione tra chi ci abita")
    NEIGHBOURS = "neighbours", _("problemi con i vicini")
    COSTS = "costs", _("fatica a pagare")
    PAPERS = "papers", _("documenti da sistemare")
    SERVICES = "services", _("da accompagnare a un servizio")


class MediationState(models.TextChoices):
    UNDER_WAY = "under_way", _("in corso")
    CLOSED = "closed", _("chiusa")


_M = MediationState
MEDIATION_TRANSITIONS: Transitions[MediationState] = Transitions(
    {
        "write": (frozenset({_M.UNDER_WAY}), None),
        "close": (frozenset({_M.UNDER_WAY}), _M.CLOSED),
        "reopen": (frozenset({_M.CLOSED}), _M.UNDER_WAY),
    }
)


class Topic(models.TextChoices):
    CLEANING = "cleaning", _("pulizie e turni")
    NOISE = "noise", _("rumori e orari")
    SPACES = "spaces", _("spazi comuni")
    BILLS = "bills", _("spese e bollette")
    GUESTS = "guests", _("ospiti")
    HABITS = "habits", _("abitudini di vita")
    NEIGHBOURS = "neighbours", _("vicini di casa")
    OTHER = "other", _("altro")


class NoteKind(models.TextChoices):
    NOTE = "note", _("nota")
    AGREEMENT = "agreement", _("accordo raggiunto")
    CLOSING = "closing", _("chiusura")
    REOPENING = "reopening", _("riapertura")


class MediationEnd(models.TextChoices):
    AGREED = "agreed", _("accordo raggiunto")
    PARTLY = "partly", _("accordo in parte")
    NOT_AGREED = "not_agreed", _("nessun accordo")
    MOVED = "moved", _("qualcuno ha cambiato casa")
