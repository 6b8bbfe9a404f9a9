"""What a person types about a person: few required fields, each with its why."""

from ali.people.forms.households import FindPersonForm, JoinForm, NeedsForm, RelationForm
from ali.people.forms.names import (
    CloseIdentifierForm,
    IdentifierForm,
    LanguageForm,
    NameForm,
    RemoveIdentifierForm,
)
from ali.people.forms.papers import (
    CaseForm,
    EndResidenceForm,
    MunicipalityForm,
    PermitForm,
    ResidenceForm,
)
from ali.people.forms.persons import PersonForm
from ali.people.forms.refusals import explain
from ali.people.forms.sight import OfficersForm, ReopenForm, ReserveForm

__all__ = [
    "CaseForm",
    "CloseIdentifierForm",
    "EndResidenceForm",
    "FindPersonForm",
    "IdentifierForm",
    "JoinForm",
    "LanguageForm",
    "MunicipalityForm",
    "NameForm",
    "NeedsForm",
    "OfficersForm",
    "PermitForm",
    "PersonForm",
    "RelationForm",
    "RemoveIdentifierForm",
    "ReopenForm",
    "ReserveForm",
    "ResidenceForm",
    "explain",
]
