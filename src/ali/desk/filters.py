"""Filters of the exit list, kept in the address: no names there."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.desk.todo import EXIT_TODO, exit_condition
from ali.places.models import Municipality
from ali.reception.models import Centre, Exit
from ali.reception.querysets import ExitQuerySet
from ali.reception.states import DATED_STATES, WITHOUT_SOLUTION, ExitState, Gap, GapState, Solution

DAYS = [("30", _("30 giorni")), ("60", _("60 giorni")), ("90", _("90 giorni")), ("all", _("tutte"))]
DATING = [("dated", _("Con data")), ("expected", _("Attese")), ("all", _("Tutte insieme"))]
HELP = [("without", _("senza soluzione")), ("with", _("con soluzione"))]


class ExitFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Territory, days, gap, solution, state, who follows."""

    days = django_filters.ChoiceFilter(
        label=_("Nei prossimi"), choices=DAYS, method="leave_within", empty_label=None
    )
    dating = django_filters.ChoiceFilter(choices=DATING, method="be_dated", empty_label=None)
    help = django_filters.ChoiceFilter(
        label=_("Soluzione"), choices=HELP, method="have_solution", empty_label=_("tutte")
    )
    gap = django_filters.ChoiceFilter(
        label=_("Manca"), choices=Gap.choices, method="lack", empty_label=_("qualsiasi")
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Comune del centro"),
        field_name="stay__centre__municipality",
        queryset=Municipality.objects.none(),
        empty_label=_("tutti"),
    )
    centre = django_filters.UUIDFilter(field_name="stay__centre__public_id")
    solution = django_filters.ChoiceFilter(choices=Solution.choices)
    state = django_filters.ChoiceFilter(choices=ExitState.choices)
    week = django_filters.DateFilter(method="leave_in_week")
    todo = django_filters.ChoiceFilter(label=_("Da fare"), choices=EXIT_TODO, method="wait_for")
    mine = django_filters.BooleanFilter(method="be_mine")

    class Meta:
        model = Exit
        fields: list[str] = []

    def __init__(self, data: Any, queryset: ExitQuerySet, *, today: date, actor: Actor) -> None:
        values = data.copy()
        values.setdefault("days", "90")
        values.setdefault("dating", "dated")
        self.today = today
        self.user_id = actor.user_id
        super().__init__(values, queryset)
        places = Centre.objects.visible_to(actor).values("municipality")
        self.filters["municipality"].field.queryset = Municipality.objects.filter(pk__in=places).order_by(
            "name"
        )

    def leave_within(self, exits: ExitQuerySet, _name: str, days: str) -> ExitQuerySet:
        return exits if days == "all" else exits.within(self.today, int(days))

    def be_dated(self, exits: ExitQuerySet, _name: str, value: str) -> ExitQuerySet:
        if value == "all":
            return exits
        return (
            exits.filter(state__in=DATED_STATES)
            if value == "dated"
            else exits.exclude(state__in=DATED_STATES)
        )

    def have_solution(self, exits: ExitQuerySet, _name: str, value: str) -> ExitQuerySet:
        return (
            exits.filter(solution__in=WITHOUT_SOLUTION)
            if value == "without"
            else exits.exclude(solution__in=WITHOUT_SOLUTION)
        )

    def lack(self, exits: ExitQuerySet, _name: str, gap: str) -> ExitQuerySet:
        return exits.filter(**{f"gap_{gap}__in": (GapState.PARTIAL, GapState.MISSING)})

    def leave_in_week(self, exits: ExitQuerySet, _name: str, monday: date) -> ExitQuerySet:
        return exits.filter(leaves_on__gte=monday, leaves_on__lt=monday + timedelta(days=7))

    def wait_for(self, exits: ExitQuerySet, _name: str, code: str) -> ExitQuerySet:
        return exits.filter(exit_condition(code, self.today))

    def be_mine(self, exits: ExitQuerySet, _name: str, mine: bool) -> ExitQuerySet:
        return exits.filter(owner=self.user_id) if mine else exits
