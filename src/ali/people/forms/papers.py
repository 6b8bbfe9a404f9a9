"""Permits, the asylum case, residence and the competent Comune: every date on its own."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from ali.core.decisions import type_text
from ali.people.details import CaseDetails, PermitDetails
from ali.people.forms.fields import DayField, MunicipalityField, day_widget
from ali.people.models import AsylumCase, Permit
from ali.people.states import ResidenceKind

_PERMIT_DAYS = ("requested_on", "appointment_on", "issued_on", "delivered_on", "expires_on")
_CASE_DAYS = ("applied_on", "heard_on", "decided_on", "notified_on", "appealed_on")


def _name_the_blank(form: forms.BaseForm, name: str, words: type_text) -> None:
    """Say in words what choosing nothing means."""
    field: Any = form.fields[name]  # Any: a ChoiceField
    field.choices = [("", words), *((code, label) for code, label in field.choices if code)]


class PermitForm(forms.ModelForm):  # type: ignore[type-arg]  # only its fields: the services write
    """A permit with the date of each step; what has not happened stays empty."""

    class Meta:
        model = Permit
        fields = ["kind", "state", *_PERMIT_DAYS, "number", "receipt_number", "regime"]
        widgets = {name: day_widget() for name in _PERMIT_DAYS}
        help_texts = {
            "kind": _("Da qui dipendono le scadenze e quali percorsi sono aperti."),
            "state": _("A che punto è davvero: «in stampa» non è ancora «consegnato»."),
            "requested_on": _("Quando è partita la domanda o il kit postale."),
            "appointment_on": _("In Questura. Entra fra le scadenze."),
            "issued_on": _("La data scritta sul permesso."),
            "delivered_on": _("Quando la persona l'ha in mano: da qui può partire il termine di uscita."),
            "expires_on": _("Entra fra le scadenze: il rinnovo si chiede 60 giorni prima."),
            "receipt_number": _("Fino al permesso vale la ricevuta."),
            "regime": _("Solo se serve distinguere, come «prima del DL 20/2023»."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_the_blank(self, "kind", _("scegli il tipo"))

    @staticmethod
    def typed(permit: Permit) -> dict[str, Any]:
        """Return the values of a stored permit as the form holds them."""
        return model_to_dict(permit, fields=PermitForm.Meta.fields)

    def details(self) -> PermitDetails:
        return PermitDetails(**self.cleaned_data)


class CaseForm(forms.ModelForm):  # type: ignore[type-arg]  # only its fields: the services write
    """The asylum case, one date for each event."""

    class Meta:
        model = AsylumCase
        fields = ["state", *_CASE_DAYS[:3], "outcome", *_CASE_DAYS[3:], "is_suspended", "appeal_outcome"]
        widgets = {name: day_widget() for name in _CASE_DAYS}
        help_texts = {
            "state": _("L'ultimo passo avvenuto."),
            "applied_on": _("Quando è stato formalizzato il C3."),
            "decided_on": _("Il giorno della Commissione: la notifica arriva dopo, spesso di mesi."),
            "outcome": _("Quello scritto nella decisione."),
            "notified_on": _("Quando la persona l'ha ricevuta: da qui corrono i termini del ricorso."),
            "is_suspended": _("Il giudice ha fermato gli effetti del diniego: l'accoglienza continua."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("outcome", "appeal_outcome"):
            _name_the_blank(self, name, _("non ancora"))

    @staticmethod
    def typed(case: AsylumCase) -> dict[str, Any]:
        """Return the values of a stored case as the form holds them."""
        return model_to_dict(case, fields=CaseForm.Meta.fields)

    def details(self) -> CaseDetails:
        return CaseDetails(**self.cleaned_data)


class ResidenceForm(forms.Form):
    """Where the person is registered from a day on; the earlier registration ends by itself."""

    kind = forms.ChoiceField(
        label=_("Come è registrata"),
        choices=ResidenceKind.choices,
        help_text=_("Senza residenza non ci sono carta d'identità e medico: se manca, scrivilo."),
    )
    municipality = MunicipalityField(label=_("Comune"), help_text=_("Non serve se la residenza non c'è."))
    address = forms.CharField(label=_("Indirizzo"), required=False, max_length=200)
    starts_on = DayField(label=_("Dal"), help_text=_("Vuoto vale oggi."))


class EndResidenceForm(forms.Form):
    """A registration cancelled or left."""

    ends_on = DayField(label=_("È finita il"), required=True)


class MunicipalityForm(forms.Form):
    """Whose social services are competent, and when they were told."""

    municipality = MunicipalityField(
        label=_("Comune competente"),
        help_text=_(
            "Quello dei servizi sociali che seguono la persona dopo l'uscita. Vuoto se non si sa ancora."
        ),
    )
    told_on = DayField(
        label=_("Avvisato il"),
        help_text=_(
            "Per minori, gravidanza e vulnerabilità va fatto prima dell'uscita. Vuoto se non ancora."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("told_on") and not cleaned.get("municipality") and not self.errors:
            self.add_error("municipality", _("Scrivi quale Comune è stato avvisato."))
        return cleaned
