from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.core.text import search_key
from ali.housing.models import Building, Dwelling
from ali.organisations.models import Organisation
from ali.scouting.querysets import OwnerQuerySet, OwnershipQuerySet
from ali.scouting.states import OwnerKind


class Owner(Record):
    """Who owns a building or a dwelling, as one body keeps them. `organisation` when the owner is a body of the network."""

    kept_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="owners")
    kind = models.CharField(_("tipo"), max_length=12, choices=OwnerKind, default=OwnerKind.PERSON)
    name = models.CharField(_("nome e cognome o denominazione"), max_length=200)
    folded = models.CharField(max_length=240, editable=False, blank=True, db_index=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ente della rete"),
    )
    tax_code = models.CharField(_("codice fiscale o partita IVA"), max_length=16, blank=True)
    phone = models.CharField(_("telefono"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("indirizzo"), max_length=200, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    notes = models.TextField(_("note"), blank=True)
    not_to_contact_since = models.DateField(_("non vuole essere contattato dal"), null=True, blank=True)
    is_invented = models.BooleanField(_("proprietario di esempio"), default=False)

    objects = OwnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("proprietario")
        verbose_name_plural = _("proprietari")

    class Privacy:
        hidden = ["name", "folded", "tax_code", "phone", "email", "address", "iban", "notes"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "kept_by",
            "kind",
            "organisation",
            "not_to_contact_since",
            "is_invented",
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        self.folded = search_key(self.name)[:240]
        super().save(*args, **kwargs)


class Ownership(Record):
    """An owner's share of a building, or of one dwelling in it, from when to when. `share`: part of one, 1 for a sole owner."""

    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="ownerships")
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="ownerships")
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.CASCADE, null=True, blank=True, related_name="ownerships"
    )
    share = models.DecimalField(_("quota"), max_digits=6, decimal_places=5, default=Decimal(1))
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="ownership_share_is_part_of_one"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="ownership_ends_after_start",
            ),
        ]

    class Privacy:
        hidden = ["owner"]
        shown = ["public_id", "version", "created_at", "changed_at", "building", "dwelling", "share"]
        shown += ["starts_on", "ends_on"]

    def __str__(self) -> str:
        return str(self.dwelling or self.building)
