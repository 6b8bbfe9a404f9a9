from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.housing.models import Dwelling
from ali.organisations.models import Organisation
from ali.tenancies.querysets import OfBodyQuerySet


class HouseRules(Record):
    """A version of the rules of a home, or of all the homes of a body. A version is never edited: the next takes over."""

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="house_rules")
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, null=True, blank=True, related_name="house_rules"
    )
    number = models.PositiveSmallIntegerField(_("versione"), default=1)
    text = models.TextField(_("regole della casa"))
    valid_from = models.DateField(_("valgono dal"))

    objects = OfBodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("regole della casa")
        verbose_name_plural = _("regole della casa")
        constraints = [
            models.UniqueConstraint(
                fields=["dwelling", "number"],
                condition=Q(dwelling__isnull=False),
                name="house_rules_of_a_dwelling_are_numbered",
            ),
            models.UniqueConstraint(
                fields=["body", "number"],
                condition=Q(dwelling__isnull=True),
                name="house_rules_of_a_body_are_numbered",
            ),
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "body", "dwelling", "number", "text"]
        shown += ["valid_from"]

    def __str__(self) -> str:
        return str(_("versione %(number)s") % {"number": self.number})
