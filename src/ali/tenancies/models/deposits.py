from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.tenancies.models.tenancies import Tenancy, TenancyParty
from ali.tenancies.querysets import OfTenancyQuerySet


class DepositReturn(Record):
    """A deposit given back: what was held, what was kept and why, what was returned. Cents."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="deposit_returns")
    party = models.ForeignKey(
        TenancyParty, on_delete=models.PROTECT, null=True, blank=True, related_name="deposit_returns"
    )
    held_cents = models.PositiveIntegerField(_("deposito tenuto"))
    returned_cents = models.PositiveIntegerField(_("restituito"))
    returned_on = models.DateField(_("restituito il"))

    objects = OfTenancyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_cents__lte=F("held_cents")), name="deposit_returned_is_at_most_held"
            )
        ]

    class Privacy:
        hidden = ["party", "held_cents", "returned_cents"]
        shown = ["public_id", "version", "created_at", "changed_at", "tenancy", "returned_on"]


class DepositDeduction(models.Model):
    """What was kept of a deposit, and why."""

    deposit = models.ForeignKey(DepositReturn, on_delete=models.CASCADE, related_name="deductions")
    reason = models.CharField(_("perché"), max_length=200)
    cents = models.PositiveIntegerField(_("trattenuto"))

    objects = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="deduction_is_more_than_nothing")
        ]

    class Privacy:
        hidden = ["reason", "cents"]
        shown = ["deposit"]
