"""What is typed about agencies that guarantee."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.agreements.models import Agreement, Fund, GuaranteeScheme
from ali.agreements.queries import covered_dwellings
from ali.agreements.services import SchemeFacts
from ali.agreements.states import Instrument
from ali.core.inputs import DayField, EurosField
from ali.housing.models import Dwelling
from ali.places.models import Municipality


class SchemeForm(forms.Form):
    """What an agency guarantees, as its notice says."""

    name = forms.CharField(label=_("Nome"), max_length=150)
    agency = forms.CharField(label=_("Chi garantisce"), max_length=150)
    municipality = forms.ModelChoiceField(
        label=_("Comune"),
        queryset=Municipality.objects.none(),
        required=False,
        empty_label=_("tutta la provincia"),
    )
    instrument = forms.ChoiceField(label=_("Strumento"), choices=Instrument, initial=Instrument.FUND)
    fund = forms.ModelChoiceField(
        label=_("Fondo tenuto qui"),
        queryset=Fund.objects.none(),
        required=False,
        empty_label=_("nessuno: risponde fuori dal sistema"),
    )
    max_months = forms.IntegerField(
        label=_("Mensilità garantite, al massimo"), required=False, min_value=1, max_value=60
    )
    works_cents = EurosField(label=_("Per i lavori, fino a (€)"), required=False)
    one_off_cents = EurosField(label=_("Una tantum al proprietario, fino a (€)"), required=False)
    conditions = forms.CharField(
        label=_("Condizioni"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": "4"})
    )
    source = forms.CharField(
        label=_("Fonte"), max_length=300, help_text=_("Bando, delibera, o con chi hai parlato e quando.")
    )

    def __init__(
        self, *args: Any, actor: Actor, scheme: GuaranteeScheme | None = None, **kwargs: Any
    ) -> None:
        if scheme is not None:
            names = ["name", "agency", "municipality", "instrument", "fund", "max_months", "works_cents"]
            names += ["one_off_cents", "conditions", "source"]
            kwargs["initial"] = {name: getattr(scheme, name) for name in names}
        super().__init__(*args, **kwargs)
        self.province = scheme.province_id if scheme else min(actor.provinces, default=None)
        towns = Municipality.objects.filter(province__in=actor.provinces, is_current=True)
        funds = Fund.objects.run_by(actor).open().order_by("name", "pk")
        self.fields["municipality"].queryset = towns.order_by("name", "pk")  # type: ignore[attr-defined]  # ModelChoiceField
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]  # ModelChoiceField

    def facts(self) -> SchemeFacts:
        """Return what was typed, for the service; an empty sum is one that the notice does not name."""
        data = dict(self.cleaned_data)
        town, fund = data.pop("municipality"), data.pop("fund")
        for name in ("works_cents", "one_off_cents"):
            data[name] = data[name] or None
        return SchemeFacts(
            municipality_id=town.pk if town else None,
            province_id=None if town else self.province,
            fund_id=fund.pk if fund else None,
            **data,
        )


class AskForm(forms.Form):
    """A guarantee asked for an agreement."""

    scheme = forms.ModelChoiceField(label=_("A chi"), queryset=GuaranteeScheme.objects.none())
    dwelling = forms.ModelChoiceField(label=_("Alloggio"), queryset=Dwelling.objects.none())
    monthly_cents = EurosField(label=_("Canone e spese al mese (€)"))
    months = forms.IntegerField(label=_("Mensilità"), min_value=1, max_value=60, initial=12)
    note = forms.CharField(label=_("Nota"), max_length=400, required=False)

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schemes = GuaranteeScheme.objects.near(agreement.building.municipality).order_by("name", "pk")
        homes = Dwelling.objects.filter(pk__in=[one.pk for one in covered_dwellings(agreement)])
        self.fields["scheme"].queryset = schemes  # type: ignore[attr-defined]  # ModelChoiceField
        self.fields["dwelling"].queryset = homes.select_related("building").order_by("label", "pk")  # type: ignore[attr-defined]  # ModelChoiceField


class AnswerForm(forms.Form):
    """What the agency answered."""

    is_granted = forms.TypedChoiceField(
        label=_("Risposta"),
        choices=[("yes", _("concessa")), ("no", _("rifiutata"))],
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(
        label=_("Estremi o motivo"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
    )
    ends_on = DayField(label=_("Garantita fino al"), required=False)
