from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.housing.codes import CertificateKind
from ali.housing.models.homes import Dwelling


class Certificate(Record):
    """A paper that says a dwelling is in order: its number, its day, until when it holds. The latest of a kind counts; its
    file hangs on it through `documents`."""

    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="certificates")
    kind = models.CharField(_("che cos'è"), max_length=9, choices=CertificateKind)
    number = models.CharField(_("numero o protocollo"), max_length=60, blank=True)
    issued_by = models.CharField(_("chi l'ha rilasciato"), max_length=150, blank=True)
    issued_on = models.DateField(_("data"))
    expires_on = models.DateField(_("scade il"), null=True, blank=True)
    max_people = models.PositiveSmallIntegerField(_("persone ammesse"), null=True, blank=True)
    purpose = models.CharField(_("per che cosa"), max_length=120, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("certificato")
        verbose_name_plural = _("certificati")
        indexes = [models.Index(fields=["dwelling", "kind"], name="certificate_by_dwelling")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
                name="certificate_expires_after_issue",
            )
        ]

    class Privacy:
        hidden = ["number", "issued_by"]
        shown = ["public_id", "version", "created_at", "changed_at", "dwelling", "kind", "issued_on"]
        shown += ["expires_on", "max_people", "purpose"]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def is_valid_on(self, day: date) -> bool:
        """Whether it has not expired."""
        return self.expires_on is None or self.expires_on >= day
