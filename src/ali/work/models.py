from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.people.models import Person
from ali.work.querysets import MoneyQuerySet
from ali.work.states import JobKind


class Job(Record):
    """A job or other income of a person. `net_monthly_cents`: mean net monthly amount as declared."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(_("tipo"), max_length=14, choices=JobKind)
    occupation = models.CharField(_("mansione"), max_length=120, blank=True)
    employer = models.CharField(_("datore di lavoro"), max_length=120, blank=True)
    net_monthly_cents = models.PositiveIntegerField(_("netto mensile"))
    weekly_hours = models.PositiveSmallIntegerField(_("ore settimanali"), null=True, blank=True)
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("lavoro")
        verbose_name_plural = _("lavori")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="job_ends_after_start",
            )
        ]

    class Privacy:
        hidden = [
            "person",
            "kind",
            "occupation",
            "employer",
            "net_monthly_cents",
            "weekly_hours",
            "starts_on",
            "ends_on",
        ]
        shown = ["public_id", "version", "created_at", "changed_at"]


class Means(Record):
    """Savings, debts and remittances of a person, as declared to the case worker."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="means")
    savings_cents = models.PositiveIntegerField(_("risparmi"), default=0)
    debts_monthly_cents = models.PositiveIntegerField(_("rate mensili di debiti"), default=0)
    remittances_monthly_cents = models.PositiveIntegerField(_("rimesse mensili"), default=0)
    stated_on = models.DateField(_("dichiarato il"))

    objects = MoneyQuerySet.as_manager()

    class Privacy:
        hidden = ["person", "savings_cents", "debts_monthly_cents", "remittances_monthly_cents", "stated_on"]
        shown = ["public_id", "version", "created_at", "changed_at"]
