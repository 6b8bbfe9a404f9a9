from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.agreements.states import ContractType
from ali.allocation.models import Placement
from ali.core.models import Record
from ali.housing.models import Bed, Dwelling, Room
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.tenancies.querysets import TenancyQuerySet
from ali.tenancies.states import Bond, TenancyState


class Tenancy(Record):
    """A contract between a body and the people who live in a dwelling, or in one room of it. Money: cents a month.

    `room` is empty when the whole dwelling is let. `placement` is the signed proposal it comes from, when there is one.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="tenancies", verbose_name=_("chi dà in affitto")
    )
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="tenancies")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="tenancies")
    placement = models.OneToOneField(
        Placement, on_delete=models.PROTECT, null=True, blank=True, related_name="tenancy"
    )
    contract_type = models.CharField(_("tipo di contratto"), max_length=3, choices=ContractType)
    bond = models.CharField(_("obbligo"), max_length=11, choices=Bond, default=Bond.ROOM)
    state = models.CharField(_("stato"), max_length=9, choices=TenancyState, default=TenancyState.DRAFT)
    signed_on = models.DateField(_("firmata il"), null=True, blank=True)
    starts_on = models.DateField(_("decorrenza"))
    ends_on = models.DateField(_("scadenza"), null=True, blank=True)
    rent_cents = models.PositiveIntegerField(_("canone mensile"))
    condominium_cents = models.PositiveIntegerField(_("spese condominiali mensili"), default=0)
    utilities_cents = models.PositiveIntegerField(_("utenze mensili"), default=0)
    deposit_cents = models.PositiveIntegerField(_("deposito"), default=0)
    due_day = models.PositiveSmallIntegerField(_("giorno di scadenza del canone"), default=5)

    objects = TenancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("affitto")
        verbose_name_plural = _("affitti")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="tenancy_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(due_day__gte=1, due_day__lte=28), name="tenancy_due_day_is_in_every_month"
            ),
        ]
        indexes = [models.Index(fields=["landlord", "state"], name="tenancy_by_landlord")]

    class Privacy:
        hidden = ["dwelling", "room", "placement"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "landlord",
            "contract_type",
            "bond",
            "state",
        ]
        shown += ["signed_on", "starts_on", "ends_on", "rent_cents", "condominium_cents", "utilities_cents"]
        shown += ["deposit_cents", "due_day"]


class TenancyParty(Record):
    """A person in a tenancy, from when to when. `share_cents`: what they pay each month of rent and expenses together."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="parties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tenancies")
    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_signatory = models.BooleanField(_("firma"), default=True)
    share_cents = models.PositiveIntegerField(_("quota mensile"), default=0)
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenancy", "person"], name="person_is_once_in_a_tenancy"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="party_ends_after_start",
            ),
        ]

    class Privacy:
        hidden = ["person", "bed", "share_cents"]
        shown = ["public_id", "version", "created_at", "changed_at", "tenancy", "is_signatory", "starts_on"]
        shown += ["ends_on"]
