"""The filters of the agreements, kept in the address."""

from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.agreements.models import Agreement, AgreementClock
from ali.agreements.querysets import AgreementQuerySet
from ali.agreements.states import AgreementState, ContractType

DUE = [
    ("late", _("qualcosa in ritardo")),
    ("30", _("qualcosa entro 30 giorni")),
    ("90", _("qualcosa entro 90 giorni")),
    ("end", _("finiscono entro 6 mesi")),
]


class AgreementFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Of the agreements that an actor sees. Ended and cancelled ones show only when asked for."""

    stato = django_filters.ChoiceFilter(
        label=_("Stato"), field_name="state", choices=AgreementState.choices, empty_label=_("aperti")
    )
    scade = django_filters.ChoiceFilter(
        label=_("Che cosa scade"), choices=DUE, method="due", empty_label=_("qualsiasi")
    )
    tipo = django_filters.ChoiceFilter(
        label=_("Tipo"), field_name="contract_type", choices=ContractType.choices, empty_label=_("tutti")
    )

    class Meta:
        model = Agreement
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, actor: Actor, today: date) -> None:
        self.today = today
        super().__init__(data, queryset=Agreement.objects.visible_to(actor))
        self.form.is_valid()  # a value that makes no sense is no filter, and says so

    def due(self, agreements: AgreementQuerySet, name: str, value: str) -> AgreementQuerySet:
        """Keep those with something due by then."""
        if value == "end":
            last = self.today + timedelta(days=183)
            return agreements.binding().filter(Q(leaves_on__lte=last) | Q(ends_on__lte=last))
        by = self.today - timedelta(days=1) if value == "late" else self.today + timedelta(days=int(value))
        rows = AgreementClock.objects.filter(agreement=OuterRef("pk"), done_on__isnull=True, due_on__lte=by)
        return agreements.filter(Exists(rows))

    def filter_queryset(self, queryset: AgreementQuerySet) -> Any:  # Any: the library has no types
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("stato") else found.open()

    def active(self) -> list[dict[str, str]]:
        """Return the filters in use, each with the address without it."""
        return [
            {"label": self._label_of(name), "remove_url": self._without(name)}
            for name, value in self.form.cleaned_data.items()
            if value
        ]

    def _label_of(self, name: str) -> str:
        field, value = self.form.fields[name], self.form.cleaned_data[name]
        choices = dict(getattr(field, "choices", ()))
        return f"{field.label}: {choices.get(value, value)}"

    def _without(self, name: str) -> str:
        kept = self.data.copy()
        for gone in (name, "page"):
            kept.pop(gone, None)
        return f"?{kept.urlencode()}"
