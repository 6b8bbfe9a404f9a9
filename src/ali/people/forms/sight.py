"""The reserved mark, and who may still see the person."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ali.accounts.models import User


def _why() -> forms.CharField:
    return forms.CharField(
        label=_("Perché"),
        min_length=5,
        max_length=300,
        help_text=_("Con parole tue e senza raccontare la storia della persona: resta nella cronologia."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class _OfficerField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    def label_from_instance(self, obj: User) -> str:
        return obj.full_name


class OfficersForm(forms.Form):
    """The officers who may see a reserved person."""

    officers = _OfficerField(
        label=_("Funzionari che possono vederla"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Solo chi lavora nella prefettura che accoglie la persona. Nessuno, se non spunti nessuno."
        ),
    )

    def __init__(self, *args: Any, choices: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].queryset = choices  # type: ignore[attr-defined]  # a ModelMultipleChoiceField


class ReserveForm(OfficersForm):
    """Hide the person from everybody else."""

    reason = _why()
    field_order = ["reason", "officers"]


class ReopenForm(forms.Form):
    """Take the mark off."""

    reason = _why()
