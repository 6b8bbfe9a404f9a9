from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.housing.models import Building, Dwelling
from ali.organisations.models import Organisation
from ali.renovation.querysets import OfWorksQuerySet, WorksQuerySet
from ali.renovation.states import Phase, StopReason, TitleKind, TitleState


class Works(Record):
    """Works of a body on a building and the dwellings they concern. `resumes_at`: the phase that was suspended.

    `ready_on`: the day on which the homes are expected, the end of the last planned phase; kept by the services.
    """

    holder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="works", verbose_name=_("ente che fa i lavori")
    )
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="works")
    dwellings = models.ManyToManyField(Dwelling, related_name="works", blank=True)
    name = models.CharField(_("nome dei lavori"), max_length=120)
    phase = models.CharField(_("fase"), max_length=12, choices=Phase, default=Phase.AVAILABILITY)
    resumes_at = models.CharField(max_length=12, choices=Phase, blank=True)
    responsible = models.CharField(_("chi li segue"), max_length=120, blank=True)
    ready_on = models.DateField(_("case pronte dal"), null=True, blank=True)
    contingency_rate = models.DecimalField(_("imprevisti (quota)"), max_digits=4, decimal_places=3)
    fees_rate = models.DecimalField(_("professionisti (quota)"), max_digits=4, decimal_places=3)
    energy_before = models.CharField(_("classe energetica prima"), max_length=2, blank=True)
    energy_after = models.CharField(_("classe energetica dopo"), max_length=2, blank=True)
    was_empty = models.BooleanField(_("prima era sfitto"), default=True)
    man_days = models.PositiveIntegerField(_("uomini-giorno previsti"), null=True, blank=True)
    firms = models.PositiveSmallIntegerField(_("imprese in cantiere"), null=True, blank=True)

    objects = WorksQuerySet.as_manager()

    class Meta:
        verbose_name = _("lavori")
        verbose_name_plural = _("lavori")
        constraints = [
            models.CheckConstraint(
                condition=~Q(phase=Phase.SUSPENDED) | ~Q(resumes_at=""),
                name="suspended_works_know_their_phase",
            ),
            models.CheckConstraint(
                condition=Q(
                    contingency_rate__gte=0, contingency_rate__lte=1, fees_rate__gte=0, fees_rate__lte=1
                ),
                name="works_rates_are_parts_of_one",
            ),
        ]
        indexes = [models.Index(fields=["holder", "phase"], name="works_by_holder")]

    class Privacy:
        hidden = ["responsible"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "holder",
            "building",
            "dwellings",
            "name",
        ]
        shown += ["phase", "resumes_at", "ready_on", "contingency_rate", "fees_rate", "energy_before"]
        shown += ["energy_after", "was_empty", "man_days", "firms"]

    def __str__(self) -> str:
        return self.name

    @property
    def present_phase(self) -> Phase:
        """The phase they are in, or were in when they were suspended."""
        return Phase(self.resumes_at or self.phase)


class PhaseRow(models.Model):
    """One phase of some works: when it was first planned, when it is expected now, when it began and ended."""

    works = models.ForeignKey(Works, on_delete=models.CASCADE, related_name="phases")
    phase = models.CharField(_("fase"), max_length=12, choices=Phase)
    responsible = models.CharField(_("chi la segue"), max_length=120, blank=True)
    first_starts_on = models.DateField(_("prima previsione: inizio"), null=True, blank=True)
    first_ends_on = models.DateField(_("prima previsione: fine"), null=True, blank=True)
    planned_starts_on = models.DateField(_("inizio previsto"), null=True, blank=True)
    planned_ends_on = models.DateField(_("fine prevista"), null=True, blank=True)
    started_on = models.DateField(_("cominciata il"), null=True, blank=True)
    ended_on = models.DateField(_("finita il"), null=True, blank=True)
    skipped_because = models.CharField(_("non serve perché"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(OfWorksQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["works", "phase"], name="phase_is_once_in_works"),
            models.CheckConstraint(
                condition=Q(planned_ends_on__isnull=True)
                | Q(planned_starts_on__isnull=True)
                | Q(planned_ends_on__gte=F("planned_starts_on")),
                name="phase_is_planned_to_end_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                name="phase_ends_after_start",
            ),
        ]

    class Privacy:
        hidden = ["responsible"]
        shown = ["works", "phase", "first_starts_on", "first_ends_on", "planned_starts_on", "planned_ends_on"]
        shown += ["started_on", "ended_on", "skipped_because"]

    def is_late_on(self, day: date) -> bool:
        """Whether it is under way and should have ended before `day`."""
        if self.ended_on or self.skipped_because or not self.started_on:
            return False
        return self.planned_ends_on is not None and self.planned_ends_on < day


class Stop(models.Model):
    """Works that stood still, or were given up: why, since when, until when."""

    works = models.ForeignKey(Works, on_delete=models.CASCADE, related_name="stops")
    phase = models.CharField(_("fase"), max_length=12, choices=Phase)
    reason = models.CharField(_("motivo"), max_length=8, choices=StopReason)
    note = models.CharField(_("spiegazione"), max_length=400)
    stopped_on = models.DateField(_("dal"))
    resumed_on = models.DateField(_("ripresi il"), null=True, blank=True)
    is_final = models.BooleanField(_("abbandonati"), default=False)

    objects = models.Manager.from_queryset(OfWorksQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["works"], condition=Q(resumed_on__isnull=True), name="works_stop_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("stopped_on")),
                name="works_resume_after_the_stop",
            ),
        ]

    class Privacy:
        hidden = ["note"]
        shown = ["works", "phase", "reason", "stopped_on", "resumed_on", "is_final"]


class Title(Record):
    """A building title, or an act that goes with works: when it was filed, its protocol, since when it holds."""

    works = models.ForeignKey(Works, on_delete=models.CASCADE, related_name="titles")
    kind = models.CharField(_("titolo o atto"), max_length=9, choices=TitleKind)
    state = models.CharField(_("stato"), max_length=7, choices=TitleState, default=TitleState.TO_FILE)
    filed_on = models.DateField(_("presentato il"), null=True, blank=True)
    protocol = models.CharField(_("protocollo"), max_length=60, blank=True)
    granted_on = models.DateField(_("rilasciato o efficace dal"), null=True, blank=True)
    note = models.CharField(_("nota"), max_length=400, blank=True)

    objects = models.Manager.from_queryset(OfWorksQuerySet)()

    class Meta:
        verbose_name = _("titolo edilizio")
        verbose_name_plural = _("titoli edilizi")
        constraints = [
            models.UniqueConstraint(fields=["works", "kind"], name="title_is_once_in_works"),
            models.CheckConstraint(
                condition=~Q(state="filed") | Q(filed_on__isnull=False), name="filed_title_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(granted_on__isnull=False), name="granted_title_has_a_day"
            ),
        ]

    class Privacy:
        hidden = ["protocol", "note"]
        shown = ["public_id", "version", "created_at", "changed_at", "works", "kind", "state", "filed_on"]
        shown += ["granted_on"]

    def __str__(self) -> str:
        return str(self.get_kind_display())
