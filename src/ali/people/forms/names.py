"""Other names, codes and languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.people.forms.fields import DayField, LanguageField
from ali.people.models import Person
from ali.people.permissions import may_edit_identifier
from ali.people.states import IdentifierKind, LanguageLevel, NameKind


class NameForm(forms.Form):
    """A name found on a document, another spelling, a name of before."""

    kind = forms.ChoiceField(label=_("Che nome è"), choices=NameKind.choices)
    surname = forms.CharField(label=_("Cognome"), required=False, max_length=120)
    given_names = forms.CharField(label=_("Nome"), required=False, max_length=120)


class IdentifierForm(forms.Form):
    """A code in time: the earlier one of its kind ends by itself."""

    kind = forms.ChoiceField(label=_("Che codice è"))
    value = forms.CharField(
        label=_("Codice"),
        max_length=60,
        help_text=_("Com'è scritto sul documento: spazi e minuscole non contano."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
    valid_from = DayField(
        label=_("Valido dal"), help_text=_("Se si sa. Quello di prima finisce il giorno prima.")
    )

    def __init__(self, *args: Any, actor: Actor, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (kind, label)
            for kind, label in IdentifierKind.choices
            if may_edit_identifier(actor, person, kind)
        ]


class CloseIdentifierForm(forms.Form):
    """Until when a code held."""

    valid_to = DayField(label=_("È stato valido fino al"), required=True)


class RemoveIdentifierForm(forms.Form):
    """A code of somebody else, written by mistake."""

    reason = forms.CharField(label=_("Perché si toglie"), max_length=300)


class LanguageForm(forms.Form):
    """How well the person speaks a language; choosing a known one changes its level."""

    language = LanguageField(label=_("Lingua"))
    level = forms.ChoiceField(
        label=_("Quanto la parla"),
        choices=LanguageLevel.choices,
        help_text=_("A1 capisce parole e frasi semplici, B1 se la cava al lavoro, C1 parla di tutto."),
    )
    certified_on = DayField(
        label=_("Certificato del"), help_text=_("Solo se c'è un attestato, come il test A2.")
    )
