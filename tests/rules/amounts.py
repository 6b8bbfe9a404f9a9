"""Canaries of money: an odd income, saving and debt for everybody, and an odd rent owed to one body."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from ali.accounts.roles import ROLES, Permission
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.rents.models import Account
from ali.tenancies.models import TenancyParty
from ali.work.models import Job, JobKind, Means
from tests.factories.housing import DwellingFactory
from tests.factories.rents import owes
from tests.factories.tenancies import TenancyFactory

CANARY_CENTS = 91_357
# 913,57 · 913.57 · 91357 · 913 57, and the whole euros before and after rounding, as an amount and never inside a longer number.
CANARY = re.compile(
    r"(?<![\d.,-])(?:913[.,\s]?57|91[.,]357|(?:€|EUR|euro)\s*91[34]\b|91[34]\s*(?:€|EUR|euro))(?!\d)"
)
BLIND = [code for code, role in ROLES.items() if not role.may(Permission.SEE_MONEY)]
RENT_CENTS = 77_731
RENT = re.compile(r"(?<![\d.,-])777[.,]?31(?!\d)")
NO_RENTS = [code for code, role in ROLES.items() if not role.may(Permission.SEE_RENTS)]


def give_canary(sender: Any, instance: Person, created: bool, **rest: Any) -> None:
    if not created:
        return
    Job.objects.create(
        person=instance, kind=JobKind.PERMANENT, net_monthly_cents=CANARY_CENTS, starts_on=date(2024, 1, 1)
    )
    Means.objects.create(
        person=instance,
        savings_cents=CANARY_CENTS,
        debts_monthly_cents=CANARY_CENTS,
        remittances_monthly_cents=CANARY_CENTS,
        stated_on=date(2025, 1, 1),
    )


def owe_the_canary(body: Organisation) -> Callable[..., None]:
    """Let each person created from here on live in a home of `body` and owe it the canary, overdue."""
    home = DwellingFactory(manager=body, beds=0)

    def owe(sender: Any, instance: Person, created: bool, **rest: Any) -> None:
        if not created:
            return
        lease = TenancyFactory(running=True, dwelling=home)
        party = TenancyParty.objects.create(
            tenancy=lease, person=instance, share_cents=RENT_CENTS, starts_on=date(2025, 1, 1)
        )
        account = Account.objects.create(party=party, landlord=body, dwelling=home, person=instance)
        owes(account, RENT_CENTS, month=date(2025, 1, 1), today=date(2025, 3, 1))

    return owe
