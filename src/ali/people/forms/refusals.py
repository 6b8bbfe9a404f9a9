"""A service's refusal, shown beside the field that it speaks of."""

from django import forms

from ali.core.decisions import Refusal
from ali.people.details import UnclearData

# The service speaks of what is stored, the form of what is typed.
_TYPED_IN = {"birth_date": "birth"}


def explain(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put the sentence of `refusal` on its field; above the form when it has none."""
    field = refusal.field if isinstance(refusal, UnclearData) else ""
    field = _TYPED_IN.get(field, field)
    form.add_error(field if field in form.fields else None, str(refusal))
