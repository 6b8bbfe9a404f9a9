from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.places.models import Municipality, Province
from ali.rules.english import in_reader_language
from ali.rules.querysets import RuleQuerySet


class Rule(Record):
    """One value of one rule for one territory and period. Never edited once confirmed: a new row supersedes it."""

    code = models.CharField(_("codice"), max_length=60, db_index=True)
    value = models.JSONField(_("valore"), null=True)
    unit = models.CharField(_("unità"), max_length=30, blank=True)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField(_("valida dal"))
    valid_to = models.DateField(_("valida fino al"), null=True, blank=True)
    sentence = models.TextField(_("che cosa dice"))
    source = models.CharField(_("fonte"), max_length=300)
    is_blocking = models.BooleanField(
        _("blocca"), default=False, help_text=_("Se non blocca, avverte soltanto.")
    )
    is_demo = models.BooleanField(_("valore dimostrativo"), default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confermata da"),
    )
    confirmed_at = models.DateTimeField(_("confermata il"), null=True, blank=True)

    objects = models.Manager.from_queryset(RuleQuerySet)()

    class Meta:
        verbose_name = _("regola")
        verbose_name_plural = _("regole")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="rule_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="rule_confirmed_by_and_at_together",
            ),
        ]

    class Privacy:
        hidden: list[str] = []
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "code",
            "value",
            "unit",
            "province",
            "municipality",
        ]
        shown += [
            "valid_from",
            "valid_to",
            "sentence",
            "source",
            "is_blocking",
            "is_demo",
            "confirmed_by",
            "confirmed_at",
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def said(self) -> str:
        """The sentence in the reader's language."""
        return in_reader_language(self.sentence)
