"""Where the person goes, who follows, what is next."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.organisations.models import Membership
from ali.people.details import UnclearData
from ali.people.hooks import restart_clocks
from ali.people.queries import organisations_following
from ali.reception import permissions
from ali.reception.models import Exit
from ali.reception.services.exits import keep
from ali.reception.states import FLAGGED_SOLUTIONS, OPEN_STATES, Solution


@atomic
def set_solution(
    *,
    actor: Actor,
    leaving: Exit,
    solution: str,
    now: datetime,
    today: date,
    expected_version: int,
    note: str | None = None,
) -> Exit:
    """Say where the person goes. A lodging tied to the job, or a shelter, is kept but flagged.

    Without a `note` the former one stays while the solution does.
    """
    permissions.may_set_solution(actor, leaving).or_refuse()
    if solution not in Solution.values:
        raise UnclearData("solution", _("Scegli una delle soluzioni dell'elenco."))
    if note is None:
        note = leaving.solution_note if solution == leaving.solution else ""
    leaving.solution, leaving.solution_note, leaving.solution_at = solution, note.strip(), now
    return keep(
        actor,
        leaving,
        "solution_set",
        today=today,
        expected_version=expected_version,
        solution=solution,
        is_flagged=solution in FLAGGED_SOLUTIONS,
    )


@atomic
def record_network_home(*, actor: Actor, person_ids: Collection[int], now: datetime, today: date) -> int:
    """A household has accepted a home of the network: the exits of its members have their solution.

    Called by the placement, which has asked its own permission.
    """
    found = list(
        Exit.objects.filter(person__in=list(person_ids), state__in=OPEN_STATES)
        .select_related("person")
        .order_by("pk")
    )
    for leaving in found:
        leaving.solution, leaving.solution_at = Solution.NETWORK_HOME, now
        leaving.save_if_unchanged(leaving.version)
    audit.record(
        actor,
        "solution_set",
        persons=[leaving.person.public_id for leaving in found],
        solution=str(Solution.NETWORK_HOME),
    )
    restart_clocks(list(person_ids), today=today)
    return len(found)


@atomic
def set_next_step(
    *,
    actor: Actor,
    leaving: Exit,
    owner: User | None,
    next_step: str,
    next_step_on: date | None,
    today: date,
    expected_version: int,
) -> Exit:
    """Say who follows, what they do next and by when; the day enters the board."""
    permissions.may_set_solution(actor, leaving).or_refuse()
    if next_step_on and not next_step.strip():
        raise UnclearData("next_step", _("Scrivi il prossimo passo, o togli la data."))
    if owner is not None and not _follows(owner, leaving, today):
        raise Refusal(_("Chi segue lavora in un ente che segue già la persona."))
    leaving.owner, leaving.next_step, leaving.next_step_on = owner, next_step.strip(), next_step_on
    return keep(actor, leaving, "next_step_set", today=today, expected_version=expected_version)


def _follows(owner: User, leaving: Exit, today: date) -> bool:
    bodies = organisations_following([leaving.person_id], today).get(leaving.person_id, ())
    return Membership.objects.valid_on(today).filter(user=owner, organisation__in=bodies).exists()
