"""Owners, their shares, contacts with them, letters to them; the market zone of a home."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.inputs import DayField, MeasureField
from ali.housing.codes import WhyEmpty
from ali.housing.models import Dwelling
from ali.places.models import Municipality
from ali.scouting.models import Campaign, HomeZone, Lead, Owner, RentQuote, RentZone
from ali.scouting.services import ContactFacts, OwnerFacts
from ali.scouting.states import Channel, LeadState, Outcome, OwnerKind


class OwnerForm(forms.Form):
    """Who an owner is and how to reach them."""

    name = forms.CharField(label=_("Nome e cognome o denominazione"), max_length=200)
    kind = forms.ChoiceField(label=_("È"), choices=OwnerKind)
    phone = forms.CharField(label=_("Telefono"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = forms.CharField(
        label=_("Indirizzo"), max_length=200, required=False, help_text=_("Qui arrivano le lettere.")
    )
    tax_code = forms.RegexField(
        label=_("Codice fiscale o partita IVA"),
        regex=r"^([A-Za-z0-9]{16}|\d{11})$",
        required=False,
        error_messages={"invalid": _("Il codice fiscale ha 16 caratteri, la partita IVA 11 cifre.")},
    )
    iban = forms.RegexField(
        label=_("IBAN"),
        regex=r"^[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}$",
        required=False,
        error_messages={"invalid": _("L'IBAN comincia con due lettere e due cifre, senza spazi.")},
    )
    notes = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    not_to_contact = forms.BooleanField(
        label=_("Non vuole essere contattato"),
        required=False,
        help_text=_("Non riceve lettere e non compare tra chi richiamare."),
    )

    def __init__(self, *args: Any, owner: Owner | None = None, **kwargs: Any) -> None:
        if owner is not None:
            silent = bool(owner.not_to_contact_since)
            kwargs.setdefault("initial", {**model_to_dict(owner), "not_to_contact": silent})
        super().__init__(*args, **kwargs)
        if owner is None:
            del self.fields["not_to_contact"]

    def facts(self) -> OwnerFacts:
        """Return what was typed, for the service."""
        return OwnerFacts(**{k: v for k, v in self.cleaned_data.items() if k != "not_to_contact"})


class OwnerSearchForm(forms.Form):
    """Words of a name or of an address: they travel by POST."""

    words = forms.CharField(label=_("Nome, telefono o e-mail"), max_length=100, required=False)


class OwnershipForm(forms.Form):
    """Whose a home is, and for which share."""

    owner = forms.ModelChoiceField(
        label=_("Proprietario"),
        queryset=Owner.objects.none(),
        required=False,
        empty_label=_("uno nuovo, scritto qui sotto"),
    )
    name = forms.CharField(label=_("Nome di uno nuovo"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telefono"), max_length=40, required=False)
    share = MeasureField(
        label=_("Quota (%)"), max_digits=6, decimal_places=3, initial=Decimal(100), max_value=100
    )
    starts_on = DayField(label=_("Dal"))
    whole_building = forms.BooleanField(label=_("Di tutto l'edificio"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = Owner.objects.visible_to(actor).order_by("folded", "pk")
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # ModelChoiceField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("owner") and not data.get("name"):
            self.add_error("owner", _("Scegli il proprietario, o scrivi il nome di uno nuovo."))
        if data.get("share") is not None and data["share"] <= 0:
            self.add_error("share", _("La quota è più di zero."))
        return data


class EndForm(forms.Form):
    """Until when."""

    ends_on = DayField(label=_("Fino al"))


class ContactForm(forms.Form):
    """A call, a letter or a meeting, and what comes next."""

    channel = forms.ChoiceField(label=_("Come"), choices=Channel, initial=Channel.CALL)
    on = DayField(label=_("Giorno"))
    outcome = forms.ChoiceField(label=_("Com'è andata"), choices=Outcome, initial=Outcome.INTERESTED)
    lead = forms.ModelChoiceField(
        label=_("Per quale casa"), queryset=Lead.objects.none(), required=False, empty_label=_("nessuna")
    )
    notes = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    next_step = forms.CharField(label=_("Prossimo passo"), max_length=150, required=False)
    next_on = DayField(label=_("Entro il"), required=False)

    def __init__(self, *args: Any, owner: Owner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leads = Lead.objects.filter(owner=owner, kept_by=owner.kept_by_id).select_related("municipality")
        self.fields["lead"].queryset = leads.order_by("pk")  # type: ignore[attr-defined]  # ModelChoiceField

    def facts(self) -> ContactFacts:
        """Return what was typed, for the service."""
        return ContactFacts(**{name: value for name, value in self.cleaned_data.items() if name != "lead"})


class CampaignForm(forms.Form):
    """A letter with blanks."""

    title = forms.CharField(
        label=_("Nome della campagna"), max_length=120, help_text=_("Lo vede solo l'ente.")
    )
    subject = forms.CharField(label=_("Oggetto"), max_length=150)
    text = forms.CharField(
        label=_("Testo della lettera"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Si riempiono da soli: {nome}, {indirizzo}, {comune}, {ente}, {data}."),
    )

    def __init__(self, *args: Any, campaign: Campaign | None = None, **kwargs: Any) -> None:
        if campaign is not None:
            kwargs.setdefault("initial", model_to_dict(campaign))
        super().__init__(*args, **kwargs)


class RecipientsForm(forms.Form):
    """Which owners get the letter: those of the empty homes that pass the filters."""

    municipality = forms.ModelChoiceField(
        label=_("Comune"), queryset=Municipality.objects.none(), required=False, empty_label=_("tutti")
    )
    state = forms.ChoiceField(
        label=_("Stato"), choices=[("", _("aperte")), *LeadState.choices], required=False
    )
    why_empty = forms.ChoiceField(
        label=_("Perché è vuota"), choices=[("", _("ogni motivo")), *WhyEmpty.choices], required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = Lead.objects.visible_to(actor).order_by().values("municipality")
        found = Municipality.objects.filter(pk__in=towns).order_by("name", "pk")
        self.fields["municipality"].queryset = found  # type: ignore[attr-defined]  # ModelChoiceField

    def conditions(self) -> dict[str, Any]:
        """Return the conditions on the leads."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class SendForm(forms.Form):
    """The letters have left."""

    call_by = DayField(label=_("Richiamare entro il"), required=False)


class ZoneForm(forms.Form):
    """As what the market would let a home: zone, kind and state of the observatory."""

    quote = forms.ModelChoiceField(
        label=_("Zona, tipologia e stato"), queryset=RentQuote.objects.none(), empty_label=_("Scegli")
    )

    def __init__(self, *args: Any, home: Dwelling, chosen: HomeZone | None, **kwargs: Any) -> None:
        town = home.building.municipality_id
        half_years = RentZone.objects.filter(municipality=town).order_by("-half_year")
        latest = half_years.values_list("half_year", flat=True).first() or ""
        quotes = (
            RentQuote.objects.filter(zone__municipality=town, zone__half_year=latest)
            .select_related("zone")
            .order_by("zone__code", "kind", "condition")
        )
        if chosen is not None:
            same = quotes.filter(zone__code=chosen.code, kind=chosen.kind, condition=chosen.condition)
            kwargs.setdefault("initial", {"quote": same.first()})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["quote"]  # Any: ModelChoiceField
        field.queryset = quotes
        field.label_from_instance = lambda one: f"{one.zone} · {one.kind_name} · {one.condition.lower()}"
