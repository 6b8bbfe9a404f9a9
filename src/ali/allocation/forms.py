"""What people type about rounds and proposals. No reason is ever pre-filled."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.allocation.eligibility import REASONS
from ali.places.models import Language

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WINDOWS = [("30", _("30 giorni")), ("60", _("60 giorni")), ("90", _("90 giorni"))]


class RoundForm(forms.Form):
    """Which territory and how many days."""

    province = forms.ChoiceField(label=_("Provincia"))
    window_days = forms.TypedChoiceField(
        label=_("Chi esce nei prossimi"), choices=WINDOWS, coerce=int, initial="90"
    )
    stay_close = forms.BooleanField(
        label=_("Spostare meno nuclei possibile rispetto al giro precedente"), required=False, initial=True
    )

    def __init__(self, *args: Any, provinces: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"] = forms.ChoiceField(label=_("Provincia"), choices=provinces)


class WhatIfForm(forms.Form):
    """A change to try on a round: nothing is written."""

    KINDS = [
        ("home_gone", _("questa casa non ci fosse più")),
        ("home_more", _("ci fosse un’altra casa come questa")),
        ("refuse", _("il nucleo rifiutasse questa casa")),
        ("household_gone", _("il nucleo trovasse casa da sé")),
    ]
    kind = forms.ChoiceField(label=_("Che cosa cambierebbe se"), choices=KINDS)
    dwelling = forms.ChoiceField(label=_("Casa"), required=False)
    household = forms.ChoiceField(label=_("Nucleo"), required=False)

    def __init__(
        self, *args: Any, homes: list[tuple[str, str]], households: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        nothing = [("", "—")]
        self.fields["dwelling"] = forms.ChoiceField(label=_("Casa"), choices=nothing + homes, required=False)
        self.fields["household"] = forms.ChoiceField(
            label=_("Nucleo"), choices=nothing + households, required=False
        )

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind of change needs."""
        given: dict[str, Any] = super().clean() or {}
        kind = given.get("kind")
        if kind in {"home_gone", "home_more", "refuse"} and not given.get("dwelling"):
            self.add_error("dwelling", _("Scegli la casa."))
        if kind in {"household_gone", "refuse"} and not given.get("household"):
            self.add_error("household", _("Scegli il nucleo."))
        return given


class PutForwardForm(forms.Form):
    """The prefecture's signature."""

    starts_on = forms.DateField(label=_("Dal giorno"), widget=DAY)
    reason = forms.CharField(
        label=_("Perché questo nucleo per questa casa"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=400,
        min_length=5,
    )
    conflict_note = forms.CharField(
        label=_("Come è stato valutato il conflitto di interessi"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, has_conflict: bool, first_day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = first_day
        if has_conflict:
            self.fields["conflict_note"].required = True
        else:
            del self.fields["conflict_note"]


class HomeYesForm(forms.Form):
    """The home's body takes the household."""

    visit_on = forms.DateTimeField(
        label=_("Visita della casa"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Meglio prima della risposta: il nucleo vede la casa e conosce chi ci vive."),
    )


class HouseholdYesForm(forms.Form):
    """The household's yes, on paper."""

    language = forms.ModelChoiceField(
        label=_("Lingua in cui è stata spiegata"), queryset=Language.objects.none()
    )
    with_mediator = forms.BooleanField(label=_("C'era un mediatore"), required=False)
    signed_paper = forms.BooleanField(label=_("Il foglio firmato dal nucleo è agli atti"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].queryset = Language.objects.filter(for_mediation=True).order_by("name")  # type: ignore[attr-defined]  # ModelChoiceField


class HouseholdNoForm(HouseholdYesForm):
    """The household's no: a reason helps, but is theirs to give."""

    prefix = "no"

    reason = forms.CharField(
        label=_("Che cosa hanno detto (facoltativo)"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["signed_paper"]


class CriteriaForm(forms.Form):
    """Weights of the lawful reasons, and the act that approved them."""

    title = forms.CharField(label=_("Titolo"), max_length=120)
    act_body = forms.CharField(label=_("Ente che li ha approvati"), max_length=120, required=False)
    act_number = forms.CharField(label=_("Numero dell'atto"), max_length=40, required=False)
    act_on = forms.DateField(label=_("Data dell'atto"), required=False, widget=DAY)
    window_days = forms.IntegerField(
        label=_("Prova su chi esce nei prossimi giorni"), min_value=1, max_value=365, initial=90
    )

    def __init__(self, *args: Any, weights: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for reason in REASONS:
            self.fields[f"weight_{reason.code}"] = forms.IntegerField(
                label=str(reason.title).capitalize(),
                help_text=str(reason.sentence).capitalize(),
                min_value=0,
                max_value=1000,
                initial=weights.get(reason.code, 0),
            )

    def weights(self) -> dict[str, int]:
        """Return the weights typed, by reason."""
        return {reason.code: self.cleaned_data[f"weight_{reason.code}"] for reason in REASONS}
