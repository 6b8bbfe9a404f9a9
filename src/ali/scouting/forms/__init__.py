"""What people type about leads, owners and campaigns."""

from ali.scouting.forms.leads import HomeForm, InspectionForm, LeadForm, OfferForm, StepForm
from ali.scouting.forms.owners import (
    CampaignForm,
    ContactForm,
    EndForm,
    OwnerForm,
    OwnerSearchForm,
    OwnershipForm,
    RecipientsForm,
    SendForm,
    ZoneForm,
)

__all__ = [
    "CampaignForm",
    "ContactForm",
    "EndForm",
    "HomeForm",
    "InspectionForm",
    "LeadForm",
    "OfferForm",
    "OwnerForm",
    "OwnerSearchForm",
    "OwnershipForm",
    "RecipientsForm",
    "SendForm",
    "StepForm",
    "ZoneForm",
]
