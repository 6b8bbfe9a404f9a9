"""What live proposals wait for: the same conditions count them on the home page and narrow their list."""

import uuid
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.allocation.models import BedHold, Round, RoundEntry
from ali.allocation.states import UNDECIDED, Outcome, ProposalState, RoundState

HOME, HOUSEHOLD, VISIT, SLIPPED, LATE = "home", "household", "visit", "slipped", "late"
WAITS = {
    HOME: _("attendono l'ente della casa"),
    HOUSEHOLD: _("da aprire con il nucleo"),
    VISIT: _("con una visita nei prossimi 7 giorni"),
    SLIPPED: _("con la casa che si libera più tardi"),
    LATE: _("con la risposta in ritardo"),
}
VISIT_DAYS = 7


def condition_of(wait: str, today: date) -> Q:
    """Return the condition «the live proposal waits for this»."""
    answers = {HOME: ProposalState.PUT_FORWARD, HOUSEHOLD: ProposalState.HOME_ACCEPTED}
    if wait in answers:
        return Q(state=answers[wait])
    if wait == VISIT:
        return Q(visit_on__date__range=(today, today + timedelta(days=VISIT_DAYS)))
    if wait == LATE:
        home = Q(state=ProposalState.PUT_FORWARD, home_answer_by_day__lt=today)
        return home | Q(state=ProposalState.HOME_ACCEPTED, household_answer_by_day__lt=today)
    later = Q(bed__free_from__isnull=True) | Q(bed__free_from__gt=F("proposal__starts_on"))
    return Q(Exists(BedHold.objects.filter(later, proposal=OuterRef("pk"), is_live=True)))


def undecided_in_last_round(actor: Actor) -> tuple[uuid.UUID | None, int]:
    """Return the latest round of the actor's provinces and how many homes it suggests that nobody has decided on."""
    last = Round.objects.visible_to(actor).in_earnest().filter(state=RoundState.SOLVED).order_by("-pk")
    entries = RoundEntry.objects.filter(
        round=Subquery(last.values("pk")[:1]), outcome=Outcome.PROPOSED, handling__in=UNDECIDED
    )
    found = (
        entries.values_list("round__public_id")
        .annotate(homes=Count("pk"))
        .order_by("round__public_id")
        .first()
    )
    return found or (None, 0)
