"""What is typed about a committee: its criteria, its members, a session, a vote with its reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.accounts.models import User
from ali.allocation.committee_queries import people_who_may_sit
from ali.allocation.models import AgendaItem, HousingCommittee
from ali.allocation.services import CommitteeFacts
from ali.allocation.states import Position, VoteKind
from ali.core import clock
from ali.core.inputs import DayField
from ali.housing.models import Dwelling


class CommitteeForm(forms.Form):
    """A committee and the criteria it follows."""

    name = forms.CharField(label=_("Nome"), max_length=120)
    criteria = forms.CharField(
        label=_("Criteri di assegnazione"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Come si sceglie: bisogno, sostenibilità, compatibilità, vicinanza al lavoro e alla scuola."
        ),
    )
    act_number = forms.CharField(label=_("Atto n."), max_length=40, required=False)
    act_on = DayField(label=_("Del"), required=False)

    def facts(self) -> CommitteeFacts:
        return CommitteeFacts(**self.cleaned_data)


class _UserField(forms.ModelChoiceField[User]):
    def label_from_instance(self, obj: Any) -> str:  # Any: as the library says
        return str(obj.full_name)


class MemberForm(forms.Form):
    """A seat."""

    user = _UserField(label=_("Chi"), queryset=User.objects.none(), empty_label=_("Scegli una persona"))
    position = forms.ChoiceField(label=_("Come"), choices=Position.choices, initial=Position.MEMBER)
    starts_on = DayField(label=_("Dal"), initial=clock.today)

    def __init__(self, *args: Any, committee: HousingCommittee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_sit = people_who_may_sit(committee, clock.today())
        self.fields["user"].queryset = may_sit  # type: ignore[attr-defined]  # a model choice


class SessionForm(forms.Form):
    """When and where."""

    held_on = DayField(label=_("Giorno"))
    place = forms.CharField(label=_("Dove"), max_length=120, required=False)


class AgendaForm(forms.Form):
    """A home to put on the agenda."""

    home = forms.ModelChoiceField(
        label=_("Casa"),
        queryset=Dwelling.objects.none(),
        to_field_name="public_id",
        empty_label=_("Scegli la casa"),
    )

    def __init__(self, *args: Any, committee: HousingCommittee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"].queryset = (  # type: ignore[attr-defined]  # a model choice
            Dwelling.objects.matchable()
            .filter(manager=committee.body_id)
            .select_related("building")
            .order_by("building__address", "label", "pk")
        )


class VoteForm(forms.Form):
    """One member's decision on one home: whom, and why. The reason is never pre-filled."""

    choice = forms.ChoiceField(label=_("Il mio voto"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Perché"), max_length=400, widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [
            (str(one.public_id), _("nucleo %(label)s") % {"label": one.label})
            for one in item.candidates.order_by("pk")
        ]
        others = [
            (VoteKind.NOBODY.value, VoteKind.NOBODY.label),
            (VoteKind.ABSTAINED.value, VoteKind.ABSTAINED.label),
        ]
        self.fields["choice"] = forms.ChoiceField(
            label=_("Il mio voto"), choices=[*labels, *others], widget=forms.RadioSelect
        )
        self.prefix = f"voto-{item.public_id}"

    @property
    def kind(self) -> str:
        """For a household, for nobody, or an abstention."""
        choice = self.cleaned_data["choice"]
        return choice if choice in VoteKind.values else VoteKind.CANDIDATE.value

    @property
    def candidate(self) -> Any:  # Any: a public id, or None
        return self.cleaned_data["choice"] if self.kind == VoteKind.CANDIDATE else None
