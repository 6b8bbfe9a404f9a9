from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.deadlines.querysets import DeadlineQuerySet
from ali.organisations.models import Organisation


class DeadlineKind(models.TextChoices):
    PERMIT = "permit", _("permesso di soggiorno")
    APPOINTMENT = "appointment", _("appuntamento")
    EXIT = "exit", _("uscita dall'accoglienza")
    EXTENSION = "extension", _("richiesta di proroga")
    NEXT_STEP = "next_step", _("prossimo passo")
    PROPOSAL = "proposal", _("risposta a una proposta")
    JOB = "job", _("fine di un lavoro")
    CONTRACT = "contract", _("contratto di accoglienza")
    COMMUNICATION = "communication", _("comunicazione dovuta")
    RENT = "rent", _("canone non pagato")
    WORKS = "works", _("lavori su una casa")
    CERTIFICATE = "certificate", _("certificato di una casa")
    UPKEEP = "upkeep", _("manutenzione")
    VISIT = "visit", _("visita o mediazione")
    OTHER = "other", _("altro")


class Deadline(Record):
    """One thing due on one day for one organisation, or for one `user` of it alone. `source` names the record that owns
    the clock: one row each.

    `title` is an Italian sentence of ours or somebody's own words; `words` fill its blanks. Readers see `sentence`.
    """

    kind = models.CharField(_("tipo"), max_length=14, choices=DeadlineKind)
    source = models.CharField(max_length=160)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    person = models.UUIDField(null=True, blank=True, db_index=True)
    is_reserved = models.BooleanField(default=False)
    due_on = models.DateField(_("scade il"))
    title = models.CharField(_("che cosa"), max_length=200)
    words = models.JSONField(default=dict)
    url_name = models.CharField(max_length=60, blank=True)
    url_id = models.UUIDField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(DeadlineQuerySet)()

    class Meta:
        verbose_name = _("scadenza")
        verbose_name_plural = _("scadenze")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "organisation"],
                condition=Q(user__isnull=True),
                name="deadline_is_written_once",
            ),
            models.UniqueConstraint(
                fields=["source", "organisation", "user"],
                condition=Q(user__isnull=False),
                name="deadline_is_written_once_for_a_user",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "done_at", "due_on"], name="deadline_by_day")]

    class Privacy:
        hidden = ["person", "is_reserved", "title", "words", "url_id"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "kind",
            "source",
            "organisation",
            "user",
            "due_on",
            "url_name",
            "done_at",
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What is due, in the reader's language."""
        told = gettext(self.title) if self.title else ""
        if not self.words:
            return told
        return told % {
            name: gettext(word) if isinstance(word, str) and word else word
            for name, word in self.words.items()
        }
