"""What happens to leads, owners and campaigns."""

from ali.scouting.services.campaigns import (
    NotALetter,
    add_campaign,
    change_campaign,
    choose_recipients,
    close_campaign,
    letter_for,
    send_campaign,
)
from ali.scouting.services.leads import (
    HomeFacts,
    ImpossibleLead,
    LeadFacts,
    add_lead,
    change_lead,
    convert_lead,
    record_inspection,
    take_offer,
    take_step,
)
from ali.scouting.services.market import choose_zone
from ali.scouting.services.owners import (
    ContactFacts,
    ImpossibleOwner,
    OwnerFacts,
    add_owner,
    add_ownership,
    change_owner,
    end_ownership,
    find_or_add_owner,
    record_contact,
)

__all__ = [
    "ContactFacts",
    "HomeFacts",
    "ImpossibleLead",
    "ImpossibleOwner",
    "LeadFacts",
    "NotALetter",
    "OwnerFacts",
    "add_campaign",
    "add_lead",
    "add_owner",
    "add_ownership",
    "change_campaign",
    "change_lead",
    "change_owner",
    "choose_recipients",
    "choose_zone",
    "close_campaign",
    "convert_lead",
    "end_ownership",
    "find_or_add_owner",
    "letter_for",
    "record_contact",
    "record_inspection",
    "send_campaign",
    "take_offer",
    "take_step",
]
