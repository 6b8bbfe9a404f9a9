from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.organisations.models import Organisation


class ColumnMapping(Record):
    """How one sender names the columns of one kind of file."""

    kind = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    signature = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "organisation", "signature"], name="mapping_is_remembered_once"
            ),
        ]

    class Privacy:
        hidden: list[str] = []
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "kind",
            "organisation",
            "signature",
            "columns",
        ]


class RunState(models.TextChoices):
    STAGED = "staged", _("letto, da controllare")
    APPLIED = "applied", _("applicato")
    DISCARDED = "discarded", _("scartato")


class ImportRun(Record):
    """One file: what was read, by whom, what became of it."""

    kind = models.CharField(max_length=20)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64, db_index=True)
    encoding = models.CharField(max_length=40, blank=True)
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.STAGED)
    totals = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()

    class Privacy:
        hidden = ["file_name"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "kind",
            "organisation",
            "asked_by",
            "file_sha256",
        ]
        shown += ["encoding", "columns", "state", "totals", "notes", "applied_at"]


class StagedRow(models.Model):
    """One row of a file as read: fields, messages, and what applying it will do."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    status = models.CharField(max_length=10)
    fields = models.JSONField(default=dict)
    messages = models.JSONField(default=list)
    effect = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "row"], name="row_is_staged_once")]

    class Privacy:
        hidden = ["fields", "messages"]
        shown = ["run", "row", "status", "effect"]
