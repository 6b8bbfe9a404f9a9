"""The sheets of a home, one short form each: nothing in them is required but what makes them mean something."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from ali.core.inputs import DayField, EurosField, MeasureField
from ali.core.models import Versioned
from ali.housing import codes
from ali.housing.models import CadastralUnit, Certificate
from ali.housing.services import CadastralFacts, CertificateFacts

UNKNOWN = ("", _("non si sa"))


def _choice(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:  # Any: lazy labels and choices
    return forms.ChoiceField(label=label, choices=[UNKNOWN, *choices.choices], required=False, **more)


def _count(label: Any, most: int, **more: Any) -> forms.IntegerField:  # Any: lazy labels
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, **more)


class SheetForm(forms.Form):
    """Base of the sheets: opened on what is stored, answers the values to store."""

    def __init__(self, *args: Any, stored: Versioned | None = None, **kwargs: Any) -> None:
        if stored is not None:
            kwargs.setdefault("initial", self.initial_of(stored))
        super().__init__(*args, **kwargs)

    def initial_of(self, stored: Versioned) -> dict[str, Any]:
        return model_to_dict(stored)

    def values(self, today: date) -> dict[str, Any]:
        """Return what was typed, for the service."""
        return dict(self.cleaned_data)


class BuildingSheetForm(SheetForm):
    """The building as it stands."""

    kind = _choice(_("Tipologia"), codes.BuildingKind)
    built_in = _choice(_("Anni di costruzione"), codes.BuiltIn)
    floors = _count(_("Piani"), 60)
    units = _count(_("Numero di unità"), 2000)
    condition = _choice(_("Stato di conservazione"), codes.Condition)
    is_listed = forms.BooleanField(
        label=_("Vincolo culturale o paesaggistico"),
        required=False,
        help_text=_("D.Lgs. 42/2004: i lavori aspettano l'autorizzazione."),
    )
    planning_zone = forms.CharField(label=_("Zona del piano urbanistico"), max_length=60, required=False)
    flood_risk = _choice(_("Rischio idraulico"), codes.FloodRisk)
    asbestos = _choice(_("Amianto"), codes.Asbestos)
    conformity = _choice(_("Conformità urbanistica e catastale"), codes.Conformity)
    titles = forms.CharField(
        label=_("Titoli edilizi"),
        max_length=300,
        required=False,
        help_text=_("Licenze, permessi, condoni: numero e anno."),
    )


class CondominiumForm(SheetForm):
    """Who runs the condominium."""

    administrator = forms.CharField(label=_("Amministratore"), max_length=150)
    phone = forms.CharField(label=_("Telefono"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = forms.CharField(label=_("Recapito"), max_length=200, required=False)


class EquipmentForm(SheetForm):
    """Bathrooms, furniture, heating, meters, energy."""

    bathrooms = _count(_("Bagni"), 20)
    furnished = _choice(_("Arredata"), codes.Furnished)
    heating = _choice(_("Riscaldamento"), codes.Heating)
    fuel = _choice(_("Combustibile"), codes.Fuel)
    electricity_meter = forms.RegexField(
        label=_("Contatore della luce (POD)"),
        regex=r"^IT\d{3}E\d{8}[0-9A-Z]?$",
        required=False,
        help_text=_("È sulla bolletta: IT001E12345678."),
        error_messages={
            "invalid": _("Il POD è IT, tre cifre, la lettera E e otto cifre: guarda la bolletta.")
        },
    )
    gas_meter = forms.RegexField(
        label=_("Contatore del gas (PDR)"),
        regex=r"^\d{14}$",
        required=False,
        error_messages={"invalid": _("Il PDR ha quattordici cifre: guarda la bolletta.")},
    )
    energy_class = _choice(_("Classe energetica"), codes.EnergyClass)
    energy_index = MeasureField(
        label=_("EPgl (kWh/m² all'anno)"), max_digits=6, decimal_places=1, required=False
    )
    thousandths = MeasureField(
        label=_("Millesimi di proprietà"), max_digits=7, decimal_places=3, max_value=1000, required=False
    )


class SurroundingsForm(SheetForm):
    """What is near."""

    stop_name = forms.CharField(label=_("Fermata o stazione più vicina"), max_length=80, required=False)
    minutes_to_school = _count(_("Minuti a piedi dalla scuola"), 600)
    minutes_to_job_centre = _count(_("Minuti dal centro per l'impiego"), 600)
    minutes_to_shop = _count(_("Minuti a piedi dal supermercato"), 600)


class VacancyForm(SheetForm):
    """Since when and why it is empty, and on what terms the owner gives it."""

    use_state = _choice(_("Stato d'uso"), codes.UseState)
    empty_since = DayField(label=_("Vuota dal"), required=False)
    why_empty = _choice(_("Perché è vuota"), codes.WhyEmpty)
    availability = forms.MultipleChoiceField(
        label=_("Come la darebbe il proprietario"),
        choices=codes.Availability,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    asking_cents = EurosField(label=_("Quanto chiede al mese (€)"), required=False, initial=0)
    has_forbidden_clause = forms.BooleanField(
        label=_("Il proprietario ha chiesto di escludere qualcuno per origine o religione"),
        required=False,
        help_text=_(
            "La legge lo vieta e qui non filtra nessuno: si segna solo che è successo, perché qualcuno gliene parli."
        ),
    )

    def initial_of(self, stored: Versioned) -> dict[str, Any]:
        return {
            **model_to_dict(stored),
            "has_forbidden_clause": bool(getattr(stored, "excluded_by_owner_on", None)),
        }

    def values(self, today: date) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        was_on = self.initial.get("excluded_by_owner_on")
        values["excluded_by_owner_on"] = (was_on or today) if values.pop("has_forbidden_clause") else None
        return values


SHEET_FORMS: Mapping[str, tuple[Any, type[SheetForm]]] = {  # Any: lazy titles
    "edificio": (_("L'edificio"), BuildingSheetForm),
    "condominio": (_("Il condominio"), CondominiumForm),
    "dotazioni": (_("Impianti e dotazioni"), EquipmentForm),
    "dintorni": (_("Che cosa c'è vicino"), SurroundingsForm),
    "disponibilita": (_("Uso e disponibilità"), VacancyForm),
}


class CadastralForm(forms.Form):
    """A row of the cadastre: left empty, it is no unit."""

    section = forms.CharField(label=_("Sezione"), max_length=4, required=False)
    sheet = forms.CharField(label=_("Foglio"), max_length=6, required=False)
    parcel = forms.CharField(label=_("Particella"), max_length=8, required=False)
    subunit = forms.CharField(label=_("Subalterno"), max_length=6, required=False)
    category = _choice(_("Categoria"), codes.CadastralCategory)
    rank = forms.CharField(label=_("Classe"), max_length=3, required=False)
    rooms = MeasureField(label=_("Vani"), max_digits=5, decimal_places=1, required=False)
    area_m2 = MeasureField(
        label=_("Superficie catastale (m²)"), max_digits=7, decimal_places=1, required=False
    )
    income_cents = EurosField(label=_("Rendita (€)"), required=False, initial=0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("sheet")) != bool(data.get("parcel")):
            missing = "parcel" if data.get("sheet") else "sheet"
            self.add_error(missing, _("Foglio e particella vanno insieme: sono sulla visura."))
        return data

    def facts(self) -> CadastralFacts | None:
        """Return the unit, or None for a row left empty."""
        return CadastralFacts(**self.cleaned_data) if self.cleaned_data.get("sheet") else None


class _CadastralFormSet(forms.BaseFormSet[CadastralForm]):
    def facts(self) -> list[CadastralFacts]:
        """Return the units typed, without the rows left empty."""
        return [unit for form in self.forms if (unit := form.facts()) is not None]


def cadastral_forms(
    data: Any = None, *, units: list[CadastralUnit]
) -> _CadastralFormSet:  # Any: request data
    """Return the rows of the cadastre: the present ones and two empty."""
    factory = forms.formset_factory(CadastralForm, formset=_CadastralFormSet, extra=2, max_num=20)
    initial = [model_to_dict(unit, exclude=["id", "dwelling"]) for unit in units]
    return cast(_CadastralFormSet, factory(data, initial=initial, prefix="catasto"))


class CertificateForm(forms.Form):
    """A certificate: what it is, its number, its days."""

    kind = forms.ChoiceField(label=_("Che cos'è"), choices=codes.CertificateKind)
    issued_on = DayField(label=_("Data"))
    number = forms.CharField(label=_("Numero o protocollo"), max_length=60, required=False)
    issued_by = forms.CharField(
        label=_("Chi l'ha rilasciato"),
        max_length=150,
        required=False,
        help_text=_("Il tecnico, l'impresa o il Comune."),
    )
    expires_on = DayField(
        label=_("Scade il"),
        required=False,
        help_text=_("Vuoto: lo calcola la regola. Agibilità, DICO e DIRI non scadono."),
    )
    max_people = forms.IntegerField(
        label=_("Persone ammesse"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=_("Solo per l'idoneità alloggiativa."),
    )
    purpose = forms.CharField(
        label=_("Per che cosa"),
        max_length=120,
        required=False,
        help_text=_("Per esempio il ricongiungimento familiare. Senza nomi di persone."),
    )

    def __init__(self, *args: Any, certificate: Certificate | None = None, **kwargs: Any) -> None:
        if certificate is not None:
            kwargs.setdefault("initial", model_to_dict(certificate))
        super().__init__(*args, **kwargs)

    def facts(self) -> CertificateFacts:
        """Return what was typed, for the service."""
        return CertificateFacts(**self.cleaned_data)
