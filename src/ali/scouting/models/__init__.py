"""Owners and what they own; the census of empty homes; contacts and campaigns; rents by zone."""

from ali.scouting.models.contacts import Campaign, OwnerContact, Recipient
from ali.scouting.models.leads import Inspection, Lead
from ali.scouting.models.market import HomeZone, RentQuote, RentZone
from ali.scouting.models.owners import Owner, Ownership

__all__ = [
    "Campaign",
    "HomeZone",
    "Inspection",
    "Lead",
    "Owner",
    "OwnerContact",
    "Ownership",
    "Recipient",
    "RentQuote",
    "RentZone",
]
