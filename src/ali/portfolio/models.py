from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.housing.models import Building
from ali.organisations.models import Organisation
from ali.places.models import Municipality
from ali.portfolio.querysets import AppraisalQuerySet, KeptMonthQuerySet
from ali.portfolio.states import Option
from ali.renovation.models import Works


class Appraisal(Record):
    """What winning a building in one way would cost and yield. The numbers are in its versions, the latest in force."""

    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="+")
    works = models.ForeignKey(Works, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("nome"), max_length=120)
    option = models.CharField(_("alternativa"), max_length=15, choices=Option, default=Option.OTHER)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = _("valutazione economica")
        verbose_name_plural = _("valutazioni economiche")
        indexes = [models.Index(fields=["holder", "building"], name="appraisal_by_building")]

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "holder", "building", "works", "name"]
        shown += ["option"]

    def __str__(self) -> str:
        return self.name


class AppraisalVersion(models.Model):
    """The inputs of an appraisal as somebody saved them: never changed, the next version takes their place."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("versione"))
    inputs = models.JSONField()
    people = models.PositiveSmallIntegerField(_("persone che vi abiterebbero"), default=0)
    note = models.CharField(_("che cosa cambia"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "number"], name="appraisal_version_is_numbered_once")
        ]

    class Privacy:
        hidden = ["inputs", "note"]
        shown = ["appraisal", "number", "people", "made_by", "made_at"]


class KeptMonth(models.Model):
    """What the homes of a body in a Comune gave in a month: kept every night, equal to the raw sums of that night."""

    manager = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(_("mese"))
    nights = models.PositiveBigIntegerField(_("posti-notte disponibili"), default=0)
    nights_taken = models.PositiveBigIntegerField(_("posti-notte occupati"), default=0)
    entries = models.PositiveIntegerField(_("entrate"), default=0)
    gaps = models.PositiveIntegerField(_("vuoti tra due persone"), default=0)
    gap_days = models.PositiveBigIntegerField(_("giorni vuoti"), default=0)
    due_cents = models.BigIntegerField(_("dovuto"), default=0)
    paid_cents = models.BigIntegerField(_("pagato"), default=0)
    forgiven_cents = models.BigIntegerField(_("abbuonato"), default=0)
    kept_at = models.DateTimeField(_("calcolato il"), auto_now=True)

    objects = models.Manager.from_queryset(KeptMonthQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manager", "municipality", "month"], name="month_is_kept_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="kept_month_is_a_month"),
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["manager", "municipality", "month", "nights", "nights_taken", "entries", "gaps", "gap_days"]
        shown += ["due_cents", "paid_cents", "forgiven_cents", "kept_at"]
