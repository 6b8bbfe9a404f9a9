from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.agreements.querysets import AgreementQuerySet
from ali.agreements.states import AgreementState, ContractType
from ali.core.models import Record
from ali.housing.models import Building, Dwelling
from ali.organisations.models import Organisation
from ali.scouting.models import Owner


class Agreement(Record):
    """A contract by which a body holds a building, or some of its dwellings, from an owner. Money: cents a month."""

    holder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("ente che prende")
    )
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="agreements")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="agreements")
    dwellings = models.ManyToManyField(Dwelling, related_name="agreements", blank=True)
    contract_type = models.CharField(_("tipo di contratto"), max_length=3, choices=ContractType)
    state = models.CharField(_("stato"), max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    signed_on = models.DateField(_("firmato il"), null=True, blank=True)
    starts_on = models.DateField(_("decorrenza"))
    ends_on = models.DateField(_("scadenza"), null=True, blank=True)
    rent_cents = models.PositiveIntegerField(_("canone mensile al proprietario"), default=0)
    condominium_cents = models.PositiveIntegerField(_("spese condominiali mensili"), default=0)
    deposit_cents = models.PositiveIntegerField(_("deposito"), default=0)
    allows_sublet = models.BooleanField(_("il proprietario consente la sublocazione"), default=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("accordo con il proprietario")
        verbose_name_plural = _("accordi con i proprietari")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="agreement_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["holder", "state"], name="agreement_by_holder")]

    class Privacy:
        hidden = ["owner"]
        shown = ["public_id", "version", "created_at", "changed_at", "holder", "building", "contract_type"]
        shown += ["state", "signed_on", "starts_on", "ends_on", "rent_cents", "condominium_cents"]
        shown += ["deposit_cents", "allows_sublet", "dwellings"]
