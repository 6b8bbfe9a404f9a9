from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.inputs import DayField, EurosField, MeasureField
from ali.housing.models import Dwelling
from ali.people.models import Person
from ali.renovation.models import Funding, PhaseRow, Works
from ali.renovation.services import (
    CostFacts,
    ExpenseFacts,
    FundingFacts,
    PlaceFacts,
    QuoteFacts,
    WorksFacts,
)
from ali.renovation.states import (
    PLANNED_PHASES,
    WORKS_CATEGORIES,
    WRITTEN_CATEGORIES,
    CostCategory,
    FundingKind,
    StopReason,
    TitleKind,
    Vat,
)

ENERGY = [("", _("non si sa")), *((one, one) for one in ("A4", "A3", "A2", "A1", *"BCDEFG"))]
USUAL_DAYS = {
    "availability": 7,
    "survey": 7,
    "feasibility": 14,
    "agreement": 20,
    "design": 20,
    "permits": 30,
    "tender": 20,
    "site": 60,
    "testing": 5,
    "certificates": 15,
    "furnishing": 7,
    "handover": 2,
}


class PercentField(MeasureField):
    """A percentage typed by people (10, 12,5), cleaned to a part of one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=4, decimal_places=1, max_value=100, **kwargs)

    def prepare_value(self, value: Any) -> Any:  # Any: Django's own
        return (value * 100).normalize() if isinstance(value, Decimal) else super().prepare_value(value)

    def clean(self, value: Any) -> Any:  # Any: Django's own
        found = super().clean(value)
        return None if found is None else found / 100


class WorksForm(forms.Form):
    """What is written of works."""

    name = forms.CharField(
        label=_("Nome dei lavori"),
        max_length=120,
        help_text=_("Per esempio: bagno e impianti di via Roma 3."),
    )
    responsible = forms.CharField(label=_("Chi li segue"), max_length=120, required=False)
    man_days = forms.IntegerField(
        label=_("Uomini-giorno previsti"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=_("Con il numero di imprese dice se serve la notifica preliminare."),
    )
    firms = forms.IntegerField(label=_("Imprese in cantiere"), required=False, min_value=0, max_value=99)
    energy_before = forms.ChoiceField(label=_("Classe energetica prima"), choices=ENERGY, required=False)
    energy_after = forms.ChoiceField(label=_("Classe energetica dopo"), choices=ENERGY, required=False)
    was_empty = forms.BooleanField(label=_("Prima dei lavori era sfitto"), required=False, initial=True)

    def facts(self) -> WorksFacts:
        """Return what was typed, for the service."""
        return WorksFacts(**{name: self.cleaned_data[name] for name in WorksFacts.__dataclass_fields__})


class OpenForm(WorksForm):
    """New works: on which dwellings of one building."""

    dwellings = forms.ModelMultipleChoiceField(
        label=_("Alloggi"), queryset=Dwelling.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, home: Dwelling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Dwelling.objects.filter(building=home.building_id, manager=home.manager_id)
        field = cast(forms.ModelMultipleChoiceField, self.fields["dwellings"])  # type: ignore[type-arg]  # not generic
        field.queryset = choices.select_related("building").order_by("label", "pk")
        field.initial = [home.pk]
        self.order_fields(["dwellings", *WorksForm.base_fields])


class ProgrammeForm(forms.Form):
    """The first programme: from when, and how many days each phase takes."""

    starts_on = DayField(label=_("Si comincia il"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for phase in PLANNED_PHASES:
            self.fields[phase.value] = forms.IntegerField(
                label=str(phase.label).capitalize(),
                min_value=1,
                max_value=1500,
                initial=USUAL_DAYS[phase.value],
            )

    def days(self) -> dict[str, int]:
        """Return how many days each phase takes."""
        return {phase.value: self.cleaned_data[phase.value] for phase in PLANNED_PHASES}


class PhaseForm(forms.Form):
    """When a phase is planned and who follows it."""

    starts_on = DayField(label=_("Inizio previsto"), required=False)
    ends_on = DayField(label=_("Fine prevista"), required=False)
    responsible = forms.CharField(label=_("Chi la segue"), max_length=120, required=False)
    moves_following = forms.BooleanField(
        label=_("Sposta di altrettanto le fasi dopo"), required=False, initial=True
    )

    def __init__(self, *args: Any, row: PhaseRow, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "starts_on": row.planned_starts_on,
                "ends_on": row.planned_ends_on,
                "responsible": row.responsible,
                "moves_following": True,
            },
        )
        super().__init__(*args, **kwargs)


class StepForm(forms.Form):
    """A step of the works."""

    verb = forms.CharField(max_length=24)
    on = DayField()
    reason = forms.CharField(max_length=400, required=False)
    why = forms.ChoiceField(choices=[("", ""), *StopReason.choices], required=False)


class TitleForm(forms.Form):
    """A title that the works need."""

    kind = forms.ChoiceField(label=_("Titolo o atto"), choices=TitleKind)


class TitleStepForm(forms.Form):
    """A step of a title."""

    verb = forms.CharField(max_length=12)
    on = DayField(required=False)
    protocol = forms.CharField(max_length=60, required=False)
    reason = forms.CharField(max_length=400, required=False)


class CostForm(forms.Form):
    """A line of the budget."""

    category = forms.ChoiceField(
        label=_("Voce"), choices=[(one.value, one.label) for one in WRITTEN_CATEGORIES]
    )
    description = forms.CharField(label=_("Descrizione"), max_length=160, required=False)
    net_cents = EurosField(label=_("Importo senza IVA (€)"))
    vat = forms.TypedChoiceField(label=_("IVA"), choices=Vat.choices, coerce=int, initial=Vat.REDUCED)

    def facts(self) -> CostFacts:
        """Return what was typed, for the service."""
        return CostFacts(**self.cleaned_data)


class RatesForm(forms.Form):
    """Contingency and fees of these works."""

    contingency = PercentField(label=_("Imprevisti (% dei lavori)"))
    fees = PercentField(
        label=_("Professionisti (% dei lavori)"),
        help_text=_("Vale finché non c'è una voce «professionisti» scritta."),
    )


class QuoteForm(forms.Form):
    """What a firm asks, one amount for each kind of work."""

    firm = forms.CharField(label=_("Impresa"), max_length=120)
    received_on = DayField(label=_("Ricevuto il"))
    valid_until = DayField(label=_("Valido fino al"), required=False)
    working_days = forms.IntegerField(
        label=_("Giorni di lavoro"), required=False, min_value=1, max_value=2000
    )
    takes_trainees = forms.IntegerField(
        label=_("Posti di tirocinio offerti"), required=False, min_value=0, max_value=50, initial=0
    )
    note = forms.CharField(label=_("Nota"), max_length=300, required=False)

    def __init__(self, *args: Any, categories: Sequence[CostCategory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = categories
        for one in categories:
            self.fields[f"line_{one.value}"] = EurosField(
                label=str(one.label).capitalize(), required=False, initial=0
            )

    @property
    def line_fields(self) -> list[forms.BoundField]:
        """The amounts."""
        return [self[f"line_{one.value}"] for one in self.categories]

    def facts(self) -> QuoteFacts:
        """Return what was typed, for the service."""
        data = self.cleaned_data
        return QuoteFacts(
            firm=data["firm"],
            received_on=data["received_on"],
            lines={one.value: data[f"line_{one.value}"] for one in self.categories},
            valid_until=data["valid_until"],
            working_days=data["working_days"],
            takes_trainees=data["takes_trainees"] or 0,
            note=data["note"],
        )


class FundingForm(forms.Form):
    """Money for the works and its conditions."""

    kind = forms.ChoiceField(label=_("Da dove viene"), choices=FundingKind)
    funder = forms.CharField(label=_("Chi lo dà"), max_length=120, required=False)
    cents = EurosField(label=_("Importo (€)"))
    max_share = PercentField(
        label=_("Paga al massimo (% dei costi)"), required=False, help_text=_("Vuoto se non c'è un limite.")
    )
    spend_by = DayField(label=_("Da spendere entro"), required=False)
    report_by = DayField(label=_("Da rendicontare entro"), required=False)
    forbids = forms.MultipleChoiceField(
        label=_("Voci che non paga"),
        choices=[(one.value, one.label) for one in CostCategory],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    excludes_public = forms.BooleanField(label=_("Non si somma ad altri fondi pubblici"), required=False)
    conditions = forms.CharField(label=_("Altre condizioni"), max_length=400, required=False)

    def facts(self) -> FundingFacts:
        """Return what was typed, for the service."""
        return FundingFacts(**self.cleaned_data)


class ExpenseForm(forms.Form):
    """An invoice."""

    category = forms.ChoiceField(label=_("Voce"), choices=CostCategory)
    supplier = forms.CharField(label=_("Fornitore"), max_length=120)
    invoice = forms.CharField(label=_("Numero della fattura"), max_length=60)
    invoiced_on = DayField(label=_("Data della fattura"))
    net_cents = EurosField(label=_("Importo senza IVA (€)"))
    vat_cents = EurosField(label=_("IVA (€)"), required=False, initial=0)
    paid_on = DayField(label=_("Pagata il"), required=False)
    funding = forms.ModelChoiceField(
        label=_("Su quale finanziamento"), queryset=Funding.objects.none(), required=False
    )

    def __init__(self, *args: Any, works: Works, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["funding"])  # type: ignore[type-arg]  # not generic
        field.queryset = Funding.objects.filter(works=works).order_by("pk")
        field.empty_label = str(_("nessuno: fondi propri"))

    def facts(self) -> ExpenseFacts:
        """Return what was typed, for the service."""
        return ExpenseFacts(**self.cleaned_data)


class PlaceForm(forms.Form):
    """Places of a training site."""

    task = forms.CharField(label=_("Che cosa si impara"), max_length=120)
    places = forms.IntegerField(label=_("Posti"), min_value=1, max_value=50, initial=1)
    starts_on = DayField(label=_("Dal"))
    ends_on = DayField(label=_("Al"))
    firm = forms.CharField(label=_("Impresa o ente che ospita"), max_length=120, required=False)
    tutor = forms.CharField(label=_("Chi insegna"), max_length=120, required=False)

    def facts(self) -> PlaceFacts:
        """Return what was typed, for the service."""
        return PlaceFacts(**self.cleaned_data)


class TraineeForm(forms.Form):
    """Who learns, of the people that the actor sees."""

    person = forms.ModelChoiceField(
        label=_("Persona"), queryset=Person.objects.none(), to_field_name="public_id", empty_label=_("Scegli")
    )
    starts_on = DayField(label=_("Dal"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["person"])  # type: ignore[type-arg]  # not generic
        field.queryset = Person.objects.visible_to(actor).order_by("sort_key", "pk")


class DayForm(forms.Form):
    """A day."""

    on = DayField()


class LeaveForm(DayForm):
    """Who leaves a place, and when."""

    person = forms.UUIDField()


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(max_length=400, required=False)


QUOTED = (*WORKS_CATEGORIES, CostCategory.FURNITURE, CostCategory.CONNECTIONS, CostCategory.OTHER)
