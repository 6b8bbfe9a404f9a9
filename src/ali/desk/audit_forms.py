"""Filters of the log: a day, what was done, by whom. No names in the address."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.audit.verbs import VERBS, in_words

KINDS = [("", _("tutto")), ("read", _("solo letture")), ("change", _("solo modifiche"))]


class LogFilter(forms.Form):
    """Day, kind, verb, user."""

    day = forms.DateField(
        label=_("Giorno"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(label=_("Letture o modifiche"), required=False, choices=KINDS)
    verb = forms.ChoiceField(label=_("Che cosa"), required=False)
    user = forms.ModelChoiceField(
        label=_("Chi"),
        required=False,
        queryset=User.objects.none(),
        to_field_name="public_id",
        empty_label=_("tutti"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = sorted(((verb, in_words(verb)) for verb in VERBS), key=lambda choice: choice[1])
        self.fields["verb"].choices = [("", _("tutto")), *words]  # type: ignore[attr-defined]  # a choice field
        colleagues = User.objects.filter(memberships__organisation=actor.organisation_id).distinct()
        self.fields["user"].queryset = colleagues.order_by("full_name", "pk")  # type: ignore[attr-defined]

    def conditions(self) -> dict[str, Any]:
        """Return what the events must be; a wrong value asks nothing."""
        given = self.cleaned_data if self.is_valid() else {}
        conditions: dict[str, Any] = {}
        if given.get("day"):
            midnight = datetime.combine(given["day"], time.min)
            conditions["at__gte"] = timezone.make_aware(midnight)
            conditions["at__lt"] = timezone.make_aware(midnight + timedelta(days=1))
        if given.get("verb"):
            conditions["verb"] = given["verb"]
        if given.get("user"):
            conditions["user_id"] = given["user"].pk
        if given.get("kind"):
            conditions["is_read"] = given["kind"] == "read"
        return conditions
