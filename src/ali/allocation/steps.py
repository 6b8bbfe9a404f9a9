"""The three signatures of a proposal as the component `steps` takes them: who, when, and what is awaited now."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ali.allocation.models import Proposal
from ali.allocation.states import LIVE_STATES, ProposalState
from ali.core.text import in_text

DONE, CURRENT, WAITING, REFUSED, SKIPPED = "done", "current", "waiting", "refused", "skipped"


def signatures_of(proposal: Proposal) -> list[dict[str, Any]]:
    """Return prefecture, home and household, in the order in which they sign."""
    return [_of_prefecture(proposal), _of_home(proposal), _of_household(proposal)]


def _step(label: str, state: str, who: str, when: Any, note: str) -> dict[str, Any]:  # Any: a moment or None
    told = in_text(date_format(localtime(when), "j F Y, H:i")) if when else ""
    return {"label": label, "state": state, "who": who, "when": told, "note": note}


def _until(day: Any, state: str) -> str:  # Any: a day or None
    return (
        _("entro il %(day)s") % {"day": in_text(date_format(day, "j F Y"))}
        if day and state == CURRENT
        else ""
    )


def _of_prefecture(proposal: Proposal) -> dict[str, Any]:
    return _step(
        _("La prefettura conferma l'uscita e propone"),
        DONE,
        str(proposal.put_forward_by),
        proposal.put_forward_at,
        "",
    )


def _of_home(proposal: Proposal) -> dict[str, Any]:
    state = home_step(proposal)
    who = str(proposal.dwelling.manager)
    if proposal.home_answered_by:
        who = f"{proposal.home_answered_by}, {who}"
    return _step(
        _("L'ente che ha la casa accetta o rifiuta"),
        state,
        who,
        proposal.home_answered_at,
        proposal.home_reason or _until(proposal.home_answer_by_day, state),
    )


def home_step(proposal: Proposal) -> str:
    """Return how the second signature stands."""
    if proposal.state == ProposalState.HOME_REFUSED:
        return REFUSED
    if proposal.home_answered_at is not None:
        return DONE
    return CURRENT if proposal.state in LIVE_STATES else SKIPPED


def _of_household(proposal: Proposal) -> dict[str, Any]:
    state = household_step(proposal)
    who = _("il nucleo")
    if proposal.household_answer_recorded_by:
        who = _("il nucleo (registra %(who)s)") % {"who": proposal.household_answer_recorded_by}
    return _step(
        _("Il nucleo accetta o rifiuta"),
        state,
        who,
        proposal.household_answered_at,
        _until(proposal.household_answer_by_day, state),
    )


def household_step(proposal: Proposal) -> str:
    """Return how the third signature stands."""
    known = {
        ProposalState.HOUSEHOLD_REFUSED: REFUSED,
        ProposalState.PLACED: DONE,
        ProposalState.HOME_ACCEPTED: CURRENT,
        ProposalState.PUT_FORWARD: WAITING,
    }
    return known.get(ProposalState(proposal.state), SKIPPED)
