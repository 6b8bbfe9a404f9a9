"""What is typed about tickets, visits and mediations: short forms, made for a phone."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.accounts.roles import Permission
from ali.core.inputs import DayField, EurosField
from ali.housing.models import Dwelling, Room
from ali.people.models import Person
from ali.upkeep.queries import own_homes, staff_with, who_lives_in
from ali.upkeep.services import Conflict, Found, NextStep, TicketFacts, VisitPlan
from ali.upkeep.states import Category, MediationEnd, NoteKind, Payer, Topic, Urgency, VisitOutcome


class _ColleagueField(forms.ModelChoiceField[User]):
    def label_from_instance(self, obj: Any) -> str:  # Any: as the library says
        return str(obj.full_name)


class _PersonField(forms.ModelChoiceField[Person]):
    def label_from_instance(self, obj: Any) -> str:  # Any: as the library says
        return str(obj.display_name)


class HomeChoiceForm(forms.Form):
    """Which home, when the page was not opened from one."""

    casa = forms.ModelChoiceField(
        label=_("In quale casa"),
        queryset=Dwelling.objects.none(),
        to_field_name="public_id",
        empty_label=_("Scegli la casa"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["casa"].queryset = own_homes(actor)  # type: ignore[attr-defined]  # a model choice


class TicketForm(forms.Form):
    """What is broken."""

    category = forms.ChoiceField(label=_("Che cosa"), choices=[("", _("Scegli")), *Category.choices])
    title = forms.CharField(
        label=_("In breve"), max_length=120, help_text=_("Per esempio: perde il rubinetto del bagno.")
    )
    urgency = forms.ChoiceField(
        label=_("Urgenza"), choices=Urgency.choices, initial=Urgency.NORMAL, widget=forms.RadioSelect
    )
    room = forms.ModelChoiceField(
        label=_("Stanza"), queryset=Room.objects.none(), required=False, empty_label=_("tutta la casa")
    )
    reported_by = _PersonField(
        label=_("L'ha chiesto chi ci abita"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("nessuno in particolare"),
    )
    description = forms.CharField(
        label=_("Altro che serve sapere"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Quando si può entrare, da quanto tempo, che cosa si è già provato."),
    )

    def __init__(self, *args: Any, actor: Actor, home: Dwelling, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.filter(dwelling=home, closed_on__isnull=True).order_by("pk")
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]  # a model choice
        self.fields["room"].label_from_instance = lambda room: (  # type: ignore[attr-defined]  # a model choice
            room.label or room.get_kind_display()
        )
        self.living = list(who_lives_in(actor, home, today))
        self.fields["reported_by"].queryset = who_lives_in(actor, home, today)  # type: ignore[attr-defined]  # a model choice
        if not self.living:
            del self.fields["reported_by"]

    def facts(self) -> TicketFacts:
        return TicketFacts(**{"reported_by": None, **self.cleaned_data})


class AssignForm(forms.Form):
    """Who puts it right: a colleague or a firm."""

    colleague = _ColleagueField(
        label=_("Un collega"), queryset=User.objects.none(), required=False, empty_label=_("nessuno")
    )
    firm = forms.CharField(label=_("oppure una ditta"), max_length=120, required=False)
    due_on = DayField(
        label=_("Entro il"), required=False, help_text=_("Vuoto: resta il giorno previsto dall'urgenza.")
    )

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = staff_with(actor.organisation_id, Permission.EDIT_UPKEEP, today)
        self.fields["colleague"].queryset = staff  # type: ignore[attr-defined]  # a model choice


class CostForm(forms.Form):
    """One cost and who pays it."""

    label = forms.CharField(label=_("Per che cosa"), max_length=120)
    cents = EurosField(label=_("Quanto"), help_text=_("In euro, con i centesimi dopo la virgola."))
    payer = forms.ChoiceField(label=_("Chi paga"), choices=Payer.choices)
    spent_on = DayField(label=_("Del"))


class NoteForm(forms.Form):
    """What happened, in a few words."""

    words = forms.CharField(label=_("Nota"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class _PersonsField(forms.ModelMultipleChoiceField[Person]):
    def label_from_instance(self, obj: Any) -> str:  # Any: as the library says
        return str(obj.display_name)


class _OfWhoLivesThere(forms.Form):
    """Some of those who live in a home, as far as the actor may know them."""

    def __init__(self, *args: Any, actor: Actor, home: Dwelling, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.living = list(who_lives_in(actor, home, today))
        if self.living:
            self.fields["persons"].queryset = who_lives_in(actor, home, today)  # type: ignore[attr-defined]  # a model choice
        else:
            del self.fields["persons"]

    def chosen(self) -> list[Person]:
        return list(self.cleaned_data.get("persons", ()))


class VisitForm(_OfWhoLivesThere):
    """A visit to be made."""

    visitor = _ColleagueField(label=_("Chi va"), queryset=User.objects.none(), empty_label=None)
    planned_on = DayField(label=_("Giorno"))
    planned_at_time = forms.TimeField(
        label=_("Ora"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    purpose = forms.CharField(label=_("Perché"), max_length=200, required=False)
    persons = _PersonsField(
        label=_("Chi riguarda"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nessuna voce: la visita riguarda la casa."),
    )

    def __init__(self, *args: Any, actor: Actor, home: Dwelling, today: date, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, home=home, today=today, **kwargs)
        staff = staff_with(actor.organisation_id, Permission.EDIT_VISITS, today)
        self.fields["visitor"].queryset = staff  # type: ignore[attr-defined]  # a model choice

    def plan(self) -> VisitPlan:
        kept = {name: value for name, value in self.cleaned_data.items() if name != "persons"}
        return VisitPlan(**kept, persons=self.chosen())


class MoveForm(forms.Form):
    """Another day for a visit, or another colleague."""

    visitor = _ColleagueField(label=_("Chi va"), queryset=User.objects.none(), empty_label=None)
    planned_on = DayField(label=_("Giorno"))
    planned_at_time = forms.TimeField(
        label=_("Ora"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = staff_with(actor.organisation_id, Permission.EDIT_VISITS, today)
        self.fields["visitor"].queryset = staff  # type: ignore[attr-defined]  # a model choice


class OutcomeForm(forms.Form):
    """How a visit went."""

    done_on = DayField(label=_("Fatta il"))
    outcomes = forms.MultipleChoiceField(
        label=_("Com'è andata"), choices=VisitOutcome.choices, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("Nota"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    next_on = DayField(
        label=_("La prossima visita"), required=False, help_text=_("Se serve tornare: il giorno.")
    )

    def found(self) -> Found:
        return Found(**self.cleaned_data)


class _StepForm(forms.Form):
    """What comes next."""

    next_step = forms.CharField(label=_("Prossimo passo"), max_length=200, required=False)
    next_step_on = DayField(label=_("Entro il"), required=False)

    def step(self) -> NextStep:
        return NextStep(self.cleaned_data["next_step"], self.cleaned_data["next_step_on"])


class MediationForm(_OfWhoLivesThere, _StepForm):
    """A conflict that somebody begins to settle."""

    field_order = ("topic", "persons", "text", "next_step", "next_step_on")
    topic = forms.ChoiceField(label=_("Di che cosa si tratta"), choices=[("", _("Scegli")), *Topic.choices])
    persons = _PersonsField(
        label=_("Tra chi"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=_("Che cosa succede"), max_length=6000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def conflict(self) -> Conflict:
        said = self.cleaned_data
        return Conflict(topic=said["topic"], text=said["text"], persons=self.chosen(), step=self.step())


class MediationNoteForm(_StepForm):
    """What was said, or what was agreed."""

    field_order = ("kind", "text", "next_step", "next_step_on")
    kind = forms.ChoiceField(
        label=_("Che cosa scrivi"),
        choices=[(one.value, one.label) for one in (NoteKind.NOTE, NoteKind.AGREEMENT)],
        widget=forms.RadioSelect,
        initial=NoteKind.NOTE,
    )
    text = forms.CharField(
        label=_("Testo"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Non si potrà cambiare: se serve, si aggiunge un'altra nota."),
    )


class MediationEndForm(forms.Form):
    """How a mediation ended."""

    end = forms.ChoiceField(label=_("Com'è finita"), choices=[("", _("Scegli")), *MediationEnd.choices])
    text = forms.CharField(label=_("In parole"), max_length=6000, widget=forms.Textarea(attrs={"rows": 3}))


class ColleagueForm(forms.Form):
    """A colleague to be named on a mediation."""

    colleague = _ColleagueField(
        label=_("Collega"), queryset=User.objects.none(), empty_label=_("Scegli un collega")
    )

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = staff_with(actor.organisation_id, Permission.EDIT_VISITS, today).exclude(pk=actor.signer)
        self.fields["colleague"].queryset = staff  # type: ignore[attr-defined]  # a model choice
