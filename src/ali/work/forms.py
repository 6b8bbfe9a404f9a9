"""What a case worker types about a person's work and means."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.core.inputs import DayField, EurosField
from ali.work.models import Job, Means
from ali.work.services import JobFacts, MeansFacts
from ali.work.states import JobKind


class JobForm(forms.Form):
    """A job or other income."""

    kind = forms.ChoiceField(label=_("Tipo"), choices=JobKind, initial=JobKind.FIXED_TERM)
    net_monthly_cents = EurosField(
        label=_("Netto al mese (€)"),
        help_text=_(
            "La media degli ultimi tre mesi. La leggono solo chi segue la persona e, con una proposta in corso, chi dà la casa."
        ),
    )
    starts_on = DayField(label=_("Dal"))
    ends_on = DayField(
        label=_("Fino al"),
        required=False,
        help_text=_("Vuoto se è senza scadenza. Chi ha smesso: il giorno in cui ha smesso."),
    )
    weekly_hours = forms.IntegerField(
        label=_("Ore alla settimana"), required=False, min_value=1, max_value=80
    )
    occupation = forms.CharField(label=_("Mansione"), max_length=120, required=False)
    employer = forms.CharField(label=_("Datore di lavoro"), max_length=120, required=False)

    def __init__(self, *args: Any, job: Job | None = None, **kwargs: Any) -> None:
        if job is not None:
            kwargs.setdefault("initial", {name: getattr(job, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)

    def facts(self) -> JobFacts:
        """Return what was typed, for the service."""
        return JobFacts(**self.cleaned_data)


class MeansForm(forms.Form):
    """Savings, debts and remittances, as the person declares them."""

    savings_cents = EurosField(
        label=_("Risparmi (€)"), required=False, help_text=_("Servono per il deposito e il primo mese.")
    )
    debts_monthly_cents = EurosField(label=_("Rate di debiti al mese (€)"), required=False)
    remittances_monthly_cents = EurosField(label=_("Soldi mandati a casa al mese (€)"), required=False)

    def __init__(self, *args: Any, means: Means | None = None, **kwargs: Any) -> None:
        if means is not None:
            kwargs.setdefault("initial", {name: getattr(means, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)

    def facts(self) -> MeansFacts:
        """Return what was typed, for the service."""
        return MeansFacts(**self.cleaned_data)
