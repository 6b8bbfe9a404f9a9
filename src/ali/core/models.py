"""What every edited row has: a version against silent overwriting; and a record: an unguessable public id, its moments."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Self, cast

from django.db import models
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from ali.core.decisions import Refusal


class StaleRecord(Refusal):
    """Somebody else changed the record after the form was opened."""


@cache
def _labels_of(field: models.Field[Any, Any]) -> dict[Any, Any]:  # Any: values and labels of any choice
    """The labels of a field's choices, still lazy: each reader's language is asked when one is shown."""
    return dict(field.flatchoices)


class Versioned(models.Model):
    """Base of what two people may edit at once: neither overwrites what the other saved in the meantime."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field[Any, Any]) -> str:
        """Django's own, but for the labels: it makes a dictionary of all of them, each time and for each row of a list."""
        value = getattr(self, field.attname)
        return cast("str", force_str(_labels_of(field).get(value, value), strings_only=True))

    def save_if_unchanged(self, expected_version: int, *, fields: Iterable[str] | None = None) -> Self:
        """Save (only `fields` when given) if the stored version is still `expected_version`; else raise `StaleRecord`."""
        self._take_version(expected_version)
        self.version = expected_version + 1
        self.save(update_fields=fields)
        return self

    def delete_if_unchanged(self, expected_version: int) -> None:
        """Delete when the stored version is still `expected_version`; raise `StaleRecord` otherwise."""
        self._take_version(expected_version)
        self.delete()

    def _take_version(self, expected_version: int) -> None:
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


class Record(Versioned):
    """Base of edited records: their public id is what addresses name."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


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
