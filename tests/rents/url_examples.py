"""How the sweeps ask for the addresses of rents."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from ali.accounts.actors import Actor
from ali.core import clock
from ali.rents.models import Account, Arrears, BankMovement, Instalment, Plan
from tests.factories.rents import account_of, owes
from tests.rules.url_examples import Example


def _in_debt(actor: Actor) -> Account:
    """An account with a charge that fell due seventy days ago."""
    today = clock.today()
    account = account_of(actor)
    month = (today - timedelta(days=70)).replace(day=1)
    owes(account, 31_500, month=month, today=today)
    return account


def _account(actor: Actor) -> dict[str, Any]:
    return {"public_id": _in_debt(actor).public_id}


def _arrears(actor: Actor) -> dict[str, Any]:
    return {"public_id": Arrears.objects.get(account=_in_debt(actor)).public_id}


def _movement(actor: Actor) -> dict[str, Any]:
    return {"public_id": _in_debt(actor).movements.get().public_id}


def _plan(actor: Actor) -> dict[str, Any]:
    account = _in_debt(actor)
    plan = Plan.objects.create(account=account, agreed_on=clock.today(), total_cents=31_500)
    Instalment.objects.create(plan=plan, number=1, due_on=clock.today(), cents=31_500)
    plan.charges.set(account.movements.all())
    return {"public_id": plan.public_id}


def _bank(actor: Actor) -> dict[str, Any]:
    movement = BankMovement.objects.create(
        landlord_id=actor.organisation_id,
        digest="0" * 64,
        booked_on=date(2026, 1, 2),
        cents=31_500,
        payer_name="Awa Diallo",
        proposed=_in_debt(actor),
        score=80,
        reasons=["chi paga ha lo stesso nome", "sure"],
    )
    return {"public_id": movement.public_id}


def _chosen(arguments: Mapping[str, Any]) -> dict[str, Any]:
    found = BankMovement.objects.select_related("proposed").filter(public_id=arguments["public_id"]).first()
    proposed = found.proposed if found else None
    return {"version": "1", "account_1": str(proposed.public_id if proposed else ""), "cents_1": "315"}


DAY = "2026-01-02"
EXAMPLES = {
    "rents:dues_write": Example(post={}),
    "rents:account_detail": Example(make=_account),
    "rents:charge_add": Example(
        make=_account,
        post={"kind": "utilities", "cents": "45", "period": "2026-01", "due_on": DAY, "cause": "gas"},
    ),
    "rents:payment_add": Example(make=_account, post={"cents": "100", "booked_on": DAY, "kind": "payment"}),
    "rents:deposit_add": Example(make=_account, post={"what": "in", "cents": "480", "booked_on": DAY}),
    "rents:write_off_add": Example(make=_account, post={"cents": "10", "reason": "errore nostro"}),
    "rents:account_export": Example(make=_account, post={"reason": "verifica del revisore"}),
    "rents:movement_reverse": Example(make=_movement, post={"reason": "mese sbagliato"}),
    "rents:arrears_step": Example(
        make=_arrears, post={"verb": "contact", "done_on": DAY, "outcome": "sentito", "version": "1"}
    ),
    "rents:arrears_cause": Example(
        make=_arrears, post={"cause": "job_lost", "reason": "licenziato", "version": "1"}
    ),
    "rents:plan_add": Example(make=_arrears),
    "rents:plan_end": Example(make=_plan, post={"reason": "non riesce", "version": "1"}),
    "rents:bank_list": Example(),
    "rents:bank_propose": Example(post={}),
    "rents:bank_confirm": Example(make=_bank, post={"version": "1"}),
    "rents:bank_choose": Example(make=_bank, post=_chosen),
    "rents:bank_ignore": Example(make=_bank, post={"reason": "rimborso", "version": "1"}),
    "rents:bank_reopen": Example(make=_bank, post={"reason": "sbagliato", "version": "1"}),
}
