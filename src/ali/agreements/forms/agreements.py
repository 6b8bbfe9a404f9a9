"""What a housing manager types about an agreement with an owner."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.agreements.models import Agreement
from ali.agreements.queries import covered_dwellings
from ali.agreements.services import AgreementFacts, RegistrationFacts
from ali.agreements.services.running import NOTICES
from ali.agreements.states import OWNER_TYPES, ContractType, EndReason, TaxRegime
from ali.core.inputs import DayField, EurosField
from ali.housing.models import Building, Dwelling
from ali.housing.querysets import DwellingQuerySet
from ali.scouting.models import Owner

_TYPES = [(one.value, one.label) for one in OWNER_TYPES]
_OTHERS = [(one.value, one.label) for one in ContractType if one not in OWNER_TYPES]


class AgreementForm(forms.Form):
    """An agreement for the homes of one building."""

    contract_type = forms.ChoiceField(
        label=_("Tipo di contratto"), choices=[*_TYPES, (_("Altri tipi"), _OTHERS)]
    )
    owner = forms.ModelChoiceField(
        label=_("Proprietario che firma"),
        queryset=Owner.objects.none(),
        empty_label=_("Scegli il proprietario"),
    )
    co_owners = forms.ModelMultipleChoiceField(
        label=_("Altri proprietari che firmano"),
        queryset=Owner.objects.none(),
        required=False,
        help_text=_("Se la casa è di più persone: le quote si scrivono dopo, nella pagina dell'accordo."),
        widget=forms.SelectMultiple(attrs={"size": "4"}),
    )
    dwellings = forms.ModelMultipleChoiceField(
        label=_("Alloggi compresi"),
        queryset=Dwelling.objects.none(),
        required=False,
        help_text=_("Nessuno scelto: tutti i nostri alloggi di questo immobile."),
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = DayField(label=_("Decorre dal"))
    ends_on = DayField(
        label=_("Scade il"),
        required=False,
        help_text=_("Vuoto se non ha un termine, come un comodato precario."),
    )
    rent_cents = EurosField(label=_("Canone al mese (€)"), required=False, initial=0)
    condominium_cents = EurosField(label=_("Spese condominiali al mese (€)"), required=False, initial=0)
    deposit_cents = EurosField(label=_("Deposito al proprietario (€)"), required=False, initial=0)
    allows_sublet = forms.BooleanField(
        label=_("Il proprietario consente di dare la casa ad altri (sublocare o assegnare)"), required=False
    )
    tax_regime = forms.ChoiceField(label=_("Regime fiscale"), choices=TaxRegime)
    notes = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": "3"})
    )

    def __init__(
        self, *args: Any, actor: Actor, building: Building, agreement: Agreement | None = None, **kwargs: Any
    ) -> None:
        if agreement is not None:
            kwargs.setdefault("initial", _initial(agreement))
        super().__init__(*args, **kwargs)
        self.building = building
        home = homes_of(actor, building).order_by("pk").first()
        if home is not None:
            self.fields["contract_type"].widget.attrs |= {
                "hx-get": reverse("agreements:contract_terms", args=[home.public_id]),
                "hx-target": "#terms",
                "hx-swap": "innerHTML",
                "hx-trigger": "change",
            }
        owners = Owner.objects.visible_to(actor).order_by("folded", "pk")
        homes = homes_of(actor, building)
        for name, rows in (
            ("owner", owners),
            ("co_owners", owners),
            ("dwellings", homes.select_related("building").order_by("label", "pk")),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # ModelChoiceField

    def facts(self) -> AgreementFacts:
        """Return what was typed, for the service."""
        data = dict(self.cleaned_data)
        return AgreementFacts(
            building=self.building,
            dwellings=list(data.pop("dwellings")),
            co_owners=list(data.pop("co_owners")),
            **data,
        )


def homes_of(actor: Actor, building: Building) -> DwellingQuerySet:
    """Return the actor's own homes in a building."""
    found: DwellingQuerySet = Dwelling.objects.visible_to(actor)
    return found.filter(building=building, manager=actor.organisation_id)


def _initial(agreement: Agreement) -> dict[str, Any]:
    names = ["contract_type", "owner", "starts_on", "ends_on", "rent_cents", "condominium_cents"]
    names += ["deposit_cents", "allows_sublet", "tax_regime", "notes"]
    return {
        **{name: getattr(agreement, name) for name in names},
        "dwellings": list(agreement.dwellings.order_by("pk")),
        "co_owners": list(agreement.co_owners.order_by("pk")),
    }


class AmendmentForm(forms.Form):
    """The terms as they become; those left as they are do not change."""

    signed_on = DayField(label=_("Firmata il"))
    effective_on = DayField(label=_("Vale dal"))
    note = forms.CharField(
        label=_("Che cosa si è concordato"), max_length=400, widget=forms.Textarea(attrs={"rows": "2"})
    )
    ends_on = DayField(label=_("Scade il"), required=False)
    rent_cents = EurosField(label=_("Canone al mese (€)"), required=False)
    condominium_cents = EurosField(label=_("Spese condominiali al mese (€)"), required=False)
    deposit_cents = EurosField(label=_("Deposito al proprietario (€)"), required=False)
    allows_sublet = forms.BooleanField(
        label=_("Il proprietario consente di dare la casa ad altri"), required=False
    )

    def terms(self) -> dict[str, Any]:
        """Return the terms as they become."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"signed_on", "effective_on", "note"}
        }


class RegistrationForm(forms.Form):
    """How the contract is entered in the register."""

    registered_on = DayField(label=_("Registrato il"))
    registration_office = forms.CharField(
        label=_("Ufficio"), max_length=80, help_text=_("Per esempio: Direzione provinciale di Padova.")
    )
    registration_code = forms.CharField(
        label=_("Codice identificativo"),
        max_length=30,
        required=False,
        help_text=_("17 lettere e cifre, dalla ricevuta: serve per pagare con F24 e per le proroghe."),
    )
    registration_series = forms.CharField(label=_("Serie"), max_length=10, required=False)
    registration_number = forms.CharField(label=_("Numero"), max_length=20, required=False)

    def facts(self) -> RegistrationFacts:
        """Return what was typed, for the service."""
        return RegistrationFacts(**self.cleaned_data)


class ClockForm(forms.Form):
    """Something due that was done, with its receipt."""

    done_on = DayField(label=_("Fatto il"))
    reference = forms.CharField(
        label=_("Estremi della ricevuta"), max_length=120, required=False, help_text=_("Protocollo o numero.")
    )
    receipt = forms.FileField(
        label=_("Ricevuta"),
        required=False,
        help_text=_("PDF o foto, fino a 12 MB: resta tra i documenti dell'accordo."),
        widget=forms.FileInput(attrs={"accept": ".pdf,image/jpeg,image/png,image/webp"}),
    )


class NoticeForm(forms.Form):
    """A notice, from whom and until when."""

    reason = forms.ChoiceField(label=_("Di chi"), choices=[(one.value, one.label) for one in NOTICES])
    notice_on = DayField(label=_("Data il"))
    leaves_on = DayField(label=_("L'accordo finisce il"))


class EndForm(forms.Form):
    """The end of an agreement."""

    ended_on = DayField(label=_("Finito il"))
    reason = forms.ChoiceField(label=_("Perché"), choices=EndReason)
    note = forms.CharField(
        label=_("Nota"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": "2"})
    )


class DepositForm(forms.Form):
    """How much of the deposit came back."""

    back_cents = EurosField(label=_("Riavuto dal proprietario (€)"), required=False, initial=0)
    note = forms.CharField(
        label=_("Nota"),
        max_length=200,
        required=False,
        help_text=_("Se manca una parte: perché il proprietario la trattiene."),
    )


class HandBackForm(forms.Form):
    """A home given back to its owner."""

    given_on = DayField(label=_("Restituita il"))
    reason = forms.CharField(label=_("Motivo"), max_length=400)
    condition = forms.CharField(
        label=_("Come si lascia la casa"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_("Stato, lavori fatti, chiavi e contatori: il verbale si allega ai documenti."),
    )


class ShareForm(forms.Form):
    """The share of an owner."""

    owner = forms.ModelChoiceField(label=_("Proprietario"), queryset=Owner.objects.none())
    dwelling = forms.ModelChoiceField(
        label=_("Di che cosa"),
        queryset=Dwelling.objects.none(),
        required=False,
        empty_label=_("tutto l'immobile"),
    )
    share = forms.CharField(
        label=_("Quota"), max_length=20, help_text=_("Come nell'atto: 1/2, 1/3, 50%, 1 per l'intero.")
    )
    starts_on = DayField(label=_("Dal"))

    def __init__(self, *args: Any, actor: Actor, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = Owner.objects.visible_to(actor).order_by("folded", "pk")
        homes = Dwelling.objects.filter(pk__in=[one.pk for one in covered_dwellings(agreement)])
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # ModelChoiceField
        self.fields["dwelling"].queryset = homes.select_related("building").order_by("label", "pk")  # type: ignore[attr-defined]  # ModelChoiceField

    def clean_share(self) -> Decimal:
        return read_share(self.cleaned_data["share"])


def read_share(text: str) -> Decimal:
    """Return the share in «1/2», «33,3%» or «0,5». Raises `ValidationError`."""
    bare = text.replace(" ", "").replace(",", ".")
    try:
        if "/" in bare:
            above, below = (Decimal(part) for part in bare.split("/", maxsplit=1))
            share = above / below
        else:
            share = Decimal(bare.rstrip("%")) / (100 if bare.endswith("%") else 1)
    except ArithmeticError:
        raise ValidationError(_("Scrivi la quota come 1/2, 50% oppure 1.")) from None
    if not share.is_finite():
        raise ValidationError(_("Scrivi la quota come 1/2, 50% oppure 1."))
    return share.quantize(Decimal("0.00001"))
