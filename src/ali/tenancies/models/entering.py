from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.housing.models import Dwelling
from ali.people.models import Household
from ali.tenancies.querysets import EntryPlanQuerySet
from ali.tenancies.states import HelpSource, HelpState


class EntryPlan(Record):
    """How a household pays what it costs to enter a home, from the proposal to the keys. Cents.

    Deposit and first month come from the tenancy, or from the dwelling until there is one.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="entry_plans")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="entry_plans")
    furniture_cents = models.PositiveIntegerField(_("mobili"), default=0)
    utilities_cents = models.PositiveIntegerField(_("attivazione o voltura delle utenze"), default=0)

    objects = EntryPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("costo di ingresso")
        verbose_name_plural = _("costi di ingresso")
        constraints = [
            models.UniqueConstraint(fields=["household", "dwelling"], name="a_home_is_entered_with_one_plan")
        ]

    class Privacy:
        hidden = ["household", "dwelling"]
        shown = ["public_id", "version", "created_at", "changed_at", "furniture_cents", "utilities_cents"]


class EntryHelp(Record):
    """What somebody puts towards entering a home. `is_loan`: to be given back."""

    plan = models.ForeignKey(EntryPlan, on_delete=models.CASCADE, related_name="helps")
    source = models.CharField(_("chi"), max_length=12, choices=HelpSource)
    name = models.CharField(_("nome di chi aiuta"), max_length=120, blank=True)
    cents = models.PositiveIntegerField(_("quanto"))
    state = models.CharField(_("a che punto è"), max_length=7, choices=HelpState, default=HelpState.ASKED)
    is_loan = models.BooleanField(_("da restituire"), default=False)

    objects = models.Manager()

    class Meta:
        verbose_name = _("aiuto per entrare")
        verbose_name_plural = _("aiuti per entrare")

    class Privacy:
        hidden = ["plan", "name", "cents", "is_loan"]
        shown = ["public_id", "version", "created_at", "changed_at", "source", "state"]
