"""What every record has: an unguessable public id, a version against silent overwriting, its moments."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from ali.core.decisions import Refusal


class StaleRecord(Refusal):
    """Somebody else changed the record after the form was opened."""


class Record(models.Model):
    """Base of edited records. `save_if_unchanged` refuses to overwrite what another person saved in the meantime."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def save_if_unchanged(self, expected_version: int) -> Self:
        """Save when the stored version is still `expected_version`; raise `StaleRecord` otherwise."""
        updated = (
            type(self)
            ._default_manager.filter(pk=self.pk, version=expected_version)
            .update(version=expected_version + 1)
        )
        if not updated:
            raise StaleRecord(
                _(
                    "Qualcun altro ha modificato questa scheda mentre la stavi cambiando: ricarica, controlla e riprova."
                )
            )
        self.version = expected_version + 1
        self.save()
        return self


class SubmittedForm(models.Model):
    """A form already received, by its key: the same form sent twice has one effect and the same answer."""

    key = models.CharField(max_length=64)
    user_id = models.BigIntegerField()
    path_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="form_is_received_once")]

    class Privacy:
        hidden = ["user_id"]
        shown = ["key", "path_digest", "status", "location", "received_at"]


JSONDict = dict[str, Any]  # Any: values of a JSON document
