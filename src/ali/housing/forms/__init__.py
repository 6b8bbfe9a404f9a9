"""What people type about homes."""

from ali.housing.forms.homes import (
    BedNameForm,
    BuildingForm,
    CommunicationForm,
    DwellingForm,
    EndForm,
    FirstStateForm,
    MoveInForm,
    StepForm,
    room_forms,
)
from ali.housing.forms.sheets import SHEET_FORMS, CertificateForm, cadastral_forms

__all__ = [
    "SHEET_FORMS",
    "BedNameForm",
    "BuildingForm",
    "CertificateForm",
    "CommunicationForm",
    "DwellingForm",
    "EndForm",
    "FirstStateForm",
    "MoveInForm",
    "StepForm",
    "cadastral_forms",
    "room_forms",
]
