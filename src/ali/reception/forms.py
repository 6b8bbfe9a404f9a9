"""What people type about reception. Few fields are required; reasons are never filled in for them."""

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.core.inputs import DayField
from ali.organisations.models import Membership, Organisation, OrganisationKind
from ali.people.models import Person
from ali.places.models import Language, Municipality
from ali.places.queries import find_municipality
from ali.reception.models import AnnouncedArrival, Centre, Contract, Exit
from ali.reception.queries import CentrePlaces, managers_for
from ali.reception.states import (
    CentreKind,
    ExitCause,
    ExitEvent,
    ExitReason,
    ExtensionAsker,
    ReadingStatus,
)

# Initials in place of a sole trader's name.
_COVERED = re.compile(r"\b[A-Z]\. [A-Z]\.")


def reason_field(label: Any, **kwargs: Any) -> forms.CharField:
    """A few lines that a person types: never filled in."""
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=400, widget=widget, **kwargs)


class CentreChoice(forms.ModelChoiceField[Centre]):
    """A centre among those the actor sees, with its free places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Centre.objects.none(), to_field_name="public_id", **kwargs)
        self.free: dict[int, int] = {}

    def offer(self, places: list[CentrePlaces]) -> None:
        """Offer these centres, those with free places first."""
        self.free = {one.centre.pk: one.free_now for one in places}
        order = sorted(places, key=lambda one: (one.free_now <= 0, one.centre.name))
        position = Case(
            *(When(pk=one.centre.pk, then=Value(number)) for number, one in enumerate(order)),
            output_field=IntegerField(),
        )
        self.queryset = Centre.objects.filter(pk__in=list(self.free)).order_by(position, "pk")

    def label_from_instance(self, obj: Any) -> str:
        free = self.free.get(obj.pk, 0)
        if free > 0:
            return _("%(centre)s (%(free)d posti liberi)") % {"centre": obj, "free": free}
        return _("%(centre)s (nessun posto libero)") % {"centre": obj}


# Centres ------------------------------------------------------------------------------------------------------------


class NewCentreForm(forms.Form):
    """A centre that is not listed yet."""

    name = forms.CharField(label=_("Nome del centro"), max_length=120)
    manager = forms.ModelChoiceField(
        label=_("Ente gestore"), queryset=Organisation.objects.none(), to_field_name="public_id"
    )
    municipality = forms.ModelChoiceField(
        label=_("Comune"), queryset=Municipality.objects.none(), empty_label=_("Scegli il Comune")
    )
    kind = forms.ChoiceField(label=_("Tipo"), choices=CentreKind)
    places = forms.IntegerField(label=_("Posti"), min_value=0, max_value=5000, initial=0)
    address = forms.CharField(label=_("Indirizzo"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managers = managers_for(actor)
        self.fields["manager"].queryset = managers  # type: ignore[attr-defined]  # ModelChoiceField
        self.fields["municipality"].queryset = (  # type: ignore[attr-defined]  # ModelChoiceField
            Municipality.objects.filter(province__prefecture__in=actor.provinces, is_current=True)
            .select_related("province")
            .order_by("folded", "pk")
        )
        if len(found := list(managers[:2])) == 1:
            self.fields["manager"].initial = found[0].public_id


# Stays --------------------------------------------------------------------------------------------------------------


class AdmitForm(forms.Form):
    """Where a person has arrived, and when."""

    centre = CentreChoice(label=_("Centro"), empty_label=_("Scegli il centro"))
    entered_on = DayField(label=_("Entrata il"), help_text=_("Il primo giorno di presenza."))

    def __init__(self, *args: Any, places: list[CentrePlaces], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].offer(places)  # type: ignore[attr-defined]  # CentreChoice


class TransferForm(forms.Form):
    """Where a person moves to, and when."""

    centre = CentreChoice(label=_("Nuovo centro"), empty_label=_("Scegli il centro"))
    moved_on = DayField(label=_("Trasferimento il"))

    def __init__(self, *args: Any, places: list[CentrePlaces], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].offer(places)  # type: ignore[attr-defined]  # CentreChoice


class DepartureForm(forms.Form):
    """That a person has left, and how."""

    left_on = DayField(label=_("Uscita il"))
    reason = forms.ChoiceField(label=_("Come è finita"), choices=[("", _("Scegli")), *ExitReason.choices])
    note = reason_field(
        _("Spiegazione"), required=False, help_text=_("Serve solo con «Altro»: che cosa è successo.")
    )


class ExpectForm(forms.Form):
    """That a person will leave, and which event is awaited."""

    cause = forms.ChoiceField(label=_("Perché finisce l'accoglienza"), choices=ExitCause)
    awaited_event = forms.ChoiceField(
        label=_("Che cosa si attende"),
        choices=ExitEvent,
        initial=ExitEvent.PERMIT_DELIVERED,
        help_text=_("Quando l'evento è nella scheda, il termine locale propone la data."),
    )
    leaves_on = DayField(
        label=_("Uscita prevista"),
        required=False,
        help_text=_("Solo se si può stimare: resta «attesa», non è una data decisa."),
    )


# Steps of an exit ---------------------------------------------------------------------------------------------------


class StepForm(forms.Form):
    """A step of an exit: knows the exit it starts from."""

    def __init__(self, *args: Any, leaving: Exit, today: date, **kwargs: Any) -> None:
        self.leaving = leaving
        self.today = today
        kwargs["initial"] = self.first_values() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def first_values(self) -> dict[str, Any]:
        """What the form shows before anybody types."""
        return {}


class ProposeForm(StepForm):
    """The event that has happened; or a day typed by hand with its reason."""

    event = forms.ChoiceField(label=_("Che cosa è successo"), choices=ExitEvent)
    event_on = DayField(label=_("Quando"))
    day = DayField(
        label=_("Giorno di uscita, se non lo calcola il termine locale"),
        required=False,
        help_text=_("Lascialo vuoto per usare il termine della prefettura."),
    )
    because = forms.CharField(
        label=_("Perché questo giorno"),
        max_length=400,
        required=False,
        help_text=_("Serve solo se hai scritto il giorno a mano."),
    )

    def first_values(self) -> dict[str, Any]:
        return {"event": self.leaving.awaited_event, "event_on": self.leaving.event_on}


class CommunicateForm(StepForm):
    """The day that the officer gives. The proposed one is shown; the officer confirms or changes it."""

    leaves_on = DayField(label=_("Esce il"), help_text=_("La data la decide l'ufficio: conferma o cambia."))
    communicated_on = DayField(label=_("Comunicata il"))

    def first_values(self) -> dict[str, Any]:
        return {"leaves_on": self.leaving.leaves_on, "communicated_on": self.today}


class DecreeForm(StepForm):
    """Number, date and protocol of the act, and the day it sets."""

    number = forms.CharField(label=_("Decreto n."), max_length=40)
    decree_on = DayField(label=_("Del"))
    protocol = forms.CharField(label=_("Protocollo"), max_length=40, required=False)
    leaves_on = DayField(label=_("Esce il"), help_text=_("Il giorno scritto nel decreto."))

    def first_values(self) -> dict[str, Any]:
        return {"leaves_on": self.leaving.leaves_on, "decree_on": self.today}


class NotifyForm(StepForm):
    """When and how the person was told."""

    notified_on = DayField(label=_("Notificata il"))
    language = forms.ModelChoiceField(
        label=_("In quale lingua"),
        queryset=Language.objects.none(),
        required=False,
        empty_label=_("Non indicata"),
        help_text=_("Prima le lingue che la persona parla."),
    )
    with_mediator = forms.BooleanField(label=_("Con un mediatore"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].queryset = _languages_for(self.leaving)  # type: ignore[attr-defined]  # ModelChoiceField

    def first_values(self) -> dict[str, Any]:
        return {"notified_on": self.today}


def _languages_for(leaving: Exit) -> QuerySet[Language]:
    spoken = list(leaving.person.languages.values_list("language_id", flat=True).order_by("-level", "pk"))
    first = Case(When(pk__in=spoken, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Language.objects.filter(pk__in=spoken) | Language.objects.filter(for_mediation=True).order_by(
        first, "name", "pk"
    )


class CorrectForm(StepForm):
    """The right day, and what was wrong with the one written."""

    leaves_on = DayField(label=_("Esce il"), help_text=_("Il giorno giusto."))
    reason = reason_field(_("Perché il giorno cambia"))


class MoveForm(StepForm):
    """What was declared after the move."""

    residence_declared_on = DayField(label=_("Residenza dichiarata al Comune il"), required=False)
    questura_told_on = DayField(label=_("Indirizzo comunicato alla Questura il"), required=False)

    def first_values(self) -> dict[str, Any]:
        return {
            "residence_declared_on": self.leaving.residence_declared_on,
            "questura_told_on": self.leaving.questura_told_on,
        }


class ExtendForm(StepForm):
    """More days: who asks, how many, why."""

    asked_by = forms.ChoiceField(label=_("Chi la chiede"), choices=ExtensionAsker)
    asked_on = DayField(label=_("Chiesta il"))
    days = forms.IntegerField(label=_("Quanti giorni"), min_value=1, max_value=730)
    reason = reason_field(_("Motivo"))

    def first_values(self) -> dict[str, Any]:
        return {"asked_on": self.today}


class AnswerForm(StepForm):
    """The answer to a request for more days."""

    answer = forms.ChoiceField(
        label=_("Risposta"),
        choices=[("granted", _("concessa: la data si sposta")), ("refused", _("negata"))],
        widget=forms.RadioSelect,
    )
    answered_on = DayField(label=_("Risposta del"))
    reason = reason_field(_("Motivo"), required=False, help_text=_("Obbligatorio se la proroga è negata."))

    def first_values(self) -> dict[str, Any]:
        return {"answered_on": self.today}


class SuspendForm(StepForm):
    """Which court stops the exit."""

    suspended_on = DayField(label=_("Sospesa il"))
    suspended_by = forms.CharField(
        label=_("Giudice e provvedimento"),
        max_length=200,
        help_text=_("Per esempio: TAR Veneto, ord. 12/2026."),
    )


class ResumeForm(StepForm):
    """Why the suspension is over and what is awaited now."""

    awaited_event = forms.ChoiceField(label=_("Che cosa si attende ora"), choices=ExitEvent)
    reason = reason_field(_("Perché la sospensione è finita"))


class BeyondForm(StepForm):
    """Who pays the nights after the day of leaving."""

    paid_by = forms.CharField(
        label=_("Chi paga le notti oltre il termine"),
        max_length=120,
        required=False,
        help_text=_("Per esempio: ente gestore, Comune, nessuno ancora."),
    )


class CompleteForm(StepForm):
    """When the person left and how it ended."""

    done_on = DayField(label=_("Uscita il"))
    reason = forms.ChoiceField(label=_("Come è finita"), choices=[("", _("Scegli")), *ExitReason.choices])
    note = reason_field(
        _("Spiegazione"), required=False, help_text=_("Serve solo con «Altro»: che cosa è successo.")
    )


class CancelForm(StepForm):
    """Why the exit is cancelled."""

    reason = reason_field(_("Perché si annulla"))


class NextStepForm(StepForm):
    """Who follows, what is next, by when."""

    owner = forms.ModelChoiceField(
        label=_("Chi segue"),
        queryset=User.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Nessuno ancora"),
    )
    next_step = forms.CharField(label=_("Prossimo passo"), max_length=200, required=False)
    next_step_on = DayField(label=_("Entro il"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = _colleagues(actor, self.leaving, self.today)  # type: ignore[attr-defined]  # ModelChoiceField

    def first_values(self) -> dict[str, Any]:
        owner = self.leaving.owner
        return {
            "owner": owner.public_id if owner else None,
            "next_step": self.leaving.next_step,
            "next_step_on": self.leaving.next_step_on,
        }


def _colleagues(actor: Actor, leaving: Exit, today: date) -> QuerySet[User]:
    """Those who work in the actor's body, and whoever follows now."""
    members = Membership.objects.valid_on(today).filter(organisation=actor.organisation_id)
    found = User.objects.filter(pk__in=members.values("user"), is_active=True)
    if leaving.owner_id:
        found = found | User.objects.filter(pk=leaving.owner_id)
    return found.order_by("full_name", "pk")


class SolutionNoteForm(StepForm):
    """Where exactly: a name or a place that helps whoever reads."""

    note = forms.CharField(
        label=_("Dettaglio"),
        max_length=200,
        required=False,
        help_text=_("Per esempio: stanza a Cadoneghe con il cugino. Mai importi."),
    )

    def first_values(self) -> dict[str, Any]:
        return {"note": self.leaving.solution_note}


class MunicipalityForm(StepForm):
    """The competent Comune and when it was told."""

    municipality = forms.ModelChoiceField(
        label=_("Comune competente"), queryset=Municipality.objects.none(), empty_label=_("Scegli il Comune")
    )
    told_on = DayField(label=_("Avvisato il"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        province = self.leaving.stay.centre.municipality.province_id
        near = Municipality.objects.filter(province=province, is_current=True)
        known = self.leaving.person.competent_municipality_id
        if known:
            near = near | Municipality.objects.filter(pk=known)
        self.fields["municipality"].queryset = near.order_by("name", "pk")  # type: ignore[attr-defined]  # ModelChoiceField

    def first_values(self) -> dict[str, Any]:
        person: Person = self.leaving.person
        place = person.competent_municipality_id or self.leaving.stay.centre.municipality_id
        return {"municipality": place, "told_on": person.municipality_told_on}


# Centres and contracts ----------------------------------------------------------------------------------------------


class CentreForm(forms.ModelForm[Centre]):
    """How many places, how many are closed, and when the centre closes."""

    closes_on = DayField(label=_("Chiude il"), required=False)

    class Meta:
        model = Centre
        fields = ["places", "unavailable_places", "closes_on"]
        help_texts = {
            "unavailable_places": _(
                "Chiusi per lavori o tenuti da parte: qui sono contati anche quelli riservati."
            )
        }


class ArrivalForm(forms.ModelForm[AnnouncedArrival]):
    """How many are announced, and for when."""

    expected_on = DayField(label=_("Attesi il"))

    class Meta:
        model = AnnouncedArrival
        fields = ["expected_on", "persons"]


class MunicipalitiesField(forms.CharField):
    """Comuni by name, separated by commas; the cleaned value is their list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=400, **kwargs)
        self.province = ""

    def clean(self, value: Any) -> Any:  # Any: as Django's own
        names = [name.strip() for name in super().clean(value).split(",") if name.strip()]
        return [self._named(name) for name in names]

    def _named(self, name: str) -> Municipality:
        found = find_municipality(name, self.province) or find_municipality(name)
        if found is None:
            raise forms.ValidationError(
                _("«%(name)s» non si trova fra i Comuni, o ce n'è più d'uno: controlla come è scritto.")
                % {"name": name}
            )
        return found


class ContractForm(forms.ModelForm[Contract]):
    """What a person reads in the text of a contract."""

    kind = forms.ChoiceField(label=_("Tipo"), choices=[("", _("Scegli")), *CentreKind.choices])
    starts_on = DayField(label=_("Dal"), required=False)
    ends_on = DayField(label=_("Al"), required=False)
    manager = forms.ModelChoiceField(
        label=_("Ente gestore nella rete"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Non è fra gli enti conosciuti"),
    )
    new_manager = forms.CharField(
        label=_("Nuovo ente gestore"),
        max_length=200,
        required=False,
        help_text=_("Se non è nell'elenco, scrivi qui il nome: si aggiunge alla rete."),
    )
    municipalities = MunicipalitiesField(
        label=_("Comuni"),
        help_text=_(
            "Dove si ospita, separati da virgole. Con ente e Comune il contratto crea i suoi centri."
        ),
    )

    class Meta:
        model = Contract
        fields = ["kind", "places", "starts_on", "ends_on", "manager"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managers = Organisation.objects.playing(OrganisationKind.RECEPTION_MANAGER).filter(is_invented=False)
        if self.instance.manager_id:
            managers = managers | Organisation.objects.filter(pk=self.instance.manager_id).distinct()
        self.fields["manager"].queryset = managers.order_by("name", "pk")  # type: ignore[attr-defined]  # ModelChoiceField
        self.fields["municipalities"].province = self.instance.province_id  # type: ignore[attr-defined]  # MunicipalitiesField
        named = self.instance.municipalities.order_by("name", "pk").values_list("name", flat=True)
        self.fields["municipalities"].initial = ", ".join(named)
        if not self.instance.manager_id and not _COVERED.search(self.instance.manager_name):
            self.fields["new_manager"].initial = self.instance.manager_name

    def clean(self) -> dict[str, Any]:
        """One manager, not two."""
        typed = super().clean() or {}
        if typed.get("manager") and typed.get("new_manager"):
            self.add_error("new_manager", _("Hai già scelto un ente: lascia vuoto questo campo."))
        return typed


class CentreFilter(forms.Form):
    """Which centres to show."""

    municipality = forms.ModelChoiceField(
        label=_("Comune"), queryset=Municipality.objects.none(), required=False, empty_label=_("tutti")
    )
    manager = forms.ModelChoiceField(
        label=_("Ente gestore"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("tutti"),
    )
    kind = forms.ChoiceField(label=_("Tipo"), choices=[("", _("tutti")), *CentreKind.choices], required=False)
    free = forms.ChoiceField(
        label=_("Con posti liberi"),
        choices=[
            ("", _("tutti")),
            ("0", _("oggi")),
            ("30", _("fra 30 giorni")),
            ("60", _("fra 60 giorni")),
            ("90", _("fra 90 giorni")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Centre.objects.visible_to(actor)
        self.fields["municipality"].queryset = Municipality.objects.filter(  # type: ignore[attr-defined]  # ModelChoiceField
            pk__in=seen.values("municipality")
        ).order_by("name", "pk")
        self.fields["manager"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]  # ModelChoiceField
            pk__in=seen.values("manager")
        ).order_by("name", "pk")


class ContractFilter(forms.Form):
    """Which contracts to show."""

    reading = forms.ChoiceField(
        label=_("Lettura"), choices=[("", _("tutte")), *ReadingStatus.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Tipo"), choices=[("", _("tutti")), *CentreKind.choices], required=False)
    running = forms.ChoiceField(
        label=_("In corso"),
        choices=[("", _("tutti")), ("now", _("in corso oggi")), ("90", _("finiscono entro 90 giorni"))],
        required=False,
    )
