"""Rows that are written once, as the minutes of a meeting: who was wrong writes another, nobody changes what was said."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ali.core.decisions import Refusal


class WrittenStays(Refusal):
    """What was written is neither changed nor removed."""


def _refuse() -> NoReturn:
    raise WrittenStays(_("Quello che è stato scritto non si cambia e non si toglie: aggiungi una nota."))


class WrittenQuerySet(QuerySet[Any]):
    """The migration of their app adds a trigger: the database refuses too."""

    def update(self, **values: Any) -> int:
        _refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        _refuse()


class Written(models.Model):
    """Base of rows that are written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # Any: Django's own arguments
        _refuse()
