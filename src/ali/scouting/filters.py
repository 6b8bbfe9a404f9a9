"""The filters of the census: the same for list and map, kept in the address."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.housing.codes import WhyEmpty
from ali.places.models import Municipality
from ali.scouting.models import Lead
from ali.scouting.querysets import LeadQuerySet
from ali.scouting.states import OPEN_STATES, LeadSource, LeadState


class LeadFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Of the leads that an actor sees: the ones still open unless a state is asked."""

    stato = django_filters.ChoiceFilter(
        label=_("Stato"), field_name="state", choices=LeadState.choices, empty_label=_("aperte")
    )
    comune = django_filters.ModelChoiceFilter(
        label=_("Comune"),
        field_name="municipality",
        queryset=Municipality.objects.none(),
        empty_label=_("tutti"),
    )
    perche = django_filters.ChoiceFilter(
        label=_("Perché è vuota"),
        field_name="why_empty",
        choices=WhyEmpty.choices,
        empty_label=_("ogni motivo"),
    )
    fonte = django_filters.ChoiceFilter(
        label=_("Da dove viene"),
        field_name="source",
        choices=LeadSource.choices,
        empty_label=_("ogni provenienza"),
    )
    confiscate = django_filters.BooleanFilter(
        label=_("Solo confiscate"), method="confiscated", widget=forms.CheckboxInput
    )

    class Meta:
        model = Lead
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, actor: Actor, today: date) -> None:
        visible = Lead.objects.visible_to(actor, today)
        super().__init__(data, queryset=visible)
        towns = visible.order_by().values("municipality")
        self.filters["comune"].queryset = Municipality.objects.filter(pk__in=towns).order_by("name", "pk")
        self.form.is_valid()  # a value that makes no sense is no filter, and says so

    def confiscated(self, leads: LeadQuerySet, name: str, value: bool | None) -> LeadQuerySet:
        """Keep the confiscated ones, when asked."""
        return leads.filter(is_confiscated=True) if value else leads

    def filter_queryset(self, queryset: LeadQuerySet) -> Any:  # Any: the library has no types
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("stato") else found.filter(state__in=OPEN_STATES)

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
