"""The person as an office writes them down."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.core.inputs import DayField
from ali.people.details import PersonDetails, UnclearData
from ali.people.forms.fields import BirthField, birth_as_typed
from ali.people.forms.refusals import explain
from ali.people.models import Person
from ali.people.states import Education, Precision, Relation, Sex
from ali.places.models import State

_UNKNOWN = [("", _("non indicato"))]
_AS_STORED = (
    "surname",
    "given_names",
    "sex",
    "birth_place",
    "arrived_on",
    "phone",
    "education",
    "is_pregnant",
    "is_vulnerable",
)


class PersonForm(forms.Form):
    """Anything may be missing except every name. `today` bounds the birth; `stored` is the file being changed."""

    surname = forms.CharField(label=_("Cognome"), required=False, max_length=120)
    given_names = forms.CharField(label=_("Nome"), required=False, max_length=120)
    birth = BirthField(
        label=_("Data di nascita"),
        required=False,
        max_length=30,
        help_text=_(
            "Come 07/05/1998, oppure solo l'anno. Serve a riconoscere la persona e a sapere se è minore."
        ),
    )
    birth_is_estimated = forms.BooleanField(
        label=_("La data è presunta"),
        required=False,
        help_text=_("Attribuita da un ufficio o non sicura: spesso è il 1° gennaio."),
    )
    sex = forms.ChoiceField(
        label=_("Sesso"),
        required=False,
        choices=[*_UNKNOWN, *Sex.choices],
        help_text=_(
            "Quello che la persona usa: può essere diverso dai documenti. Serve per le camere condivise."
        ),
    )
    phone = forms.CharField(
        label=_("Telefono"),
        required=False,
        max_length=40,
        help_text=_("Per avvisarla di un appuntamento o di una casa."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    birth_place = forms.CharField(label=_("Luogo di nascita"), required=False, max_length=120)
    arrived_on = DayField(
        label=_("Arrivo in Italia"),
        required=False,
        help_text=_("Nessuno entra in un centro prima di quel giorno."),
    )
    education = forms.ChoiceField(
        label=_("Istruzione"), required=False, help_text=_("Serve a orientare corsi e lavoro.")
    )
    is_pregnant = forms.BooleanField(
        label=_("Gravidanza"),
        required=False,
        help_text=_("Il Comune competente va avvisato prima dell'uscita."),
    )
    is_vulnerable = forms.BooleanField(
        label=_("Vulnerabilità segnalata"),
        required=False,
        help_text=_("Solo che c'è, mai quale: il Comune competente va avvisato prima dell'uscita."),
    )
    relation = forms.ChoiceField(
        label=_("Che cosa è per il nucleo"),
        choices=[one for one in Relation.choices if one[0] != Relation.HEAD],
    )
    keep_previous_name = forms.BooleanField(
        label=_("Se cambi il nome, tieni quello di prima fra gli altri nomi"),
        required=False,
        initial=True,
        help_text=_("Così chi cerca la persona con il nome di prima la trova ancora."),
    )

    def __init__(
        self,
        data: Any = None,  # Any: as Django's own
        *,
        today: date,
        stored: Person | None = None,
        citizenships: Collection[State] = (),
        in_household: bool = False,
    ) -> None:
        super().__init__(data, initial=_as_typed(stored, citizenships) if stored else {})
        self.today = today
        self.citizenship_names = self._add_citizenships(len(citizenships))
        known = stored.education if stored else ""
        self.fields["education"].choices = _educations(known)  # type: ignore[attr-defined]  # a ChoiceField
        if stored is None:
            del self.fields["keep_previous_name"]
        if not in_household:
            del self.fields["relation"]

    def _add_citizenships(self, known: int) -> list[str]:
        """One select for each known citizenship and one more, at least two."""
        names = [f"citizenship_{number}" for number in range(1, max(2, known + 1) + 1)]
        every_state = list(State.objects.order_by("folded", "pk"))
        for name in names:
            first = name == names[0]
            self.fields[name] = _StateField(
                label=_("Cittadinanza") if first else _("Altra cittadinanza"),
                states=every_state,
                help_text=_("«Apolide» se non ne ha. Con la nascita serve a non aprire due schede.")
                if first
                else "",
            )
        return names

    @property
    def citizenships(self) -> list[forms.BoundField]:
        """The selects of the citizenships, as the page draws them."""
        return [self[name] for name in self.citizenship_names]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                self.details().check(self.today)
            except UnclearData as refusal:
                explain(self, refusal)
        return cleaned

    def details(self) -> PersonDetails:
        """Return what was typed as the services take it."""
        born, precision = self.cleaned_data["birth"] or (None, Precision.DAY)
        if born and self.cleaned_data["birth_is_estimated"]:
            precision = Precision.ESTIMATED
        return PersonDetails(
            birth_date=born,
            birth_precision=precision,
            **{name: self.cleaned_data[name] for name in _AS_STORED},
        )

    def states(self) -> list[State]:
        """Return the citizenships chosen, each once."""
        chosen = [self.cleaned_data[name] for name in self.citizenship_names]
        return list({one.pk: one for one in chosen if one}.values())


class _StateField(forms.ChoiceField):
    """A state, from a list read once for every select of the page."""

    def __init__(self, *, states: list[State], **named: Any) -> None:
        self.by_code = {one.pk: one for one in states}
        choices = [("", _("non indicata")), *((one.pk, one.shown_name) for one in states)]
        super().__init__(required=False, choices=choices, **named)

    def clean(self, value: Any) -> Any:  # Any: as Django's own
        return self.by_code.get(super().clean(value))


def _as_typed(person: Person, citizenships: Collection[State]) -> dict[str, Any]:
    typed: dict[str, Any] = {name: getattr(person, name) for name in _AS_STORED}
    typed["birth"] = birth_as_typed(person.birth_date, person.birth_precision)
    typed["birth_is_estimated"] = person.birth_precision == Precision.ESTIMATED
    return typed | {f"citizenship_{number}": one.pk for number, one in enumerate(citizenships, start=1)}


def _educations(known: str) -> list[Any]:  # Any: choices
    """A word that came with an import stays a choice."""
    own = [(known, known)] if known and known not in Education.values else []
    return [*_UNKNOWN, *Education.choices, *own]
