"""States and code lists of buildings and dwellings (domain reference 4.2, 4.8)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

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


class Mode(models.TextChoices):
    """Who may share: the engine's modes."""

    WHOLE = "whole", _("intero, per un nucleo")
    MEN = "men", _("posti letto per uomini")
    WOMEN = "women", _("posti letto per donne")
    OPEN = "open", _("posti letto: uomini, donne o una famiglia")


class RoomKind(models.TextChoices):
    BEDROOM = "bedroom", _("camera")
    LIVING = "living", _("soggiorno")
    KITCHEN = "kitchen", _("cucina")
    BATHROOM = "bathroom", _("bagno")
    OTHER = "other", _("altro locale")


class Access(models.TextChoices):
    ACCESSIBLE = "accessible", _("accessibile")
    VISITABLE = "visitable", _("visitabile")
    ADAPTABLE = "adaptable", _("adattabile")
    NONE = "none", _("con barriere")


class Channel(models.TextChoices):
    AGENCY = "agency", _("agenzia sociale")
    MARKET = "market", _("mercato")
    MUNICIPAL = "municipal", _("Comune")
    FAMILY = "family", _("accoglienza in famiglia")
