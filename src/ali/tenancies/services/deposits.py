"""Giving a deposit back, with what is kept of it and why."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.money import show_euros
from ali.core.transactions import atomic
from ali.tenancies import hooks, permissions
from ali.tenancies.models import DepositDeduction, DepositReturn, Tenancy, TenancyParty
from ali.tenancies.services.drafting import subjects
from ali.tenancies.states import TenancyState


class WrongDeposit(Refusal):
    """What is given back and what is kept do not make what was held."""


def still_held(tenancy: Tenancy) -> int:
    """Return the cents of the deposit not yet given back or kept."""
    settled = tenancy.deposit_returns.aggregate(cents=Sum("held_cents"))["cents"] or 0
    return int(tenancy.deposit_cents - settled)


@atomic
def return_deposit(
    *,
    actor: Actor,
    tenancy: Tenancy,
    held_cents: int,
    deductions: Sequence[tuple[str, int]],
    returned_on: date,
    expected_version: int,
    today: date,
    party: TenancyParty | None = None,
) -> DepositReturn:
    """Give back the deposit, or the part of one who has left. Each thing kept has its reason."""
    permissions.may_return_deposit(actor, tenancy).or_refuse()
    if tenancy.state != TenancyState.ENDED and (party is None or party.ends_on is None):
        raise WrongDeposit(_("Il deposito si restituisce a chi ha lasciato la casa."))
    if returned_on > today:
        raise WrongDeposit(_("La restituzione si registra quando è avvenuta."))
    tenancy.save_if_unchanged(expected_version)
    left = still_held(tenancy)
    if not 0 < held_cents <= left:
        raise WrongDeposit(_("Del deposito restano %(left)s.") % {"left": show_euros(left)})
    if any(not reason.strip() or cents <= 0 for reason, cents in deductions):
        raise WrongDeposit(_("Ogni trattenuta ha un motivo e un importo."))
    kept = sum(cents for _reason, cents in deductions)
    if kept > held_cents:
        raise WrongDeposit(_("Le trattenute superano il deposito: il resto si chiede a parte."))
    made = DepositReturn.objects.create(
        tenancy=tenancy,
        party=party,
        held_cents=held_cents,
        returned_cents=held_cents - kept,
        returned_on=returned_on,
    )
    DepositDeduction.objects.bulk_create(
        [DepositDeduction(deposit=made, reason=reason.strip(), cents=cents) for reason, cents in deductions]
    )
    audit.record(actor, "deposit_returned", tenancy, persons=subjects(tenancy), deductions=len(deductions))
    hooks.tell(hooks.News.DEPOSIT_RETURNED, tenancy, today)
    return made
