"""The filters of the homes: the same for the list, the map and the beds, kept in the address."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.housing.models import Dwelling
from ali.housing.querysets import DwellingQuerySet
from ali.housing.states import STEP_FREE, Channel, DwellingState, Mode
from ali.places.models import Municipality

WINDOWS = [
    ("0", _("oggi")),
    ("30", _("entro 30 giorni")),
    ("60", _("entro 60 giorni")),
    ("90", _("entro 90 giorni")),
]


class HomeFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Of the homes that an actor sees, with `next_free_on`. Those given back show only when asked for."""

    libere = django_filters.ChoiceFilter(
        label=_("Posti liberi"), choices=WINDOWS, method="free_within", empty_label=_("tutte le case")
    )
    stato = django_filters.ChoiceFilter(
        label=_("Stato"), field_name="state", choices=DwellingState.choices, empty_label=_("tutti")
    )
    uso = django_filters.ChoiceFilter(
        label=_("Come si dà"), field_name="mode", choices=Mode.choices, empty_label=_("in ogni modo")
    )
    comune = django_filters.ModelChoiceFilter(
        label=_("Comune"),
        field_name="building__municipality",
        queryset=Municipality.objects.none(),
        empty_label=_("tutti"),
    )
    canale = django_filters.ChoiceFilter(
        label=_("Canale"), field_name="channel", choices=Channel.choices, empty_label=_("tutti")
    )
    accessibile = django_filters.BooleanFilter(
        label=_("Solo senza barriere"), method="step_free", widget=forms.CheckboxInput
    )

    class Meta:
        model = Dwelling
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, actor: Actor, today: date) -> None:
        self.today = today
        visible = Dwelling.objects.visible_to(actor, today)
        super().__init__(data, queryset=visible.with_next_free())
        towns = visible.order_by().values("building__municipality")
        self.filters["comune"].queryset = Municipality.objects.filter(pk__in=towns).order_by("name", "pk")
        self.form.is_valid()  # a value that makes no sense is no filter, and says so

    def free_within(self, homes: DwellingQuerySet, name: str, value: str) -> DwellingQuerySet:
        """Keep the matchable homes with a bed free within that many days."""
        return homes.matchable().filter(next_free_on__lte=self.today + timedelta(days=int(value)))

    def step_free(self, homes: DwellingQuerySet, name: str, value: bool | None) -> DwellingQuerySet:
        """Keep the homes without barriers, when asked."""
        return homes.filter(access__in=STEP_FREE) if value else homes

    def filter_queryset(self, queryset: DwellingQuerySet) -> Any:  # Any: the library has no types
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("stato") else found.exclude(state=DwellingState.GIVEN_BACK)

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
