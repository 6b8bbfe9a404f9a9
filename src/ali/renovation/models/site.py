from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.people.models import Person
from ali.renovation.models.works import Works
from ali.renovation.querysets import OfWorksQuerySet


class SitePlace(Record):
    """Places of a training site («cantiere scuola»): a trade, with whom, how many, from when to when."""

    works = models.ForeignKey(Works, on_delete=models.CASCADE, related_name="places")
    task = models.CharField(_("che cosa si impara"), max_length=120)
    firm = models.CharField(_("impresa o ente che ospita"), max_length=120, blank=True)
    tutor = models.CharField(_("chi insegna"), max_length=120, blank=True)
    places = models.PositiveSmallIntegerField(_("posti"))
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"))

    objects = models.Manager.from_queryset(OfWorksQuerySet)()

    class Meta:
        verbose_name = _("posto in cantiere scuola")
        verbose_name_plural = _("posti in cantiere scuola")
        constraints = [
            models.CheckConstraint(condition=Q(places__gt=0), name="training_site_has_a_place"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="training_ends_after_start"),
        ]

    class Privacy:
        hidden = ["tutor", "firm"]
        shown = ["public_id", "version", "created_at", "changed_at", "works", "task", "places", "starts_on"]
        shown += ["ends_on"]

    def __str__(self) -> str:
        return self.task


class Trainee(models.Model):
    """Who learns in a place of the site, from when to when."""

    place = models.ForeignKey(SitePlace, on_delete=models.CASCADE, related_name="trainees")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "person"], name="trainee_is_once_in_a_place"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="trainee_leaves_after_start",
            ),
        ]

    class Privacy:
        hidden = ["place", "person", "starts_on", "ends_on"]
        shown: list[str] = []
