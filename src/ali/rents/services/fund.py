"""The guarantee fund in an arrears: asking it as a step of the ladder, and writing what it pays."""

from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import SYSTEM, Actor
from ali.agreements.models import FundCall
from ali.agreements.services import call_fund, commitment_for
from ali.agreements.states import CallState
from ali.rents.models import Arrears
from ali.rents.services.postings import receive_payment
from ali.rents.states import MovementKind


def ask_fund(*, actor: Actor, arrears: Arrears, reason: str, today: date) -> FundCall | None:
    """Ask the fund that guarantees the tenancy to pay what it covers; None when the guarantee is kept elsewhere.

    Raises the fund's refusal when it covers none of it.
    """
    account = arrears.account
    tenancy = account.party.tenancy.public_id
    known = commitment_for(
        body_id=account.landlord_id, tenancy=tenancy, dwelling_id=account.dwelling_id, today=today
    )
    if known is None:
        return None
    return call_fund(
        actor=actor,
        tenancy=tenancy,
        dwelling_id=account.dwelling_id,
        arrears_cents=arrears.overdue_cents,
        cause=arrears.cause,
        reason=reason,
        today=today,
        arrears=arrears.public_id,
    )


def hear_of_call(call: FundCall, today: date) -> None:
    """Write on the account what the fund paid for its arrears."""
    if call.state != CallState.PAID or call.arrears is None:
        return
    arrears = (
        Arrears.objects.filter(public_id=call.arrears).select_related("account__person").order_by().first()
    )
    if arrears is None:
        return
    receive_payment(
        actor=SYSTEM,
        account=arrears.account,
        cents=call.paid_cents,
        booked_on=today,
        cause=_("Pagato dal fondo di garanzia"),
        today=today,
        kind=MovementKind.FUND,
    )
