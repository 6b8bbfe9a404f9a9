from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.housing.models import Dwelling
from ali.people.models import Person
from ali.upkeep.querysets import VisitQuerySet
from ali.upkeep.states import VisitState


class Visit(Record):
    """A social visit to a home: who goes, when, whom it concerns, what was found. `follows` is the visit that asked for it."""

    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="social_visits", verbose_name=_("casa")
    )
    persons = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name=_("chi riguarda"))
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("chi va")
    )
    planned_on = models.DateField(_("giorno"))
    planned_at_time = models.TimeField(_("ora"), null=True, blank=True)
    purpose = models.CharField(_("perché"), max_length=200, blank=True)
    state = models.CharField(_("stato"), max_length=10, choices=VisitState, default=VisitState.PLANNED)
    done_on = models.DateField(_("fatta il"), null=True, blank=True)
    outcomes = models.JSONField(_("com'è andata"), default=list)
    note = models.TextField(_("nota"), max_length=4000, blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )

    objects = models.Manager.from_queryset(VisitQuerySet)()

    class Meta:
        verbose_name = _("visita sociale")
        verbose_name_plural = _("visite sociali")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False), name="visit_done_has_a_day"
            )
        ]
        indexes = [models.Index(fields=["dwelling", "state", "planned_on"], name="visit_by_home")]

    class Privacy:
        hidden = ["persons", "purpose", "outcomes", "note", "ended_reason"]
        shown = ["public_id", "version", "created_at", "changed_at", "dwelling", "visitor", "planned_on"]
        shown += ["planned_at_time", "state", "done_on", "planned_by", "follows"]
