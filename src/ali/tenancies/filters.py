"""The filters of the list of tenancies, kept in the address."""

from datetime import date
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.tenancies.models import Tenancy
from ali.tenancies.progress import SOON
from ali.tenancies.querysets import TenancyQuerySet
from ali.tenancies.states import Bond, Missing, TenancyState

OVER = (TenancyState.ENDED, TenancyState.CANCELLED)


class TenancyFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Of the tenancies that an actor sees. Those over show only when asked for."""

    stato = django_filters.ChoiceFilter(
        label=_("Stato"),
        field_name="state",
        choices=TenancyState.choices,
        empty_label=_("tutti quelli aperti"),
    )
    manca = django_filters.ChoiceFilter(
        label=_("Che cosa manca"), choices=Missing.choices, method="what_is_missing", empty_label=_("tutto")
    )
    obbligo = django_filters.ChoiceFilter(
        label=_("Obbligo"), field_name="bond", choices=Bond.choices, empty_label=_("tutti")
    )

    class Meta:
        model = Tenancy
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, actor: Actor, today: date) -> None:
        self.today = today
        super().__init__(data, queryset=Tenancy.objects.visible_to(actor).with_progress(today))
        self.form.is_valid()  # a value that makes no sense is no filter, and says so

    def what_is_missing(self, tenancies: TenancyQuerySet, name: str, value: str) -> TenancyQuerySet:
        """Keep those that lack it."""
        return tenancies.missing(value, self.today + SOON)

    def filter_queryset(self, queryset: TenancyQuerySet) -> Any:  # Any: the library has no types
        found = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        if asked.get("stato") or asked.get("manca") in {Missing.DEPOSIT, Missing.DUTIES}:
            return found
        return found.exclude(state__in=OVER)

    def active(self) -> list[dict[str, str]]:
        """Return the filters in use, each with the address without it."""
        return [
            {"label": self._label_of(name), "remove_url": self._without(name)}
            for name, value in self.form.cleaned_data.items()
            if value
        ]

    def _label_of(self, name: str) -> str:
        field, value = self.form.fields[name], self.form.cleaned_data[name]
        return f"{field.label}: {dict(field.choices).get(value, value)}"

    def _without(self, name: str) -> str:
        kept = self.data.copy()
        for gone in (name, "page"):
            kept.pop(gone, None)
        return f"?{kept.urlencode()}"
