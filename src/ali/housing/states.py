"""States and code lists of buildings and dwellings (domain reference 4.2, 4.8)."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.core.decisions import YES, Decision, no
from ali.core.states import Transitions


class DwellingState(models.TextChoices):
    FOUND = "found", _("trovato")
    VISITED = "visited", _("visitato")
    AGREED = "agreed", _("accordo con il proprietario")
    WORKS = "works", _("in lavori")
    FREE = "free", _("libero")
    OCCUPIED = "occupied", _("occupato")
    SUSPENDED = "suspended", _("sospeso")
    GIVEN_BACK = "given_back", _("restituito")


_D = DwellingState
# States in which free beds may be matched: under works too, from the expected day.
MATCHABLE_STATES = (_D.WORKS, _D.FREE, _D.OCCUPIED)

DWELLING_TRANSITIONS: Transitions[DwellingState] = Transitions(
    {
        "visit": (frozenset({_D.FOUND}), _D.VISITED),
        "agree": (frozenset({_D.FOUND, _D.VISITED}), _D.AGREED),
        "start_works": (frozenset({_D.AGREED, _D.FREE}), _D.WORKS),
        "make_free": (frozenset({_D.AGREED, _D.WORKS, _D.OCCUPIED, _D.SUSPENDED}), _D.FREE),
        "occupy": (frozenset({_D.FREE, _D.OCCUPIED}), _D.OCCUPIED),
        "suspend": (frozenset({_D.FREE, _D.OCCUPIED, _D.WORKS}), _D.SUSPENDED),
        "give_back": (frozenset({_D.FOUND, _D.VISITED, _D.AGREED, _D.FREE, _D.SUSPENDED}), _D.GIVEN_BACK),
    }
)


# The verbs that a person chooses; a home becomes occupied by itself when somebody moves in.
VERB_LABELS: dict[str, str | Promise] = {
    "visit": _("Segna come visitato"),
    "agree": _("Accordo con il proprietario"),
    "start_works": _("Comincia i lavori"),
    "make_free": _("Rendi libero"),
    "suspend": _("Sospendi"),
    "give_back": _("Restituisci"),
}
VERBS_WITH_REASON = frozenset({"suspend", "give_back"})


@dataclass(frozen=True)
class StepFacts:
    """What of a dwelling may stop a step. `has_people`: somebody lives there or is about to."""

    state: DwellingState
    beds: int
    has_people: bool
    has_holds: bool
    awaits_assignment: bool


NOT_ASSIGNED = _(
    "Immobile confiscato: si può abbinare solo dopo che il Comune l'ha ricevuto e l'ha assegnato con procedura pubblica."
)
NOT_MATCHABLE = _("Questa casa non è ancora, o non è più, tra quelle da abbinare: controlla il suo stato.")


def step_decision(verb: str, facts: StepFacts) -> Decision:
    """Say whether `verb` can happen now to a dwelling."""
    possible = DWELLING_TRANSITIONS.can(verb, facts.state)
    if not possible:
        return possible
    if verb in {"start_works", "suspend", "give_back"} and facts.has_holds:
        return no(
            _(
                "C'è una proposta in corso su questa casa: aspetta la risposta o chiedi alla prefettura di ritirarla."
            )
        )
    if verb in {"start_works", "give_back", "make_free"} and facts.has_people:
        return no(_("Ci abita ancora qualcuno: registra prima le uscite."))
    if verb == "make_free" and not facts.beds:
        return no(_("Mancano i posti letto: aggiungi le stanze e i letti."))
    if verb == "make_free" and facts.awaits_assignment:
        return no(NOT_ASSIGNED)
    return YES


def match_decision(state: str, *, awaits_assignment: bool) -> Decision:
    """Say whether the beds of a dwelling may be matched."""
    if awaits_assignment:
        return no(NOT_ASSIGNED)
    return YES if state in MATCHABLE_STATES else no(NOT_MATCHABLE)


class Mode(models.TextChoices):
    """Who may share: the engine's modes."""

    WHOLE = "whole", _("intero, per un nucleo")
    MEN = "men", _("posti letto per uomini")
    WOMEN = "women", _("posti letto per donne")
    OPEN = "open", _("posti letto: uomini, donne o una famiglia")


class Unnamed(models.TextChoices):
    """What is known of somebody outside the network who lives in a home: enough to know who may share it."""

    MAN = "man", _("un uomo")
    WOMAN = "woman", _("una donna")
    FAMILY = "family", _("una famiglia")


class RoomKind(models.TextChoices):
    BEDROOM = "bedroom", _("camera")
    LIVING = "living", _("soggiorno")
    KITCHEN = "kitchen", _("cucina")
    BATHROOM = "bathroom", _("bagno")
    OTHER = "other", _("altro locale")


# Rooms where people stay: the standard asks more of their height and windows.
LIVED_IN = (RoomKind.BEDROOM, RoomKind.LIVING, RoomKind.KITCHEN)


class Access(models.TextChoices):
    ACCESSIBLE = "accessible", _("accessibile")
    VISITABLE = "visitable", _("visitabile")
    ADAPTABLE = "adaptable", _("adattabile")
    NONE = "none", _("con barriere")


# What a household that cannot climb stairs may be offered.
STEP_FREE = (Access.ACCESSIBLE, Access.VISITABLE)


class Channel(models.TextChoices):
    AGENCY = "agency", _("agenzia sociale")
    MARKET = "market", _("mercato")
    MUNICIPAL = "municipal", _("Comune")
    FAMILY = "family", _("accoglienza in famiglia")
