from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from ali.core.models import Record
from ali.core.written import Written
from ali.housing.models import Dwelling
from ali.people.models import Person
from ali.upkeep.querysets import MediationNoteQuerySet, MediationQuerySet
from ali.upkeep.states import MediationEnd, MediationState, NoteKind, Topic


class Mediation(Record):
    """A conflict in a home and the work to settle it, read by who opened it and by the colleagues named on it alone."""

    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="mediations", verbose_name=_("casa")
    )
    persons = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name=_("tra chi"))
    topic = models.CharField(_("di che cosa si tratta"), max_length=10, choices=Topic)
    state = models.CharField(
        _("stato"), max_length=9, choices=MediationState, default=MediationState.UNDER_WAY
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField(_("aperta il"))
    next_step = models.CharField(_("prossimo passo"), max_length=200, blank=True)
    next_step_on = models.DateField(_("entro il"), null=True, blank=True)
    end = models.CharField(_("com'è finita"), max_length=10, choices=MediationEnd, blank=True)
    closed_on = models.DateField(_("chiusa il"), null=True, blank=True)

    objects = models.Manager.from_queryset(MediationQuerySet)()

    class Meta:
        verbose_name = _("mediazione")
        verbose_name_plural = _("mediazioni")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="under_way", closed_on__isnull=True, end="")
                | (Q(state="closed", closed_on__isnull=False) & ~Q(end="")),
                name="mediation_closed_says_how",
            )
        ]
        indexes = [models.Index(fields=["dwelling", "state"], name="mediation_by_home")]

    class Privacy:
        hidden = ["persons", "topic", "next_step", "end"]
        shown = ["public_id", "version", "created_at", "changed_at", "dwelling", "state", "opened_by"]
        shown += ["opened_on", "next_step_on", "closed_on"]


class MediationColleague(Record):
    """A colleague named on a mediation: who is not named reads nothing of it."""

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="colleagues")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mediation", "user"],
                condition=Q(ended_on__isnull=True),
                name="colleague_is_named_once",
            )
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "mediation", "user", "named_by"]
        shown += ["named_on", "ended_on"]


class MediationNote(Written):
    """What was said or agreed, written once."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind, default=NoteKind.NOTE)
    text = models.TextField(_("nota"), max_length=6000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = models.Manager.from_queryset(MediationNoteQuerySet)()

    class Privacy:
        hidden = ["text"]
        shown = ["public_id", "mediation", "kind", "written_by", "written_at"]
