"""Rows that are written once: an error is corrected by another row that reverses it, never by a change."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ali.core.decisions import Refusal


class PostedStays(Refusal):
    """A posted row is never changed nor removed."""


def refuse_change() -> NoReturn:
    """Say that what was posted stays."""
    raise PostedStays(
        _("Un movimento registrato non si cambia e non si toglie: si rettifica con uno contrario.")
    )


class PostedQuerySet(QuerySet[Any]):
    """Rows that are written once. The migration of their app adds a trigger: the database refuses too."""

    def update(self, **values: Any) -> int:
        refuse_change()

    def delete(self) -> tuple[int, dict[str, int]]:
        refuse_change()

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        refuse_change()


class Posted(models.Model):
    """Base of rows that are written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        if not self._state.adding:
            refuse_change()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # Any: Django's own arguments
        refuse_change()
