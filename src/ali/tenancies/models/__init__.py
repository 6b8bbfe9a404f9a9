from ali.tenancies.models.deposits import DepositDeduction, DepositReturn
from ali.tenancies.models.duties import Duty
from ali.tenancies.models.entering import EntryHelp, EntryPlan
from ali.tenancies.models.handing import HandOver, InventoryItem, ItemCheck, Key, KeyLoan, MeterReading
from ali.tenancies.models.house_rules import HouseRules
from ali.tenancies.models.tenancies import Extension, Signature, Tenancy, TenancyParty, TenancyShare

__all__ = [
    "DepositDeduction",
    "DepositReturn",
    "Duty",
    "EntryHelp",
    "EntryPlan",
    "Extension",
    "HandOver",
    "HouseRules",
    "InventoryItem",
    "ItemCheck",
    "Key",
    "KeyLoan",
    "MeterReading",
    "Signature",
    "Tenancy",
    "TenancyParty",
    "TenancyShare",
]
