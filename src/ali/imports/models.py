from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record, Versioned
from ali.imports.findings import Finding, Level
from ali.imports.querysets import ImportRunQuerySet, StagedRowQuerySet
from ali.imports.states import Answer, Effect, RowStatus, RunState
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


class ImportRun(Record):
    """One file: who sent it, what was read, what became of it. `organisation` is the body that imports it."""

    kind = models.CharField(_("tipo"), max_length=20)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sender = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chi lo manda"),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64, db_index=True, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    signature = models.CharField(max_length=64, blank=True)
    answers = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.READING)
    totals = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    failure = models.CharField(max_length=400, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(ImportRunQuerySet)()

    class Meta:
        verbose_name = _("importazione")
        verbose_name_plural = _("importazioni")

    class Privacy:
        hidden = ["file_name", "answers", "notes", "failure"]
        shown = ["public_id", "version", "created_at", "changed_at", "kind", "organisation", "sender"]
        shown += ["asked_by", "file_sha256", "encoding", "columns", "mapping", "signature", "state"]
        shown += ["totals", "applied_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        """Whether its rows may still be looked at, decided and applied."""
        return self.state == RunState.STAGED

    @property
    def is_working(self) -> bool:
        return self.state in {RunState.READING, RunState.APPLYING}


class StagedRow(Versioned):
    """One row of a file as read, what is odd about it, what a person decided, what applying it will do.

    `cells` are kept until the run ends, so that columns can be chosen again; with them goes what the row says of persons.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    read_status = models.CharField(max_length=10, choices=RowStatus, default=RowStatus.OK)
    status = models.CharField(max_length=10, choices=RowStatus)
    fields = models.JSONField(default=dict)
    messages = models.JSONField(default=list)
    decision = models.CharField(max_length=40, blank=True)
    offers = models.JSONField(default=list)
    effect = models.CharField(max_length=12, choices=Effect, blank=True)

    objects = models.Manager.from_queryset(StagedRowQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "row"], name="row_is_staged_once")]
        indexes = [models.Index(fields=["run", "status"], name="staged_row_by_status")]

    class Privacy:
        hidden = ["cells", "fields", "messages", "decision", "offers"]
        shown = ["version", "run", "row", "read_status", "status", "effect"]

    def __str__(self) -> str:
        return f"riga {self.row}"

    @property
    def is_skipped_by_hand(self) -> bool:
        return self.decision == Answer.SKIP

    def start_plan(self) -> bool:
        """Go back to what reading said and to what a person answered; say whether there is something to plan."""
        self.effect = Effect.NONE
        self.offers = [Answer.USE, Answer.SKIP] if self.read_status == RowStatus.DOUBTFUL else []
        self.messages = [message for message in self.messages if not message.get("planned")]
        self.status = RowStatus(self.read_status)
        if self.is_skipped_by_hand and self.status != RowStatus.ERROR:
            self.status = RowStatus.SKIPPED
            self.offers = self.offers or [Answer.SKIP]
        elif self.decision and self.status == RowStatus.DOUBTFUL:
            self.status = RowStatus.OK
        return self.status in {RowStatus.OK, RowStatus.DOUBTFUL}

    def say(self, finding: Finding, *, offers: Sequence[str] = ()) -> None:
        """Add what planning found. An error stops the row; a question waits for one of `offers`, or for any answer."""
        self.messages = [*self.messages, {**message_of(finding), "planned": True}]
        if finding.level is Level.ERROR:
            self.status = RowStatus.ERROR
        elif finding.level is Level.ASK:
            self.offers = list(offers) or self.offers or [Answer.USE, Answer.SKIP]
            is_answered = self.decision in offers if offers else bool(self.decision)
            if self.status == RowStatus.OK and not is_answered:
                self.status = RowStatus.DOUBTFUL

    def hold(self, finding: Finding) -> None:
        """Keep the row out until the reason is gone, whatever a person answers: it can only be skipped."""
        self.messages = [*self.messages, {**message_of(finding), "planned": True}]
        self.status, self.effect, self.offers = RowStatus.DOUBTFUL, Effect.NONE, [Answer.SKIP]

    def day(self, name: str) -> date | None:
        """Return a date of the row's fields."""
        value = self.fields.get(name)
        return date.fromisoformat(value) if value else None

    def text(self, name: str) -> str:
        """Return a text of the row's fields, empty when there is none."""
        return str(self.fields.get(name) or "")


def message_of(finding: Finding, column: str = "") -> dict[str, Any]:
    """What a row keeps of a finding: the sentence, and what is needed to say it in another language."""
    params = {name: _plain(value) for name, value in finding.params.items()}
    return {**finding.as_json(), "column": column, "template": finding.template, "params": params}


def _plain(value: object) -> str | int | float:
    return value if isinstance(value, int | float) else str(value)


def sentences(messages: Sequence[dict[str, Any]]) -> list[str]:
    """Return the messages of a row in the reader's language."""
    return [Finding(Level(one["level"]), one["template"], one["params"]).translated for one in messages]
