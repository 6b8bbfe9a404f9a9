"""States of a round and of a proposal. The three signatures are three verbs in a row; nobody can give another's."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.states import Transitions


class RoundState(models.TextChoices):
    QUEUED = "queued", _("in coda")
    RUNNING = "running", _("in calcolo")
    SOLVED = "solved", _("calcolato")
    CANCELLED = "cancelled", _("annullato")
    FAILED = "failed", _("non riuscito")


_R = RoundState
UNDER_WAY = (_R.QUEUED, _R.RUNNING)
ROUND_TRANSITIONS: Transitions[RoundState] = Transitions(
    {
        "start": (frozenset({_R.QUEUED}), _R.RUNNING),
        "solve": (frozenset({_R.RUNNING}), _R.SOLVED),
        "cancel": (frozenset({_R.QUEUED, _R.RUNNING}), _R.CANCELLED),
        "fail": (frozenset({_R.QUEUED, _R.RUNNING}), _R.FAILED),
    }
)


class ProposalState(models.TextChoices):
    PUT_FORWARD = "put_forward", _("attende l'ente della casa")
    HOME_ACCEPTED = "home_accepted", _("attende il nucleo")
    PLACED = "placed", _("assegnata")
    HOME_REFUSED = "home_refused", _("rifiutata dall'ente della casa")
    HOUSEHOLD_REFUSED = "household_refused", _("rifiutata dal nucleo")
    WITHDRAWN = "withdrawn", _("ritirata dalla prefettura")
    EXPIRED = "expired", _("scaduta")
    FREED = "freed", _("liberata: il nucleo ha un'altra soluzione")


_P = ProposalState
LIVE_STATES = (_P.PUT_FORWARD, _P.HOME_ACCEPTED)

PROPOSAL_TRANSITIONS: Transitions[ProposalState] = Transitions(
    {
        "accept_for_home": (frozenset({_P.PUT_FORWARD}), _P.HOME_ACCEPTED),
        "refuse_for_home": (frozenset({_P.PUT_FORWARD, _P.HOME_ACCEPTED}), _P.HOME_REFUSED),
        "accept_for_household": (frozenset({_P.HOME_ACCEPTED}), _P.PLACED),
        "refuse_for_household": (frozenset({_P.HOME_ACCEPTED, _P.PUT_FORWARD}), _P.HOUSEHOLD_REFUSED),
        "withdraw": (frozenset(LIVE_STATES), _P.WITHDRAWN),
        "expire": (frozenset(LIVE_STATES), _P.EXPIRED),
        "free": (frozenset(LIVE_STATES), _P.FREED),
    }
)


class Outcome(models.TextChoices):
    """What a round says of a household, and what the officer did with it."""

    PROPOSED = "proposed", _("casa proposta")
    NOT_HOUSED = "not_housed", _("nessuna casa")


class Handling(models.TextChoices):
    OPEN = "open", _("da decidere")
    EXCHANGED = "exchanged", _("scambiata, da avviare")
    PUT_FORWARD = "put_forward", _("avviata")
    CHANGED = "changed", _("avviata con un'altra casa")
    SET_ASIDE = "set_aside", _("non avviata")


# Nobody has signed or set aside yet: the suggestion may still be put forward, exchanged, or left.
UNDECIDED = (Handling.OPEN, Handling.EXCHANGED)


class PinKind(models.TextChoices):
    PIN = "pin", _("fissato")
    FORBID = "forbid", _("escluso")


class Party(models.TextChoices):
    PREFECTURE = "prefecture", _("prefettura")
    HOME = "home", _("ente della casa")
    HOUSEHOLD = "household", _("nucleo")


class SessionState(models.TextChoices):
    """A meeting of the committee."""

    PLANNED = "planned", _("prevista")
    OPEN = "open", _("in corso")
    CLOSED = "closed", _("chiusa, da firmare")
    SIGNED = "signed", _("verbale firmato")
    CANCELLED = "cancelled", _("annullata")


_S = SessionState
SESSION_TRANSITIONS: Transitions[SessionState] = Transitions(
    {
        "prepare": (frozenset({_S.PLANNED}), None),
        "open": (frozenset({_S.PLANNED}), _S.OPEN),
        "speak": (frozenset({_S.OPEN}), None),
        "close": (frozenset({_S.OPEN}), _S.CLOSED),
        "sign": (frozenset({_S.CLOSED}), _S.SIGNED),
        "note": (frozenset({_S.SIGNED}), None),
        "cancel": (frozenset({_S.PLANNED, _S.OPEN}), _S.CANCELLED),
    }
)


class Position(models.TextChoices):
    CHAIR = "chair", _("presiede")
    MEMBER = "member", _("componente")


class VoteKind(models.TextChoices):
    CANDIDATE = "candidate", _("per un nucleo")
    NOBODY = "nobody", _("nessuno di questi")
    ABSTAINED = "abstained", _("astensione")


class ItemOutcome(models.TextChoices):
    CHOSEN = "chosen", _("scelto")
    NOBODY = "nobody", _("nessuno di questi nuclei")
    DEFERRED = "deferred", _("rinviata: nessuna maggioranza")
    NO_QUORUM = "no_quorum", _("rinviata: votanti troppo pochi")
