"""Who lives with whom, and what their home must have."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.people.states import Relation


class NeedsForm(forms.Form):
    """Practical needs: never diagnoses, never stories."""

    wants_territory = forms.CharField(
        label=_("Dove vorrebbe vivere"),
        required=False,
        max_length=200,
        help_text=_("Con parole sue: il lavoro, la scuola, i parenti vicini."),
    )
    needs_step_free = forms.BooleanField(
        label=_("Serve un alloggio senza scale"),
        required=False,
        help_text=_("Le case con scale non vengono proposte."),
    )
    notes = forms.CharField(
        label=_("Altre esigenze per la casa"),
        required=False,
        max_length=1000,
        help_text=_("Solo pratiche, come «posto per la carrozzina»: mai diagnosi o storie."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RelationForm(forms.Form):
    """What somebody is for the household."""

    relation = forms.ChoiceField(label=_("Relazione"), choices=Relation.choices)


class JoinForm(forms.Form):
    """What somebody becomes in the household that they enter: it keeps its reference person."""

    relation = forms.ChoiceField(
        label=_("Che cosa è per quel nucleo"),
        choices=[one for one in Relation.choices if one[0] != Relation.HEAD],
    )


class FindPersonForm(forms.Form):
    """With whom: among the people whom one follows."""

    words = forms.CharField(
        label=_("Nome o codice della persona"),
        max_length=120,
        help_text=_("Fra quelle che segui. Basta una parte del nome, in qualunque ordine."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
