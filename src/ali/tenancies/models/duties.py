from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.tenancies.models.tenancies import Tenancy, TenancyParty
from ali.tenancies.querysets import OfTenancyQuerySet
from ali.tenancies.states import DutyKind


class Duty(Record):
    """Something that a tenancy obliges to: by when, done when, under which number. `party` when it is one person's."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="duties")
    party = models.ForeignKey(
        TenancyParty, on_delete=models.CASCADE, null=True, blank=True, related_name="duties"
    )
    kind = models.CharField(_("che cosa"), max_length=12, choices=DutyKind)
    due_on = models.DateField(_("entro il"))
    done_on = models.DateField(_("fatto il"), null=True, blank=True)
    reference = models.CharField(_("protocollo o ricevuta"), max_length=120, blank=True)

    objects = OfTenancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("adempimento")
        verbose_name_plural = _("adempimenti")
        constraints = [
            models.UniqueConstraint(
                fields=["tenancy", "kind", "due_on"],
                condition=Q(party__isnull=True),
                name="duty_of_a_tenancy_is_once",
            ),
            models.UniqueConstraint(
                fields=["party", "kind", "due_on"],
                condition=Q(party__isnull=False),
                name="duty_of_a_person_is_once",
            ),
        ]

    class Privacy:
        hidden = ["party", "reference"]
        shown = ["public_id", "version", "created_at", "changed_at", "tenancy", "kind", "due_on", "done_on"]
