from datetime import date
from typing import Any

from ali.accounts.actors import SYSTEM, Actor
from ali.organisations.models import Organisation
from ali.rents.ledger import Entry, post
from ali.rents.models import Account, Movement
from ali.rents.services import open_accounts
from ali.rents.states import MovementKind
from tests.factories.housing import DwellingFactory
from tests.factories.tenancies import TenancyFactory, TenancyPartyFactory


def make_account(landlord: Organisation | None = None, *, person: Any = None, **tenancy: Any) -> Account:
    """The account of somebody who lives in a bed since January 2026 for 240 + 30 + 45 euros a month, nothing written yet.

    `landlord` is the body that lets it; `tenancy` goes to the tenancy's factory.
    """
    homes: dict[str, Any] = {"manager": landlord} if landlord else {}
    lease = TenancyFactory(
        running=True, dwelling=tenancy.pop("dwelling", None) or DwellingFactory(**homes), **tenancy
    )
    own = {"person": person} if person else {}
    party = TenancyPartyFactory(tenancy=lease, **own)
    open_accounts([party.pk])
    return Account.objects.select_related("person", "party__tenancy", "dwelling").get(party=party)


def account_of(actor: Actor, **rest: Any) -> Account:
    """An account with the actor's own body."""
    return make_account(Organisation.objects.get(pk=actor.organisation_id), **rest)


def owes(
    account: Account, cents: int, *, month: date, today: date, kind: str = MovementKind.RENT, due_day: int = 5
) -> Movement:
    """A charge of `month`, due on its fifth day."""
    due_on = month.replace(day=due_day)
    entry = Entry(account.pk, kind, cents, month, month, due_on=due_on, cause="prova")
    return post([entry], actor=SYSTEM, today=today)[0]


def pays(account: Account, cents: int, *, on: date, today: date, **rest: Any) -> Movement:
    """A payment."""
    return post([Entry(account.pk, MovementKind.PAYMENT, -cents, on, on, **rest)], actor=SYSTEM, today=today)[
        0
    ]
