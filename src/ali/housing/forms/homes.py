"""What a housing manager types about a home. Few fields are required, each with its why."""

from dataclasses import fields as facts_fields
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.inputs import DayField, EurosField, MeasureField
from ali.housing.models import Building, Dwelling, Room
from ali.housing.services import BuildingFacts, DwellingFacts, RoomFacts
from ali.housing.services.homes import FIRST_STATES
from ali.housing.states import Access, Channel, DwellingState, Mode, RoomKind, Unnamed
from ali.places.models import Municipality


class BuildingForm(forms.Form):
    """Where a building is."""

    municipality = forms.ModelChoiceField(
        label=_("Comune"), queryset=Municipality.objects.none(), empty_label=_("Scegli il Comune")
    )
    address = forms.CharField(
        label=_("Indirizzo"),
        max_length=200,
        help_text=_("Via e numero civico: finisce sul foglio della proposta."),
    )
    postcode = forms.RegexField(
        label=_("CAP"),
        regex=r"^\d{5}$",
        required=False,
        error_messages={"invalid": _("Il CAP ha cinque cifre.")},
    )
    latitude = forms.FloatField(
        label=_("Latitudine"),
        required=False,
        min_value=35,
        max_value=48,
        help_text=_("Senza coordinate la casa sta sulla mappa al centro del Comune."),
    )
    longitude = forms.FloatField(label=_("Longitudine"), required=False, min_value=6, max_value=19)
    has_lift = forms.BooleanField(label=_("C'è l'ascensore"), required=False)
    is_confiscated = forms.BooleanField(
        label=_("Immobile confiscato"),
        required=False,
        help_text=_(
            "Si abbina solo dopo il trasferimento al Comune e l'assegnazione con procedura pubblica."
        ),
    )
    transferred_to_municipality_on = DayField(label=_("Trasferito al Comune il"), required=False)
    assigned_on = DayField(label=_("Assegnato con procedura pubblica il"), required=False)

    def __init__(self, *args: Any, actor: Actor, building: Building | None = None, **kwargs: Any) -> None:
        if building is not None:
            kwargs.setdefault(
                "initial", _initial(BuildingFacts, building) | {"municipality": building.municipality_id}
            )
        super().__init__(*args, **kwargs)
        towns = Municipality.objects.filter(province__in=actor.provinces, is_current=True)
        if building is not None:
            towns = towns | Municipality.objects.filter(pk=building.municipality_id)
        self.fields["municipality"].queryset = towns.order_by("name", "pk")  # type: ignore[attr-defined]  # ModelChoiceField

    def facts(self) -> BuildingFacts:
        """Return what was typed, for the service."""
        data = dict(self.cleaned_data)
        return BuildingFacts(municipality_id=data.pop("municipality").pk, **data)


class DwellingForm(forms.Form):
    """A dwelling: use, measures, when it is ready, costs, whom to call."""

    label = forms.CharField(label=_("Interno o scala"), max_length=60, required=False)
    channel = forms.ChoiceField(label=_("Canale"), choices=Channel, initial=Channel.AGENCY)
    mode = forms.ChoiceField(
        label=_("Come si dà"),
        choices=Mode,
        initial=Mode.WHOLE,
        help_text=_("Intero: canone e spese sono di tutta la casa. A posti letto: sono di un posto."),
    )
    net_area_m2 = MeasureField(
        label=_("Superficie utile (m²)"),
        max_digits=6,
        decimal_places=1,
        help_text=_("Senza muri, balconi e cantine: da qui si calcola quante persone possono abitarci."),
    )
    is_studio = forms.BooleanField(label=_("È un monolocale"), required=False)
    floor = forms.IntegerField(label=_("Piano"), initial=0, min_value=-2, max_value=60)
    access = forms.ChoiceField(label=_("Accessibilità"), choices=Access, initial=Access.NONE)
    minutes_to_station = forms.IntegerField(
        label=_("Minuti a piedi dalla fermata"), required=False, min_value=0, max_value=600
    )
    max_people = forms.IntegerField(
        label=_("Massimo di persone"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=_("Solo se lo fissa il contratto o un atto del Comune: oltre, la casa non si propone."),
    )
    max_people_source = forms.CharField(
        label=_("Atto o contratto che lo fissa"), max_length=200, required=False
    )
    available_on = DayField(label=_("Pronta dal"), required=False)
    is_available_sure = forms.BooleanField(label=_("La data è sicura"), required=False, initial=True)
    rent_cents = EurosField(label=_("Canone al mese (€)"))
    condominium_cents = EurosField(label=_("Spese condominiali al mese (€)"), required=False, initial=0)
    utilities_cents = EurosField(label=_("Utenze stimate al mese (€)"), required=False, initial=0)
    deposit_months = forms.IntegerField(
        label=_("Mensilità di deposito"), initial=2, min_value=0, max_value=12
    )
    other_entry_cents = EurosField(
        label=_("Altri costi per entrare (€)"),
        required=False,
        initial=0,
        help_text=_("Registrazione, allacci, arredo: quello che il nucleo paga prima di entrare."),
    )
    contact_name = forms.CharField(label=_("Chi mostra la casa"), max_length=120, required=False)
    contact_phone = forms.CharField(label=_("Telefono"), max_length=40, required=False)

    def __init__(self, *args: Any, dwelling: Dwelling | None = None, **kwargs: Any) -> None:
        if dwelling is not None:
            kwargs.setdefault("initial", _initial(DwellingFacts, dwelling))
        super().__init__(*args, **kwargs)

    def facts(self) -> DwellingFacts:
        """Return what was typed, for the service."""
        return DwellingFacts(**self.cleaned_data)


def _initial(facts: type[Any], stored: Building | Dwelling) -> dict[str, Any]:
    return {
        one.name: getattr(stored, one.name) for one in facts_fields(facts) if one.name != "municipality_id"
    }


class FirstStateForm(forms.Form):
    """In which state a home is added."""

    state = forms.ChoiceField(
        label=_("A che punto è"),
        choices=[(state.value, state.label) for state in FIRST_STATES],
        initial=DwellingState.FREE,
    )


class RoomForm(forms.Form):
    """A row of the rooms: emptied, the room is removed."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Locale"), choices=RoomKind, initial=RoomKind.BEDROOM, required=False)
    label = forms.CharField(label=_("Nome"), max_length=40, required=False)
    area_m2 = MeasureField(label=_("Superficie (m²)"), max_digits=5, decimal_places=1, required=False)
    height_m = MeasureField(label=_("Altezza (m)"), max_digits=3, decimal_places=2, required=False)
    window_m2 = MeasureField(label=_("Finestra (m²)"), max_digits=4, decimal_places=1, required=False)
    beds = forms.IntegerField(label=_("Letti"), min_value=0, max_value=20, initial=0, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("beds") and not data.get("area_m2") and "area_m2" not in self.errors:
            self.add_error("area_m2", _("Scrivi i metri quadrati della stanza con i letti."))
        return data

    def facts(self) -> RoomFacts | None:
        """Return the room, or None for a row left empty."""
        data = dict(self.cleaned_data)
        area: Decimal | None = data.pop("area_m2", None)
        if area is None:
            return None
        beds, kind = data.pop("beds") or 0, data.pop("kind") or RoomKind.BEDROOM
        return RoomFacts(area_m2=area, beds=beds, kind=kind, **data)


class _RoomFormSet(forms.BaseFormSet[RoomForm]):
    def facts(self) -> list[RoomFacts]:
        """Return the rooms typed, without the rows left empty."""
        return [room for form in self.forms if (room := form.facts()) is not None]


def room_forms(
    data: Any = None,
    *,
    rooms: list[Room] | None = None,
    empty_rows: int = 4,  # Any: request data
) -> _RoomFormSet:
    """Return the rows of the rooms: the present ones and some empty."""
    factory = forms.formset_factory(RoomForm, formset=_RoomFormSet, extra=empty_rows, max_num=40)
    initial = [
        {
            "id": room.pk,
            "kind": room.kind,
            "label": room.label,
            "area_m2": room.area_m2,
            "height_m": room.height_m,
            "window_m2": room.window_m2,
            "beds": sum(1 for bed in room.beds.all() if bed.closed_on is None),
        }
        for room in rooms or []
    ]
    return cast(_RoomFormSet, factory(data, initial=initial, prefix="stanze"))


WHO = [("", _("non si sa")), *Unnamed.choices]


class MoveInForm(forms.Form):
    """Somebody outside the network who sleeps in a bed: no name."""

    who = forms.ChoiceField(
        label=_("Chi è"),
        choices=WHO,
        required=False,
        help_text=_(
            "Serve a sapere chi può dividere la casa: finché non si sa, gli altri posti non si offrono."
        ),
    )

    starts_on = DayField(label=_("Dal"))
    ends_on = DayField(label=_("Fino al"), required=False, help_text=_("Vuoto se non si sa."))
    is_end_sure = forms.BooleanField(label=_("L'uscita è sicura"), required=False)


class EndForm(forms.Form):
    """When somebody leaves a bed."""

    ends_on = DayField(label=_("Esce il"), required=False, help_text=_("Vuoto se non si sa più."))
    is_end_sure = forms.BooleanField(label=_("Sicura"), required=False)
    who = forms.ChoiceField(label=_("Chi è"), choices=WHO, required=False)

    def __init__(self, *args: Any, is_unnamed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_unnamed:
            del self.fields["who"]


class CommunicationForm(forms.Form):
    """When the police or the Comune was told."""

    communicated_on = DayField(label=_("Comunicata il"))


class BedNameForm(forms.Form):
    """What people call a bed."""

    label = forms.CharField(label=_("Nome del posto letto"), max_length=20)


class StepForm(forms.Form):
    """A step of a home."""

    verb = forms.CharField(max_length=20)
    version = forms.IntegerField(min_value=1)
    reason = forms.CharField(max_length=400, required=False)
    ready_on = DayField(label=_("Pronta presumibilmente dal"), required=False)
