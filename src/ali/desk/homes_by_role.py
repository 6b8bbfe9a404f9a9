"""The home page of each role: what is to be done today, the weeks ahead, what expires. Every number opens its rows."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, Q, When, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission as P
from ali.allocation.models import Proposal
from ali.allocation.states import ProposalState
from ali.core.text import in_text
from ali.deadlines.models import Deadline
from ali.desk import audit_log, todo, todo_homes
from ali.desk.deadlines import due_rows
from ali.housing.models import Dwelling
from ali.organisations.queries import users_visible_to
from ali.reception.models import Exit
from ali.reception.querysets import ExitQuerySet
from ali.reception.states import DATED_STATES, WITHOUT_SOLUTION
from ali.rules.models import Rule

WEEKS = 13


def context_for(actor: Actor, today: date) -> dict[str, Any]:
    """Return the parts that the actor's role has."""
    context: dict[str, Any] = {
        "today": today,
        "stats": [],
        "weeks": [],
        "proposals": None,
        "todo": [],
        "deadlines": None,
        "overdue": 0,
        "only_counts": False,
        "works": any(actor.may(one) for one in (P.SET_SOLUTIONS, P.SEE_PROPOSALS, P.SEE_RENTS)),
        "may_match": actor.may(P.RUN_ROUNDS),
    }
    if actor.may(P.SET_SOLUTIONS):
        context |= _exits(Exit.objects.visible_to(actor), today, ask=todo.exit_counts(actor, today))
    if actor.may(P.RUN_ROUNDS):
        context["todo"] += todo.round_lines(actor)
    if actor.may(P.SEE_PROPOSALS):
        live = _live_proposals(actor, today)
        context["proposals"] = [one for one in live if not one.waits_for_others]
        context["todo"] += todo.proposal_lines(actor, next(iter(live), None))
    if actor.may(P.ANSWER_FOR_HOME):
        context |= _homes(actor, today)
    context["todo"] += todo_homes.home_lines(actor, today)
    if actor.may(P.SEE_DEADLINES):
        context |= _deadlines(actor, today)
    if actor.may(P.SEE_COUNTS) and not actor.may(P.SEE_PEOPLE):
        context |= {"only_counts": True} | _exits(Exit.objects.counted_for(actor), today, opens=False)
    if actor.may(P.SEE_AUDIT):
        context["stats"] += _log(actor, today)
    if actor.may(P.MANAGE_USERS):
        context["stats"] += _administration(actor, today)
    context["stats"] = [{"hint": "", "tone": "", "icon": "", **stat} for stat in context["stats"]]
    return context


def _deadlines(actor: Actor, today: date) -> dict[str, Any]:
    """Return what falls due in two weeks and how many days have already passed: one statement for both."""
    late = Q(due_on__lt=today)
    rows = list(
        Deadline.objects.visible_to(actor)
        .open()
        .filter(due_on__lte=today + timedelta(days=14))
        .annotate(is_late=Case(When(late, then=1), default=0), late=Window(Count("pk", filter=late)))
        .order_by("is_late", "due_on", "pk")[:10]
    )
    return {
        "deadlines": due_rows(actor, [one for one in rows if not one.is_late], today),
        "overdue": rows[0].late if rows else 0,
    }


def _exits(
    known: ExitQuerySet, today: date, *, ask: Mapping[str, Count] | None = None, opens: bool = True
) -> dict[str, Any]:
    """Return the numbers of the next 90 days, the weeks and, from what `ask` counts, what is to be done.

    `opens` gives each number the address of its rows.
    """
    near = Q(leaves_on__lte=today + timedelta(days=90))
    without = near & Q(solution__in=WITHOUT_SOLUTION)
    counts = known.open().aggregate(
        all=Count("pk", filter=near),
        dated=Count("pk", filter=near & Q(state__in=DATED_STATES)),
        without=Count("pk", filter=without),
        urgent=Count("pk", filter=without & Q(leaves_on__lte=today + timedelta(days=10))),
        **(ask or {}),
    )
    url = reverse("desk:exit_list")
    stats = [
        {
            "value": counts["urgent"],
            "label": _("escono entro 10 giorni senza soluzione"),
            "href": f"{url}?days=30&help=without&dating=all",
            "tone": "danger",
            "icon": "ali-door",
        },
        {
            "value": counts["without"],
            "label": _("escono in 90 giorni senza soluzione"),
            "href": f"{url}?help=without&dating=all",
            "tone": "warning",
        },
        {
            "value": counts["all"],
            "label": _("escono in 90 giorni"),
            "href": f"{url}?dating=all",
            "hint": _("%(dated)s con data, %(expected)s attese")
            % {"dated": counts["dated"], "expected": counts["all"] - counts["dated"]},
        },
    ]
    weeks = _weeks(known, today)
    if opens:
        stats = stats[1:]  # the working list has them, with the days that its role counts
    else:
        stats = [stat | {"href": ""} for stat in stats]
        weeks = [week | {"href": "", "href_with": "", "href_without": ""} for week in weeks]
    return {"stats": stats, "weeks": weeks, "todo": todo.exit_lines(counts)}


def _weeks(known: ExitQuerySet, today: date) -> list[dict[str, Any]]:
    monday = today - timedelta(days=today.weekday())
    counted: dict[date, list[int]] = {monday + timedelta(weeks=week): [0, 0] for week in range(WEEKS)}
    days = (
        known.open()
        .filter(leaves_on__gte=monday, leaves_on__lt=monday + timedelta(weeks=WEEKS))
        .values("leaves_on")
        .annotate(all=Count("pk"), without=Count("pk", filter=Q(solution__in=WITHOUT_SOLUTION)))
        .order_by("leaves_on")
    )
    for row in days:
        week = counted[row["leaves_on"] - timedelta(days=row["leaves_on"].weekday())]
        week[0] += row["all"] - row["without"]
        week[1] += row["without"]
    url = reverse("desk:exit_list")
    return [
        {
            "label": in_text(date_format(start, "j M")),
            "with_solution": solved,
            "without": without,
            "href": f"{url}?days=all&dating=all&week={start}",
            "href_with": f"{url}?days=all&dating=all&week={start}&help=with",
            "href_without": f"{url}?days=all&dating=all&week={start}&help=without",
        }
        for start, (solved, without) in counted.items()
    ]


def _live_proposals(actor: Actor, today: date) -> list[Any]:  # Any: proposals with what is annotated
    """Return live proposals, those that wait for the actor's party first, each with the counts of all of them."""
    waiting = {
        P.ANSWER_FOR_HOME: ProposalState.PUT_FORWARD,
        P.RECORD_HOUSEHOLD_ANSWER: ProposalState.HOME_ACCEPTED,
    }
    states = [state for permission, state in waiting.items() if actor.may(permission)]
    others = When(~Q(state__in=states), then=1) if states else When(pk__isnull=True, then=1)
    return list(
        todo.with_counts(Proposal.objects.visible_to(actor).live(), today)
        .annotate(waits_for_others=Case(others, default=0))
        .select_related("dwelling__building", "dwelling__manager")
        .order_by("waits_for_others", "home_answer_by_day", "pk")[:8]
    )


def _homes(actor: Actor, today: date) -> dict[str, Any]:
    homes = Dwelling.objects.visible_to(actor)
    free = homes.free_within(today, 90).count()
    url = reverse("housing:home_list")
    return {
        "stats": [
            {
                "value": free,
                "label": _("case con posti liberi in 90 giorni"),
                "href": f"{url}?days=90",
                "icon": "ali-home",
            },
            {"value": homes.count(), "label": _("case in tutto"), "href": url},
        ]
    }


def _log(actor: Actor, today: date) -> list[dict[str, Any]]:
    """Return what the body did and read today, for who watches over personal data."""
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    events = audit_log.events_visible_to(actor, today).filter(at__gte=midnight)
    counts = events.aggregate(reads=Count("pk", filter=Q(is_read=True)), all=Count("pk"))
    url = f"{reverse('log:event_list')}?day={today}"
    return [
        {
            "value": counts["reads"],
            "label": _("letture di dati personali oggi"),
            "href": f"{url}&kind=read",
            "icon": "it-lock",
        },
        {
            "value": counts["all"] - counts["reads"],
            "label": _("modifiche oggi"),
            "href": f"{url}&kind=change",
        },
    ]


def _administration(actor: Actor, today: date) -> list[dict[str, Any]]:
    """Return what an administrator looks after: users, rules that nobody has confirmed."""
    return [
        {
            "value": users_visible_to(actor, today).count(),
            "label": _("utenti"),
            "href": reverse("organisations:user_list"),
            "icon": "it-user",
        },
        {
            "value": Rule.objects.valid_on(today).filter(confirmed_by__isnull=True).count(),
            "label": _("regole che nessuno ha confermato"),
            "href": reverse("rules:rule_list"),
            "tone": "warning",
        },
    ]
