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
from ali.upkeep.services import TicketFacts
from ali.upkeep.states import Category, Payer, Urgency


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
