from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.agreements.states import ContractType
from ali.allocation.models import Placement
from ali.core.models import Record
from ali.housing.models import Bed, Dwelling, Room
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.tenancies.models.house_rules import HouseRules
from ali.tenancies.querysets import TenancyQuerySet
from ali.tenancies.states import (
    Bond,
    Destination,
    Guarantee,
    LeavingReason,
    Side,
    SignerRole,
    TenancyState,
)


class Tenancy(Record):
    """A contract between a body and the people who live in a dwelling, or in one room of it. Money: cents a month.

    `room` is empty when the whole dwelling is let. `placement` is the signed proposal it comes from, when there is one:
    its visit is then the proposal's, and `visited_on` stays empty.
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
    guarantee = models.CharField(_("garanzia"), max_length=7, choices=Guarantee, default=Guarantee.DEPOSIT)
    agreed_zone = models.PositiveSmallIntegerField(_("zona dell'accordo territoriale"), null=True, blank=True)
    purpose = models.CharField(_("esigenza transitoria"), max_length=200, blank=True)
    house_rules = models.ForeignKey(
        HouseRules, on_delete=models.PROTECT, null=True, blank=True, related_name="tenancies"
    )
    visited_on = models.DateField(_("casa visitata il"), null=True, blank=True)
    flatmates_met_on = models.DateField(_("coinquilini incontrati il"), null=True, blank=True)
    registered_on = models.DateField(_("registrato il"), null=True, blank=True)
    registration_code = models.CharField(_("codice identificativo"), max_length=17, blank=True)
    notice_on = models.DateField(_("disdetta data il"), null=True, blank=True)
    notice_by = models.CharField(_("disdetta di"), max_length=8, choices=Side, blank=True)
    notice_reason = models.CharField(_("motivo della disdetta"), max_length=400, blank=True)
    leaves_on = models.DateField(_("si lascia la casa il"), null=True, blank=True)
    ended_on = models.DateField(_("finita il"), null=True, blank=True)
    ended_reason = models.CharField(_("motivo"), max_length=400, blank=True)

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
            models.CheckConstraint(
                condition=Q(notice_on__isnull=True, leaves_on__isnull=True)
                | Q(notice_on__isnull=False, leaves_on__isnull=False),
                name="tenancy_notice_says_when_they_leave",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "state"], name="tenancy_by_landlord"),
            models.Index(fields=["dwelling", "state"], name="tenancy_by_dwelling"),
        ]

    class Privacy:
        hidden = ["dwelling", "room", "placement", "purpose", "notice_reason", "ended_reason"]
        hidden += ["registration_code"]
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
        shown += ["deposit_cents", "due_day", "guarantee", "agreed_zone", "house_rules", "visited_on"]
        shown += ["flatmates_met_on", "registered_on", "notice_on", "notice_by", "leaves_on", "ended_on"]

    def __str__(self) -> str:
        return str(self.dwelling)

    @property
    def monthly_cents(self) -> int:
        """Rent, condominium and utilities together: what the shares of its people add up to."""
        return self.rent_cents + self.condominium_cents + self.utilities_cents


class TenancyParty(Record):
    """A person in a tenancy, from when to when, and why and where they went.

    `share_cents`: what they pay each month of rent and expenses together, now; the past is in `TenancyShare`.
    """

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="parties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tenancies")
    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_signatory = models.BooleanField(_("firma"), default=True)
    share_cents = models.PositiveIntegerField(_("quota mensile"), default=0)
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)
    left_because = models.CharField(_("perché"), max_length=12, choices=LeavingReason, blank=True)
    destination = models.CharField(_("dove va"), max_length=12, choices=Destination, blank=True)
    left_note = models.CharField(_("nota sull'uscita"), max_length=400, blank=True)

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
        hidden = ["person", "bed", "share_cents", "left_because", "destination", "left_note"]
        shown = ["public_id", "version", "created_at", "changed_at", "tenancy", "is_signatory", "starts_on"]
        shown += ["ends_on"]


class TenancyShare(models.Model):
    """What a person pays each month from a day on, in cents. The latest row that has begun is the one in force."""

    party = models.ForeignKey(TenancyParty, on_delete=models.CASCADE, related_name="shares")
    starts_on = models.DateField(_("dal"))
    cents = models.PositiveIntegerField(_("quota mensile"))

    objects = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "starts_on"], name="share_is_set_once_a_day")]

    class Privacy:
        hidden = ["party", "cents"]
        shown = ["starts_on"]


class Signature(Record):
    """Who signs a tenancy, in which order, and when they did. `party` for tenants, `name` for the others."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="signatures")
    position = models.PositiveSmallIntegerField(_("ordine"))
    role = models.CharField(_("come"), max_length=9, choices=SignerRole)
    party = models.ForeignKey(
        TenancyParty, on_delete=models.CASCADE, null=True, blank=True, related_name="signatures"
    )
    name = models.CharField(_("nome di chi firma"), max_length=120, blank=True)
    signed_on = models.DateField(_("firmato il"), null=True, blank=True)
    was_explained = models.BooleanField(_("letto e spiegato nella sua lingua"), default=False)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenancy", "position"], name="one_signs_at_a_time"),
            models.CheckConstraint(
                condition=Q(role=SignerRole.TENANT, party__isnull=False)
                | (~Q(role=SignerRole.TENANT) & Q(party__isnull=True)),
                name="a_tenant_signs_as_a_party",
            ),
        ]

    class Privacy:
        hidden = ["party", "name"]
        shown = ["public_id", "version", "created_at", "changed_at", "tenancy", "position", "role"]
        shown += ["signed_on", "was_explained"]


class Extension(Record):
    """A tenancy agreed for longer: the term before and after, the day it was agreed."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="extensions")
    agreed_on = models.DateField(_("concordata il"))
    previous_ends_on = models.DateField(_("scadeva il"), null=True, blank=True)
    ends_on = models.DateField(_("nuova scadenza"))
    note = models.CharField(_("nota"), max_length=400, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("proroga o rinnovo")
        verbose_name_plural = _("proroghe e rinnovi")

    class Privacy:
        hidden = ["note"]
        shown = ["public_id", "version", "created_at", "changed_at", "tenancy", "agreed_on"]
        shown += ["previous_ends_on", "ends_on"]
