from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.core.inputs import EurosField, MeasureField
from ali.core.money import to_cents, to_euros
from ali.portfolio.states import Option

MONEY = ("capex", "purchase", "furniture", "grants", "monthly_rent", "residual_value")
COSTS = ("maintenance", "insurance", "taxes", "condominium", "head_rent")
SHARES = ("fees_rate", "vacancy", "arrears", "management_rate", "discount_rate")
WHOLE = ("places", "years", "works_months")


class ShareField(MeasureField):
    """A percentage, kept as typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, max_value=100, **kwargs)


class AppraisalForm(forms.Form):
    """The inputs of an appraisal: euros and percentages as people write them."""

    name = forms.CharField(label=_("Nome"), max_length=120)
    option = forms.ChoiceField(label=_("Alternativa"), choices=Option)
    capex = EurosField(label=_("Lavori, IVA compresa (€)"))
    fees_rate = ShareField(label=_("Spese tecniche (% dei lavori)"))
    purchase = EurosField(label=_("Acquisto (€)"), required=False)
    furniture = EurosField(label=_("Arredi (€)"), required=False)
    grants = EurosField(label=_("Contributi a fondo perduto (€)"), required=False)
    monthly_rent = EurosField(
        label=_("Canone al mese (€)"), help_text=_("Di un posto, se i posti sono più di uno.")
    )
    places = forms.IntegerField(label=_("Posti (1 se si dà intero)"), min_value=1, max_value=200, initial=1)
    vacancy = ShareField(label=_("Vuoto (% dell'anno)"))
    arrears = ShareField(label=_("Non incassato (%)"))
    maintenance = EurosField(label=_("Manutenzione all'anno (€)"), required=False)
    insurance = EurosField(label=_("Assicurazione all'anno (€)"), required=False)
    taxes = EurosField(label=_("IMU e altre imposte all'anno (€)"), required=False)
    condominium = EurosField(label=_("Condominio a carico nostro all'anno (€)"), required=False)
    head_rent = EurosField(label=_("Canone pagato al proprietario all'anno (€)"), required=False)
    management_rate = ShareField(label=_("Gestione sociale (% del canone)"))
    years = forms.IntegerField(label=_("Anni"), min_value=1, max_value=60)
    works_months = forms.IntegerField(label=_("Mesi di lavori senza canone"), min_value=0, max_value=120)
    discount_rate = ShareField(label=_("Tasso di sconto (% all'anno)"))
    residual_value = EurosField(label=_("Valore che torna alla fine (€)"), required=False)
    loan_principal = EurosField(label=_("Prestito (€)"), required=False)
    loan_rate = ShareField(label=_("Tasso del prestito (% all'anno)"), required=False)
    loan_years = forms.IntegerField(label=_("Anni del prestito"), required=False, min_value=1, max_value=40)
    people = forms.IntegerField(
        label=_("Persone che vi abiterebbero"),
        min_value=0,
        max_value=200,
        help_text=_("Solo per la stima del costo pubblico evitato."),
    )
    note = forms.CharField(label=_("Che cosa cambia rispetto a prima"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("loan_principal") and not data.get("loan_years"):
            self.add_error("loan_years", _("Scrivi in quanti anni si restituisce il prestito."))
        return data

    def inputs(self) -> dict[str, Any]:
        """Return what was typed as an appraisal keeps it."""
        data = self.cleaned_data
        found: dict[str, Any] = {name: str(to_euros(data[name] or 0)) for name in MONEY}
        found |= {name: str(Decimal(data[name] or 0) / 100) for name in SHARES}
        found |= {name: data[name] for name in WHOLE}
        found["yearly_costs"] = {name: str(to_euros(data[name] or 0)) for name in COSTS}
        if data["loan_principal"]:
            found["loan"] = {
                "principal": str(to_euros(data["loan_principal"])),
                "rate": str(Decimal(data["loan_rate"] or 0) / 100),
                "years": data["loan_years"],
            }
        return found


GROUPS = (
    (_("Che cosa si valuta"), ("name", "option", "people")),
    (_("Quanto costa averlo"), ("capex", "fees_rate", "purchase", "furniture", "grants", "residual_value")),
    (_("Quanto rende"), ("monthly_rent", "places", "vacancy", "arrears", "works_months")),
    (_("Quanto costa ogni anno"), (*COSTS, "management_rate")),
    (
        _("Per quanto tempo e con quali soldi"),
        ("years", "discount_rate", "loan_principal", "loan_rate", "loan_years"),
    ),
    (_("Nota"), ("note",)),
)


def initial_of(inputs: dict[str, Any]) -> dict[str, Any]:  # Any: values of a JSON document
    """Return saved inputs as the form shows them."""
    found: dict[str, Any] = {name: to_cents(inputs.get(name, "0")) for name in MONEY}
    found |= {name: Decimal(str(inputs.get(name, "0"))) * 100 for name in SHARES}
    found |= {name: inputs.get(name) for name in WHOLE}
    found |= {name: to_cents(inputs.get("yearly_costs", {}).get(name, "0")) for name in COSTS}
    loan = inputs.get("loan")
    if loan:
        found |= {
            "loan_principal": to_cents(loan["principal"]),
            "loan_rate": Decimal(str(loan["rate"])) * 100,
            "loan_years": loan["years"],
        }
    return {name: value.normalize() if isinstance(value, Decimal) else value for name, value in found.items()}
