"""An empty home as somebody hears of it, visits it, makes a home of it."""

from datetime import date
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.inputs import DayField, EurosField, MeasureField
from ali.housing import codes
from ali.housing.states import Mode
from ali.places.models import Municipality
from ali.scouting.models import Lead, Owner
from ali.scouting.services import HomeFacts, LeadFacts, OwnerFacts
from ali.scouting.states import ITEMS, Answer, LeadSource, OwnerKind

UNKNOWN = ("", _("non si sa"))
CLAUSE_HINT = _(
    "La legge lo vieta e qui non filtra nessuno: si segna solo che è successo, perché qualcuno gliene parli."
)


def _choice(label: Any, choices: Any) -> forms.ChoiceField:  # Any: lazy labels and choices
    return forms.ChoiceField(label=label, choices=[UNKNOWN, *choices.choices], required=False)


def _towns(actor: Actor, lead: Lead | None = None) -> Any:  # Any: a query set
    towns = Municipality.objects.filter(province__in=actor.provinces, is_current=True)
    if lead is not None:
        towns = towns | Municipality.objects.filter(pk=lead.municipality_id)
    return towns.order_by("name", "pk")


class _PlaceForm(forms.Form):
    """Where it is and how it stands: what an offer and a lead share."""

    municipality = forms.ModelChoiceField(
        label=_("Comune"), queryset=Municipality.objects.none(), empty_label=_("Scegli il Comune")
    )
    address = forms.CharField(label=_("Indirizzo"), max_length=200, required=False)
    what = forms.CharField(
        label=_("Che cos'è"),
        max_length=150,
        required=False,
        help_text=_("Per esempio: trilocale al secondo piano."),
    )
    area_m2 = MeasureField(label=_("Superficie (m²)"), max_digits=7, decimal_places=1, required=False)
    rooms = forms.IntegerField(label=_("Camere"), required=False, min_value=0, max_value=100)
    why_empty = _choice(_("Perché è vuota"), codes.WhyEmpty)
    empty_since = DayField(label=_("Vuota dal"), required=False)
    availability = forms.MultipleChoiceField(
        label=_("Come la darebbe"),
        choices=codes.Availability,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    asking_cents = EurosField(label=_("Quanto chiede al mese (€)"), required=False, initial=0)
    has_forbidden_clause = forms.BooleanField(
        label=_("Ha chiesto di escludere qualcuno per origine o religione"),
        required=False,
        help_text=CLAUSE_HINT,
    )
    notes = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    next_step = forms.CharField(label=_("Prossimo passo"), max_length=150, required=False)
    next_on = DayField(label=_("Entro il"), required=False)

    def facts(self, today: date, was_on: date | None = None) -> LeadFacts:
        """Return what was typed, for the service; `was_on` the day on which the forbidden clause was already noted."""
        data = dict(self.cleaned_data)
        named = {name: data[name] for name in LeadFacts.__dataclass_fields__ if name in data}
        clause_on = (was_on or today) if data["has_forbidden_clause"] else None
        return LeadFacts(
            municipality_id=data["municipality"].pk, **{**named, "excluded_by_owner_on": clause_on}
        )


class OfferForm(_PlaceForm):
    """An owner on the telephone offers a home: two minutes."""

    owner_name = forms.CharField(label=_("Chi la offre"), max_length=200)
    owner_phone = forms.CharField(
        label=_("Telefono"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    owner_email = forms.EmailField(label=_("E-mail"), required=False)
    owner_kind = forms.ChoiceField(label=_("È"), choices=OwnerKind, initial=OwnerKind.PERSON)

    field_order = ["owner_name", "owner_phone", "municipality", "address", "what"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = _towns(actor)  # type: ignore[attr-defined]  # ModelChoiceField
        self.fields["next_step"].initial = _("Fissare il sopralluogo")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("owner_phone") and not data.get("owner_email"):
            self.add_error("owner_phone", _("Serve un telefono o un'e-mail, per richiamare."))
        if data.get("next_step") and not data.get("next_on"):
            data["next_step"] = ""
        return data

    def owner(self) -> OwnerFacts:
        """Return who offers."""
        data = self.cleaned_data
        return OwnerFacts(
            name=data["owner_name"],
            kind=data["owner_kind"],
            phone=data["owner_phone"],
            email=data["owner_email"],
        )

    def home(self, today: date) -> LeadFacts:
        """Return what is offered."""
        facts = self.facts(today)
        return LeadFacts(**{**facts.__dict__, "source": LeadSource.OFFER})


class LeadForm(_PlaceForm):
    """An empty home with everything the census keeps of it."""

    source = forms.ChoiceField(label=_("Da dove viene"), choices=LeadSource, initial=LeadSource.STREET)
    owner = forms.ModelChoiceField(
        label=_("Proprietario"),
        queryset=Owner.objects.none(),
        required=False,
        empty_label=_("non si sa ancora"),
    )
    postcode = forms.RegexField(
        label=_("CAP"),
        regex=r"^\d{5}$",
        required=False,
        error_messages={"invalid": _("Il CAP ha cinque cifre.")},
    )
    latitude = forms.FloatField(label=_("Latitudine"), required=False, min_value=35, max_value=48)
    longitude = forms.FloatField(label=_("Longitudine"), required=False, min_value=6, max_value=19)
    kind = _choice(_("Tipologia dell'edificio"), codes.BuildingKind)
    floor = forms.IntegerField(label=_("Piano"), required=False, min_value=-2, max_value=60)
    use_state = _choice(_("Stato d'uso"), codes.UseState)
    section = forms.CharField(label=_("Sezione"), max_length=4, required=False)
    sheet = forms.CharField(label=_("Foglio"), max_length=6, required=False)
    parcel = forms.CharField(label=_("Particella"), max_length=8, required=False)
    subunit = forms.CharField(label=_("Subalterno"), max_length=6, required=False)
    category = _choice(_("Categoria catastale"), codes.CadastralCategory)

    def __init__(self, *args: Any, actor: Actor, lead: Lead | None = None, **kwargs: Any) -> None:
        if lead is not None:
            clause = bool(lead.excluded_by_owner_on)
            kwargs.setdefault("initial", {**model_to_dict(lead), "has_forbidden_clause": clause})
        super().__init__(*args, **kwargs)
        self.lead = lead
        self.fields["municipality"].queryset = _towns(actor, lead)  # type: ignore[attr-defined]  # ModelChoiceField
        owners = Owner.objects.visible_to(actor).order_by("folded", "pk")
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # ModelChoiceField

    def lead_facts(self, today: date) -> LeadFacts:
        """Return what was typed, for the service."""
        return self.facts(today, self.lead.excluded_by_owner_on if self.lead else None)


class InspectionForm(forms.Form):
    """The report of a visit, item by item; what could not be seen stays open."""

    visited_on = DayField(label=_("Giorno"))
    beds = forms.IntegerField(label=_("Posti letto possibili"), required=False, min_value=0, max_value=200)
    works_cents = EurosField(label=_("Lavori stimati (€)"), required=False, initial=0)
    notes = forms.CharField(
        label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in ITEMS.items():
            self.fields[f"voce_{code}"] = forms.ChoiceField(
                label=str(label),
                choices=[*Answer.choices, ("", _("non si è visto"))],
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def items(self) -> list[Any]:  # Any: bound fields
        return [self[f"voce_{code}"] for code in ITEMS]

    def answers(self) -> dict[str, str]:
        """Return the answer to each item."""
        return {code: self.cleaned_data[f"voce_{code}"] for code in ITEMS}


class StepForm(forms.Form):
    """A step of a lead."""

    verb = forms.CharField(max_length=20)
    reason = forms.CharField(max_length=300, required=False)


class HomeForm(forms.Form):
    """What is needed beside the census to make a home."""

    address = forms.CharField(label=_("Indirizzo"), max_length=200)
    label = forms.CharField(label=_("Interno o scala"), max_length=60, required=False)
    floor = forms.IntegerField(label=_("Piano"), initial=0, min_value=-2, max_value=60)
    net_area_m2 = MeasureField(
        label=_("Superficie utile (m²)"),
        max_digits=6,
        decimal_places=1,
        help_text=_("Senza muri, balconi e cantine."),
    )
    mode = forms.ChoiceField(label=_("Come si darà"), choices=Mode, initial=Mode.WHOLE)
    rent_cents = EurosField(label=_("Canone al mese (€)"))
    transferred_on = DayField(label=_("Trasferito al Comune il"), required=False)
    assigned_on = DayField(label=_("Assegnato con procedura pubblica il"), required=False)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "address": lead.address,
                "floor": lead.floor or 0,
                "net_area_m2": lead.area_m2,
                "rent_cents": lead.asking_cents or None,
            },
        )
        super().__init__(*args, **kwargs)
        if not lead.is_confiscated:
            del self.fields["transferred_on"], self.fields["assigned_on"]

    def facts(self) -> HomeFacts:
        """Return what was typed, for the service."""
        return HomeFacts(**self.cleaned_data)
