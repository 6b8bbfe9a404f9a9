"""What people type about rents."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.core.inputs import DayField, EurosField
from ali.core.money import show_euros
from ali.housing.models import Dwelling
from ali.rents.models import Account, Arrears, Movement
from ali.rents.states import (
    ARREARS_TRANSITIONS,
    STEP_LABELS,
    WRITTEN_ELSEWHERE,
    ArrearsState,
    Cause,
    MovementKind,
)

_K = MovementKind


class MonthField(forms.DateField):
    """A month; cleaned to its first day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "month"}, format="%Y-%m"))
        super().__init__(input_formats=["%Y-%m", "%m/%Y", "%Y-%m-%d"], **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day.replace(day=1) if isinstance(day, date) else day


class ChargeForm(forms.Form):
    """Utilities as measured, a condominium adjustment: something owed beside the monthly run."""

    kind = forms.ChoiceField(
        label=_("Tipo"),
        choices=[(kind.value, kind.label) for kind in (_K.ADJUSTMENT, _K.UTILITIES, _K.CONDOMINIUM, _K.RENT)],
    )
    cents = EurosField(label=_("Importo (€)"))
    in_favour = forms.BooleanField(
        label=_("A favore della persona"),
        required=False,
        help_text=_("Solo per un conguaglio: si restituisce."),
    )
    period = MonthField(label=_("Mese a cui si riferisce"))
    due_on = DayField(label=_("Da pagare entro"))
    cause = forms.CharField(
        label=_("Causale"),
        max_length=200,
        help_text=_("Come la leggerà la persona, per esempio «gas gennaio-marzo»."),
    )


class BillForm(forms.Form):
    """A bill of a whole home, to be divided among who lived there."""

    home = forms.ChoiceField(label=_("Casa"))
    kind = forms.ChoiceField(
        label=_("Tipo"),
        choices=[(kind.value, kind.label) for kind in (_K.UTILITIES, _K.CONDOMINIUM, _K.ADJUSTMENT)],
    )
    cents = EurosField(label=_("Importo della bolletta (€)"))
    first = DayField(label=_("Periodo dal"))
    last = DayField(label=_("Periodo al"))
    due_on = DayField(label=_("Da pagare entro"))
    cause = forms.CharField(
        label=_("Causale"), max_length=150, help_text=_("Per esempio «gas», «acqua», «riscaldamento».")
    )

    def __init__(self, *args: Any, homes: Sequence[Dwelling], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homes = {str(one.public_id): one for one in homes}
        choices = [("", _("scegli")), *((key, str(one)) for key, one in self.homes.items())]
        self.fields["home"].choices = choices  # type: ignore[attr-defined]  # ChoiceField

    def facts(self) -> dict[str, Any]:
        """Return what was typed, for the service."""
        typed = dict(self.cleaned_data)
        typed["dwelling"] = self.homes[typed.pop("home")]
        return typed


class PaymentForm(forms.Form):
    """A payment by hand: cash with a receipt, a transfer seen on another account, the guarantee fund."""

    cents = EurosField(label=_("Importo (€)"))
    booked_on = DayField(label=_("Ricevuto il"))
    kind = forms.ChoiceField(
        label=_("Da chi"),
        choices=[(_K.PAYMENT.value, _("dalla persona")), (_K.FUND.value, _("dal fondo di garanzia"))],
    )
    pays_first = forms.MultipleChoiceField(
        label=_("Per che cosa"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Se la persona lo dice. Altrimenti paga prima quello che è scaduto da più tempo."),
    )
    cause = forms.CharField(label=_("Causale o ricevuta"), max_length=200, required=False)

    def __init__(self, *args: Any, charges: Sequence[Movement] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.public_id), _charge_label(one)) for one in charges]
        self.fields["pays_first"].choices = choices  # type: ignore[attr-defined]  # MultipleChoiceField
        if not choices:
            del self.fields["pays_first"]


def _charge_label(charge: Movement) -> str:
    return f"{charge.get_kind_display()} {charge.period:%m/%Y}: {show_euros(charge.left)}"


class DepositForm(forms.Form):
    """What happens to a deposit."""

    IN, KEPT_FOR_RENT, KEPT, BACK = "in", "kept_for_rent", "kept", "back"
    what = forms.ChoiceField(
        label=_("Che cosa"),
        choices=[
            (IN, _("ricevuto")),
            (KEPT_FOR_RENT, _("trattenuto per canoni non pagati")),
            (KEPT, _("trattenuto per danni o altro")),
            (BACK, _("restituito")),
        ],
    )
    cents = EurosField(label=_("Importo (€)"))
    booked_on = DayField(label=_("Il"))
    cause = forms.CharField(
        label=_("Causale o motivo"),
        max_length=200,
        required=False,
        help_text=_("Se si trattiene, serve il motivo."),
    )


class WriteOffForm(forms.Form):
    """What the body gives up."""

    cents = EurosField(label=_("Importo (€)"))
    reason = forms.CharField(label=_("Perché si rinuncia"), max_length=200)


class ReverseForm(forms.Form):
    """Why a movement is reversed."""

    reason = forms.CharField(
        label=_("Che cosa era sbagliato"),
        max_length=300,
        help_text=_("Resta scritto nel conto, accanto alla rettifica."),
    )


class StepForm(forms.Form):
    """A step of the ladder, with the day and what came of it."""

    verb = forms.ChoiceField(label=_("Passo"))
    done_on = DayField(label=_("Fatto il"))
    outcome = forms.CharField(
        label=_("Esito"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Che cosa ha detto la persona, che cosa si è deciso. Niente diagnosi."),
    )

    def __init__(self, *args: Any, arrears: Arrears, verbs: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [(verb, STEP_LABELS[verb]) for verb in verbs]  # type: ignore[attr-defined]  # ChoiceField


def steps_from(state: str) -> list[str]:
    """Return the steps that a person may choose from this state, in the order of the ladder."""
    return [
        verb
        for verb in STEP_LABELS
        if verb not in WRITTEN_ELSEWHERE and ARREARS_TRANSITIONS.can(verb, ArrearsState(state))
    ]


class CauseForm(forms.Form):
    """Why somebody cannot pay through no fault of their own."""

    cause = forms.ChoiceField(
        label=_("Causa"), required=False, choices=[("", _("nessuna causa incolpevole")), *Cause.choices]
    )
    reason = forms.CharField(
        label=_("Che cosa è successo e da quando"),
        max_length=300,
        required=False,
        help_text=_("Niente diagnosi."),
    )


class PlanForm(forms.Form):
    """A repayment plan."""

    number = forms.IntegerField(label=_("Numero di rate mensili"), min_value=1, max_value=60)
    first_due_on = DayField(label=_("Prima rata entro il"))
    outcome = forms.CharField(label=_("Come è stato concordato"), max_length=400, required=False)


PARTS = 4


class PartsForm(forms.Form):
    """Whose payment a bank movement is: one account, or up to four that sum to it."""

    def __init__(self, *args: Any, accounts: Sequence[Account], cents: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = {str(one.public_id): one for one in accounts}
        choices = [("", _("scegli")), *((key, _account_label(one)) for key, one in self.accounts.items())]
        for number in range(1, PARTS + 1):
            self.fields[f"account_{number}"] = forms.ChoiceField(
                label=_("Di chi è") if number == 1 else _("e di"), choices=choices, required=number == 1
            )
            self.fields[f"cents_{number}"] = EurosField(
                label=_("Importo (€)"), required=False, initial=cents if number == 1 else None
            )

    @property
    def rows(self) -> list[dict[str, Any]]:  # Any: bound fields
        """The pairs of fields, as the page draws them."""
        return [
            {"account": self[f"account_{number}"], "cents": self[f"cents_{number}"]}
            for number in range(1, PARTS + 1)
        ]

    def parts(self) -> list[tuple[Account, int]]:
        """Return who pays how much, as typed."""
        cleaned = self.cleaned_data
        return [
            (self.accounts[cleaned[f"account_{number}"]], int(cleaned[f"cents_{number}"] or 0))
            for number in range(1, PARTS + 1)
            if cleaned.get(f"account_{number}")
        ]


def _account_label(account: Account) -> str:
    owed = show_euros(account.balance_cents) if account.balance_cents > 0 else ""
    return f"{account.person.display_name} · {account.dwelling}" + (f" · {owed}" if owed else "")
