"""What who holds a guarantee fund types."""

from dataclasses import fields as facts_fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.agreements.models import Agreement, Fund
from ali.agreements.services import FundFacts
from ali.agreements.states import BINDING
from ali.core.inputs import DayField, EurosField, MeasureField
from ali.places.models import Municipality


class FundForm(forms.Form):
    """The rules of a fund."""

    name = forms.CharField(label=_("Nome del fondo"), max_length=150)
    municipality = forms.ModelChoiceField(
        label=_("Solo per case nel Comune di"),
        queryset=Municipality.objects.none(),
        required=False,
        empty_label=_("ogni Comune"),
    )
    max_months = forms.IntegerField(
        label=_("Mensilità garantite, al massimo"), min_value=1, max_value=60, initial=18
    )
    franchise_months = forms.IntegerField(
        label=_("Franchigia (mensilità)"),
        min_value=0,
        max_value=24,
        initial=0,
        help_text=_("Quante mensilità di arretrato restano a chi dà la casa."),
    )
    needs_involuntary = forms.BooleanField(
        label=_("Copre solo la morosità incolpevole"), required=False, initial=True
    )
    weight = MeasureField(
        label=_("Peso degli impegni"),
        max_digits=4,
        decimal_places=3,
        max_value=1,
        help_text=_("Quanta parte di ogni impegno si tiene da parte: 1 tutta, 0,3 meno di un terzo."),
    )
    conditions = forms.CharField(
        label=_("Altre condizioni"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    source = forms.CharField(label=_("Atto o regolamento"), required=False, max_length=300)

    def __init__(self, *args: Any, actor: Actor, fund: Fund | None = None, **kwargs: Any) -> None:
        if fund is not None:
            names = {one.name for one in facts_fields(FundFacts)} - {"municipality_id"}
            kwargs["initial"] = {name: getattr(fund, name) for name in names} | {
                "municipality": fund.municipality_id
            }
        super().__init__(*args, **kwargs)
        towns = Municipality.objects.filter(province__in=actor.provinces, is_current=True)
        self.fields["municipality"].queryset = towns.order_by("name", "pk")  # type: ignore[attr-defined]  # ModelChoiceField

    def facts(self) -> FundFacts:
        """Return what was typed, for the service."""
        data = dict(self.cleaned_data)
        town = data.pop("municipality")
        return FundFacts(municipality_id=town.pk if town else None, **data)


class EndowmentForm(forms.Form):
    """Money paid into the fund."""

    cents = EurosField(label=_("Importo (€)"))
    payer = forms.CharField(label=_("Chi versa"), max_length=150)
    booked_on = DayField(label=_("Versato il"))
    note = forms.CharField(label=_("Causale"), max_length=300, required=False)


class CommitmentForm(forms.Form):
    """A guarantee for one of the contracts of the body that holds the fund."""

    agreement = forms.ModelChoiceField(label=_("Accordo da garantire"), queryset=Agreement.objects.none())
    monthly_cents = EurosField(label=_("Canone e spese al mese (€)"))
    months = forms.IntegerField(label=_("Mensilità garantite"), min_value=1, max_value=60)
    starts_on = DayField(label=_("Dal"))
    ends_on = DayField(label=_("Al"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Agreement.objects.visible_to(actor).filter(state__in=BINDING).select_related("building")
        self.fields["agreement"].queryset = rows.order_by("building__address", "pk")  # type: ignore[attr-defined]  # ModelChoiceField


class DecisionForm(forms.Form):
    """The answer to a call."""

    cents = EurosField(
        label=_("Il fondo paga (€)"),
        required=False,
        help_text=_("Zero per rifiutare: il motivo resta scritto."),
    )
    reason = forms.CharField(label=_("Motivo"), max_length=400, widget=forms.Textarea(attrs={"rows": "3"}))


class RecoveryForm(forms.Form):
    """Money that came back after a call."""

    cents = EurosField(label=_("Importo recuperato (€)"))
    payer = forms.CharField(
        label=_("Da chi"), max_length=150, help_text=_("Senza nomi di persone: «inquilino».")
    )
    booked_on = DayField(label=_("Arrivato il"))
    note = forms.CharField(label=_("Causale"), max_length=300, required=False)


def holds_homes(actor: Actor) -> bool:
    """Say whether the actor's body has agreements of its own to guarantee."""
    return actor.role in roles.HOUSING_BODY_ROLES
