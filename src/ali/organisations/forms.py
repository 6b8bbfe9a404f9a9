from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.accounts.roles import ROLE_CHOICES
from ali.organisations.models import Organisation, OrganisationKind
from ali.organisations.querysets import OrganisationQuerySet
from ali.places.models import Municipality, Province


class DirectoryFilter(forms.Form):
    """Which bodies to show: no names, so it stays in the address."""

    kind = forms.ChoiceField(
        label=_("Che cosa fa"), required=False, choices=[("", _("tutto")), *OrganisationKind.choices]
    )
    province = forms.ModelChoiceField(
        label=_("Provincia"),
        required=False,
        empty_label=_("tutte"),
        queryset=Province.objects.order_by("name", "pk"),
    )


class OrganisationForm(forms.ModelForm[Organisation]):
    """Name and contacts of a body."""

    class Meta:
        model = Organisation
        fields = ["name", "short_name", "fiscal_code", "ipa_code", "address", "phone", "email"]

    def _post_clean(self) -> None:
        """Leave the instance alone: the service writes it."""


class RoleForm(forms.Form):
    """What a body does, where, from when."""

    kind = forms.ChoiceField(
        label=_("Che cosa fa"),
        choices=[one for one in OrganisationKind.choices if one[0] != OrganisationKind.PREFECTURE],
    )
    province = forms.ModelChoiceField(label=_("Provincia"), queryset=Province.objects.none())
    municipality = forms.ModelChoiceField(
        label=_("Comune, se vale solo lì"), required=False, queryset=Municipality.objects.none()
    )
    starts_on = forms.DateField(
        label=_("Dal"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, provinces: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Province.objects.filter(pk__in=provinces).order_by("name", "pk")
        towns = Municipality.objects.filter(province__in=provinces, is_current=True).order_by("folded", "pk")
        self.fields["province"].queryset = mine  # type: ignore[attr-defined]  # a model choice field
        self.fields["municipality"].queryset = towns  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        town, province = given.get("municipality"), given.get("province")
        if town and province and town.province_id != province.pk:
            self.add_error("municipality", _("Questo Comune è in un'altra provincia."))
        return given


class NewUserForm(forms.Form):
    """Who, and in which role."""

    full_name = forms.CharField(label=_("Nome e cognome"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail di lavoro"), help_text=_("Serve per entrare: non parte nessun messaggio.")
    )
    organisation = forms.ModelChoiceField(label=_("Organizzazione"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Ruolo"), choices=ROLE_CHOICES)

    def __init__(self, *args: Any, organisations: OrganisationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]  # a model choice field


class MembershipForm(forms.Form):
    """One more role for somebody."""

    organisation = forms.ModelChoiceField(label=_("Organizzazione"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Ruolo"), choices=ROLE_CHOICES)
    starts_on = forms.DateField(
        label=_("Dal"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Fino al"),
        required=False,
        help_text=_("Ultimo giorno, se è già noto."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, organisations: OrganisationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]  # a model choice field

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("starts_on"), given.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("La fine viene prima dell'inizio."))
        return given
