"""Proposals under way: after the first round one waits for the home's body, one for the household, the rest for the prefecture."""

from datetime import date, datetime, timedelta

from ali.accounts.actors import Actor, actor_for
from ali.accounts.models import User
from ali.accounts.roles import HOUSING_MANAGER
from ali.allocation.models import Proposal, Round, RoundEntry
from ali.allocation.services import accept_for_home, open_proposal, put_forward
from ali.allocation.states import Outcome, Party
from ali.core.decisions import Refusal

# Only when the round has enough homes to leave some for who looks at the demonstration.
FEWEST_HOMES = 6
AT_EACH_STEP = 2
REASON = "Esempio: è il primo del giro per questa casa, esce presto e lavora vicino."


def start_proposals(round_: Round, officer: Actor, *, now: datetime, today: date) -> list[Proposal]:
    """Put some households of the round forward; the home's body takes the first ones, and these wait for the household."""
    entries = list(
        round_.entries.filter(outcome=Outcome.PROPOSED, dwelling__isnull=False)
        .select_related("household", "dwelling")
        .order_by("-weight", "pk")
    )
    if len(entries) < FEWEST_HOMES:
        return []
    started: list[Proposal] = []
    for entry in entries:
        if len(started) == 2 * AT_EACH_STEP:
            break
        landlord = _manager_of(entry)
        if landlord is None:
            continue
        proposal = _put_forward(entry, officer, now, today)
        if proposal is None:
            continue
        if len(started) < AT_EACH_STEP:
            open_proposal(actor=landlord, proposal=proposal, party=Party.HOME)
            accept_for_home(
                actor=landlord,
                proposal=proposal,
                expected_version=proposal.version,
                visit_on=now + timedelta(days=3),
                now=now,
                today=today,
            )
        started.append(proposal)
    return started


def _manager_of(entry: RoundEntry) -> Actor | None:
    """Somebody who answers for the home, when the demonstration has an account for its body."""
    found = (
        User.objects.filter(
            is_invented=True,
            memberships__role=HOUSING_MANAGER.code,
            memberships__organisation__dwellings=entry.dwelling_id,
        )
        .order_by("pk")
        .first()
    )
    return actor_for(found) if found else None


def _put_forward(entry: RoundEntry, officer: Actor, now: datetime, today: date) -> Proposal | None:
    """The first signature; a household or a home that is not free any more is left to people."""
    household, dwelling = entry.household, entry.dwelling
    if dwelling is None:
        return None
    try:
        return put_forward(
            actor=officer,
            household=household,
            dwelling=dwelling,
            starts_on=max(entry.free_on or today, today) + timedelta(days=3),
            reason=REASON,
            now=now,
            today=today,
            conflict_note="Esempio: l'ente ospita e affitta; la casa è la sola della rete adatta al nucleo.",
        )
    except Refusal:
        return None
