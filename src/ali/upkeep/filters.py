"""The filters of the tickets, kept in the address."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.housing.models import Dwelling
from ali.upkeep.models import Ticket
from ali.upkeep.queries import own_homes
from ali.upkeep.querysets import TicketQuerySet
from ali.upkeep.states import NOT_OVER, Category, TicketState, Urgency

STATES = [("tutte", _("tutte, anche chiuse")), *TicketState.choices]


class TicketFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Of the tickets that an actor sees. Those that are over show only when asked for."""

    stato = django_filters.ChoiceFilter(
        label=_("Stato"), choices=STATES, method="in_state", empty_label=_("da finire")
    )
    urgenza = django_filters.ChoiceFilter(
        label=_("Urgenza"), field_name="urgency", choices=Urgency.choices, empty_label=_("tutte")
    )
    cosa = django_filters.ChoiceFilter(
        label=_("Che cosa"), field_name="category", choices=Category.choices, empty_label=_("tutto")
    )
    casa = django_filters.ModelChoiceFilter(
        label=_("Casa"),
        field_name="dwelling",
        queryset=Dwelling.objects.none(),
        to_field_name="public_id",
        empty_label=_("tutte"),
    )
    mie = django_filters.BooleanFilter(
        label=_("Solo quelle affidate a me"), method="mine", widget=forms.CheckboxInput
    )

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, actor: Actor, today: date) -> None:
        self.actor, self.today = actor, today
        super().__init__(data, queryset=Ticket.objects.visible_to(actor, today))
        self.filters["casa"].queryset = own_homes(actor).filter(tickets__isnull=False).distinct()
        self.form.is_valid()  # a value that makes no sense is no filter, and says so

    def in_state(self, tickets: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """Keep those in the state; all of them when asked."""
        return tickets if value == "tutte" else tickets.filter(state=value)

    def mine(self, tickets: TicketQuerySet, name: str, value: bool | None) -> TicketQuerySet:
        """Keep those in the actor's hands, when asked."""
        return tickets.filter(assigned_to=self.actor.user_id) if value else tickets

    def filter_queryset(self, queryset: TicketQuerySet) -> Any:  # Any: the library has no types
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("stato") else found.filter(state__in=NOT_OVER)

    def active(self) -> list[dict[str, str]]:
        """Return the filters in use, each with the address without it."""
        chosen = [name for name, value in self.form.cleaned_data.items() if value]
        return [{"label": self._label_of(name), "remove_url": self._without(name)} for name in chosen]

    def _label_of(self, name: str) -> str:
        field, value = self.form.fields[name], self.form.cleaned_data[name]
        if value is True:
            return str(field.label)
        shown = dict(getattr(field, "choices", ())).get(value, value) if isinstance(value, str) else value
        return f"{field.label}: {shown}"

    def _without(self, name: str) -> str:
        kept = self.data.copy()
        for gone in (name, "page"):
            kept.pop(gone, None)
        return f"?{kept.urlencode()}"
