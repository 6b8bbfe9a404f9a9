from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ali.agreements.states import ContractType
from ali.core.inputs import DayField, EurosField, MeasureField
from ali.housing.models import Bed, Dwelling, Room
from ali.people.models import Person
from ali.tenancies.models import InventoryItem, Key, Tenancy, TenancyParty
from ali.tenancies.services import HandOverFacts, Leaving, Reading, TenancyFacts
from ali.tenancies.states import (
    Bond,
    Condition,
    Destination,
    Guarantee,
    HelpSource,
    HelpState,
    LeavingReason,
    Meter,
    Side,
)
from ali.tenancies.terms import PEOPLE_TYPES, ZONES

TYPES = [(kind.value, f"{kind.value} · {kind.label}") for kind in PEOPLE_TYPES]


class RoomField(forms.ModelChoiceField[Room]):
    """A room by the name that people use."""

    def label_from_instance(self, obj: Any) -> str:  # Any: Django passes a model
        return f"{obj.label or obj.get_kind_display()}, {obj.area_m2} m²"


class BedField(forms.ModelChoiceField[Bed]):
    """A bed with its room."""

    def label_from_instance(self, obj: Any) -> str:  # Any: Django passes a model
        return f"{obj.room.label or obj.room.get_kind_display()} · {obj.label}"


def beds_of(dwelling: Dwelling) -> Any:  # Any: a query set
    return (
        Bed.objects.in_use().filter(room__dwelling=dwelling).select_related("room").order_by("room_id", "pk")
    )


class TenancyForm(forms.Form):
    """What a tenancy says; starts from the dwelling's costs or from the tenancy in preparation."""

    contract_type = forms.ChoiceField(label=_("Tipo di contratto"), choices=TYPES)
    bond = forms.ChoiceField(label=_("Obbligo"), choices=Bond)
    room = RoomField(
        label=_("Stanza"),
        queryset=Room.objects.none(),
        required=False,
        empty_label=_("tutta la casa, o per posto letto"),
    )
    starts_on = DayField(label=_("Decorrenza"))
    ends_on = DayField(
        label=_("Scadenza"), required=False, help_text=_("Ultimo giorno. Vuota se non ha termine.")
    )
    rent_cents = EurosField(label=_("Canone al mese"), required=False)
    condominium_cents = EurosField(label=_("Spese condominiali al mese"), required=False)
    utilities_cents = EurosField(label=_("Utenze al mese"), required=False)
    deposit_cents = EurosField(label=_("Deposito"), required=False)
    guarantee = forms.ChoiceField(label=_("Garanzia"), choices=Guarantee)
    due_day = forms.IntegerField(label=_("Giorno del canone"), min_value=1, max_value=28, initial=5)
    agreed_zone = forms.TypedChoiceField(
        label=_("Zona dell'accordo territoriale"),
        choices=[("", "—"), *((zone, str(zone)) for zone in ZONES)],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Serve per il concordato e il transitorio."),
    )
    purpose = forms.CharField(
        label=_("Esigenza transitoria"),
        max_length=200,
        required=False,
        help_text=_("Serve per il transitorio: quale esigenza e con che documento."),
    )
    visited_on = DayField(label=_("Casa visitata il"), required=False)
    flatmates_met_on = DayField(label=_("Coinquilini incontrati il"), required=False)

    def __init__(self, *args: Any, dwelling: Dwelling, has_visit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.filter(dwelling=dwelling, closed_on__isnull=True, beds__isnull=False)
        self.fields["room"].queryset = rooms.distinct().order_by("pk")  # type: ignore[attr-defined]  # a model choice field
        if has_visit:
            del self.fields["visited_on"]

    @staticmethod
    def initial_of(facts: TenancyFacts | Tenancy) -> dict[str, Any]:
        """Return what the form shows of a suggestion or of a stored tenancy."""
        return {name: getattr(facts, name) for name in TenancyFacts.__dataclass_fields__}

    def facts(self) -> TenancyFacts:
        """Return what was typed."""
        return TenancyFacts(**self.cleaned_data)


class PeopleForm(forms.Form):
    """Who enters, among the people whom the actor may offer it to."""

    persons = forms.MultipleChoiceField(label=_("Per chi"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.public_id): person for person in people}
        choices = [(key, person.display_name) for key, person in self.people.items()]
        self.fields["persons"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def chosen(self) -> list[Person]:
        """Return those ticked."""
        return [self.people[key] for key in self.cleaned_data["persons"]]


class FindPersonForm(forms.Form):
    """A name to look for: travels by POST."""

    name = forms.CharField(label=_("Cerca un'altra persona"), max_length=100, required=False)


class BedsForm(forms.Form):
    """The bed of each person of a tenancy in preparation."""

    def __init__(
        self,
        *args: Any,
        parties: Sequence[TenancyParty],
        names: dict[int, str],
        dwelling: Dwelling,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        for party in parties:
            self.fields[f"bed_{party.pk}"] = BedField(
                label=names.get(party.person_id, _("Una persona")),
                queryset=beds_of(dwelling),
                required=False,
                initial=party.bed_id,
                empty_label=_("da scegliere"),
            )

    def beds(self) -> dict[int, Bed]:
        """Return the beds chosen, by person id."""
        chosen = {party.person_id: self.cleaned_data[f"bed_{party.pk}"] for party in self.parties}
        return {person: bed for person, bed in chosen.items() if bed is not None}


class SendForm(forms.Form):
    """Who signs besides the people."""

    body_signer = forms.CharField(label=_("Chi firma per l'ente"), max_length=120)
    guarantor = forms.CharField(label=_("Garante, se c'è"), max_length=120, required=False)
    body_signs_first = forms.BooleanField(label=_("L'ente firma per primo"), required=False)


class SignForm(forms.Form):
    """A signature given."""

    signed_on = DayField(label=_("Firmato il"))
    was_explained = forms.BooleanField(
        label=_("Letto e spiegato in una lingua che la persona capisce"), required=False
    )


class SharesForm(forms.Form):
    """What each pays from a day on; together, what is due."""

    starts_on = DayField(label=_("Dal"))

    def __init__(
        self, *args: Any, parties: Sequence[TenancyParty], names: dict[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        for party in parties:
            self.fields[f"share_{party.pk}"] = EurosField(
                label=names.get(party.person_id, _("Una persona")), initial=party.share_cents, required=False
            )

    def shares(self) -> dict[int, int]:
        """Return the cents of each, by party id."""
        return {party.pk: self.cleaned_data[f"share_{party.pk}"] for party in self.parties}


class LeavingForm(forms.Form):
    """Why somebody leaves and where they go."""

    left_on = DayField(label=_("Esce il"))
    because = forms.ChoiceField(label=_("Perché"), choices=LeavingReason)
    destination = forms.ChoiceField(label=_("Dove va"), choices=Destination)
    note = forms.CharField(label=_("Nota"), max_length=400, required=False)

    def leaving(self) -> Leaving:
        return Leaving(**self.cleaned_data)


class NoticeForm(forms.Form):
    """A notice given."""

    by = forms.ChoiceField(label=_("Disdetta di"), choices=Side)
    notice_on = DayField(label=_("Data il"))
    leaves_on = DayField(label=_("La casa si lascia il"))
    reason = forms.CharField(label=_("Perché"), max_length=400, required=False)


class ExtensionForm(forms.Form):
    """A longer term."""

    agreed_on = DayField(label=_("Concordata il"))
    ends_on = DayField(label=_("Nuova scadenza"))
    note = forms.CharField(label=_("Nota"), max_length=400, required=False)


class DutyForm(forms.Form):
    """Something done."""

    done_on = DayField(label=_("Fatto il"))
    reference = forms.CharField(label=_("Protocollo o ricevuta"), max_length=120, required=False)


class CommunicationForm(forms.Form):
    """When the police or the Comune was told."""

    communicated_on = DayField(label=_("Comunicata il"))


class HandOverForm(forms.Form):
    """The report of a hand-over: who was there, the meters, the inventory."""

    done_on = DayField(label=_("Giorno"))
    for_body = forms.CharField(label=_("Per l'ente c'era"), max_length=120)
    notes = forms.CharField(
        label=_("Che cosa si è notato"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *args: Any, items: Sequence[InventoryItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for meter in Meter:
            self.fields[f"value_{meter.value}"] = MeasureField(
                label=_("%(meter)s: lettura") % {"meter": capfirst(str(meter.label))},
                max_digits=12,
                decimal_places=2,
                required=False,
            )
            if meter != Meter.WATER:
                self.fields[f"code_{meter.value}"] = forms.CharField(
                    label=_("%(meter)s: codice") % {"meter": capfirst(str(meter.label))},
                    max_length=20,
                    required=False,
                )
        for item in items:
            self.fields[f"item_{item.pk}"] = forms.ChoiceField(
                label=f"{item.label} ({item.quantity})", choices=Condition, initial=Condition.GOOD
            )
            self.fields[f"note_{item.pk}"] = forms.CharField(
                label=_("%(item)s: nota") % {"item": item.label}, max_length=200, required=False
            )

    def meters(self) -> list[list[forms.BoundField]]:
        return [
            [self[name] for name in (f"value_{meter.value}", f"code_{meter.value}") if name in self.fields]
            for meter in Meter
        ]

    def inventory(self) -> list[list[forms.BoundField]]:
        return [[self[f"item_{item.pk}"], self[f"note_{item.pk}"]] for item in self.items]

    def facts(self) -> HandOverFacts:
        """Return the report."""
        typed = self.cleaned_data
        readings = {
            meter.value: Reading(typed[f"value_{meter.value}"], typed.get(f"code_{meter.value}", ""))
            for meter in Meter
            if typed.get(f"value_{meter.value}") is not None
        }
        conditions = {item.pk: (typed[f"item_{item.pk}"], typed[f"note_{item.pk}"]) for item in self.items}
        return HandOverFacts(
            done_on=typed["done_on"],
            for_body=typed["for_body"],
            notes=typed["notes"],
            readings=readings,
            conditions=conditions,
        )


class DeductionForm(forms.Form):
    """Something kept of a deposit."""

    reason = forms.CharField(label=_("Trattenuto per"), max_length=200, required=False)
    cents = EurosField(label=_("Quanto"), required=False)


class DepositForm(forms.Form):
    """A deposit given back."""

    held_cents = EurosField(label=_("Parte del deposito che si chiude"))
    returned_on = DayField(label=_("Restituita il"))


DeductionForms = forms.formset_factory(DeductionForm, extra=3, max_num=10)


class KeyForm(forms.Form):
    """A key of a home."""

    label = forms.CharField(label=_("Che cosa apre"), max_length=60)
    copies = forms.IntegerField(label=_("Copie"), min_value=1, max_value=50, initial=2)


class KeyLoanForm(forms.Form):
    """Copies that go to somebody."""

    key = forms.ModelChoiceField(label=_("Chiave"), queryset=Key.objects.none())
    party = forms.ChoiceField(label=_("A chi ci abita"), required=False)
    holder_name = forms.CharField(label=_("o a"), max_length=120, required=False)
    copies = forms.IntegerField(label=_("Copie"), min_value=1, max_value=50, initial=1)
    given_on = DayField(label=_("Il"))

    def __init__(
        self,
        *args: Any,
        dwelling: Dwelling,
        parties: Sequence[TenancyParty],
        names: dict[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(party.public_id): party for party in parties}
        self.fields["key"].queryset = Key.objects.filter(dwelling=dwelling).order_by("label", "pk")  # type: ignore[attr-defined]
        self.fields["party"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", "—"),
            *(
                (key, names.get(party.person_id, str(_("Una persona"))))
                for key, party in self.parties.items()
            ),
        ]

    def chosen_party(self) -> TenancyParty | None:
        return self.parties.get(self.cleaned_data["party"])


class KeyBackForm(forms.Form):
    """Copies that came back, or are lost."""

    returned_on = DayField(label=_("Restituite il"), required=False)
    is_lost = forms.BooleanField(label=_("Perse"), required=False)


class ItemForm(forms.Form):
    """Something in a home."""

    label = forms.CharField(label=_("Che cosa"), max_length=80)
    quantity = forms.IntegerField(label=_("Quanti"), min_value=1, max_value=999, initial=1)
    room = RoomField(
        label=_("Dove"), queryset=Room.objects.none(), required=False, empty_label=_("in comune")
    )

    def __init__(self, *args: Any, dwelling: Dwelling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.filter(  # type: ignore[attr-defined]  # a model choice field
            dwelling=dwelling, closed_on__isnull=True
        ).order_by("pk")


class HouseRulesForm(forms.Form):
    """The next version of the rules of a home."""

    text = forms.CharField(label=_("Regole della casa"), widget=forms.Textarea(attrs={"rows": 12}))
    valid_from = DayField(label=_("Valgono dal"))
    for_all = forms.BooleanField(
        label=_("Per tutte le case dell'ente che non ne hanno di proprie"), required=False
    )


class EntryCostForm(forms.Form):
    """What it costs to enter besides deposit and first month."""

    furniture_cents = EurosField(label=_("Mobili"), required=False)
    utilities_cents = EurosField(label=_("Attivazione o voltura delle utenze"), required=False)


class EntryHelpForm(forms.Form):
    """Who covers part of what is missing."""

    source = forms.ChoiceField(label=_("Chi copre"), choices=HelpSource)
    name = forms.CharField(label=_("Nome, se serve"), max_length=120, required=False)
    cents = EurosField(label=_("Quanto"))
    state = forms.ChoiceField(label=_("A che punto è"), choices=HelpState)
    is_loan = forms.BooleanField(label=_("Da restituire"), required=False)


class HelpStateForm(forms.Form):
    state = forms.ChoiceField(label=_("A che punto è"), choices=HelpState)


def suggested_initial(facts: TenancyFacts, starts_on: date) -> dict[str, Any]:
    """Return the first values of a new tenancy."""
    return TenancyForm.initial_of(replace(facts, starts_on=starts_on))


def type_given(data: Any, default: str) -> str:  # Any: request data
    """Return the contract type asked for, when it is one that people live by."""
    asked = data.get("tipo", "")
    return asked if asked in set(PEOPLE_TYPES) else default


FIRST_TYPE = ContractType.HOSPITALITY.value
