from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.housing.models import Dwelling, Room
from ali.tenancies.models.tenancies import Tenancy, TenancyParty
from ali.tenancies.querysets import OfDwellingQuerySet, OfTenancyQuerySet
from ali.tenancies.states import Condition, HandOverKind, Meter


class Key(Record):
    """A key of a dwelling, or of one room, and how many copies the body has had made."""

    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="keys")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="keys")
    label = models.CharField(_("che cosa apre"), max_length=60)
    copies = models.PositiveSmallIntegerField(_("copie"), default=1)

    objects = OfDwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("chiave")
        verbose_name_plural = _("chiavi")
        constraints = [models.CheckConstraint(condition=Q(copies__gte=1), name="key_has_a_copy")]

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "dwelling", "room", "label", "copies"]

    def __str__(self) -> str:
        return self.label


class KeyLoan(Record):
    """Copies of a key in somebody's hands: a tenant (`party`), or a colleague or craftsman by name."""

    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="loans")
    party = models.ForeignKey(
        TenancyParty, on_delete=models.PROTECT, null=True, blank=True, related_name="key_loans"
    )
    holder_name = models.CharField(_("a chi"), max_length=120, blank=True)
    copies = models.PositiveSmallIntegerField(_("copie"), default=1)
    given_on = models.DateField(_("consegnate il"))
    returned_on = models.DateField(_("restituite il"), null=True, blank=True)
    is_lost = models.BooleanField(_("perse"), default=False)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(copies__gte=1), name="key_loan_has_a_copy"),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | ~Q(holder_name=""), name="key_loan_has_a_holder"
            ),
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True) | Q(returned_on__gte=F("given_on")),
                name="key_comes_back_after_it_went",
            ),
        ]

    class Privacy:
        hidden = ["party", "holder_name"]
        shown = ["public_id", "version", "created_at", "changed_at", "key", "copies", "given_on"]
        shown += ["returned_on", "is_lost"]


class InventoryItem(Record):
    """Something of the body's in a dwelling: what, how many, in which room. One taken away keeps its history."""

    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="inventory")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="inventory")
    label = models.CharField(_("che cosa"), max_length=80)
    quantity = models.PositiveSmallIntegerField(_("quanti"), default=1)
    removed_on = models.DateField(_("portato via il"), null=True, blank=True)

    objects = OfDwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("oggetto dell'inventario")
        verbose_name_plural = _("inventario")

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "dwelling", "room", "label", "quantity"]
        shown += ["removed_on"]

    def __str__(self) -> str:
        return self.label


class HandOver(Record):
    """A dwelling handed over, or back: the day, who was there, what was noticed. `party` when one flatmate leaves alone."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.CASCADE, related_name="hand_overs")
    party = models.ForeignKey(
        TenancyParty, on_delete=models.CASCADE, null=True, blank=True, related_name="hand_overs"
    )
    kind = models.CharField(_("verbale di"), max_length=3, choices=HandOverKind)
    done_on = models.DateField(_("il"))
    for_body = models.CharField(_("per l'ente"), max_length=120)
    notes = models.TextField(_("che cosa si è notato"), blank=True)

    objects = OfTenancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("verbale di consegna")
        verbose_name_plural = _("verbali di consegna")

    class Privacy:
        hidden = ["party", "for_body", "notes"]
        shown = ["public_id", "version", "created_at", "changed_at", "tenancy", "kind", "done_on"]


class MeterReading(models.Model):
    """What a meter says on the day of a hand-over."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="readings")
    meter = models.CharField(_("contatore"), max_length=11, choices=Meter)
    code = models.CharField(_("codice POD o PDR"), max_length=20, blank=True)
    value = models.DecimalField(_("lettura"), max_digits=12, decimal_places=2)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "meter"], name="meter_is_read_once_a_hand_over")
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["hand_over", "meter", "code", "value"]


class ItemCheck(models.Model):
    """How something of the inventory was found on the day of a hand-over."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="checks")
    item = models.ForeignKey(InventoryItem, on_delete=models.PROTECT, related_name="checks")
    condition = models.CharField(_("stato"), max_length=7, choices=Condition)
    note = models.CharField(_("nota"), max_length=200, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "item"], name="item_is_checked_once_a_hand_over")
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["hand_over", "item", "condition", "note"]
