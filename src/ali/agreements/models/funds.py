from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from ali.agreements.models.agreements import Agreement
from ali.agreements.querysets import CallQuerySet, CommitmentQuerySet, EntryQuerySet, FundQuerySet
from ali.agreements.states import CallState, EntryKind
from ali.core.models import Record
from ali.core.posted import Posted
from ali.housing.models import Dwelling
from ali.organisations.models import Organisation
from ali.places.models import Municipality


class Fund(Record):
    """A guarantee fund: its rules and, kept with each entry, its sums in cents.

    `balance_cents` = endowment − weighted commitments − calls + recoveries: what is still uncommitted.
    """

    name = models.CharField(_("nome"), max_length=150)
    body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="funds", verbose_name=_("ente che lo tiene")
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("solo per case nel Comune di"),
    )
    max_months = models.PositiveSmallIntegerField(_("mensilità garantite, al massimo"), default=18)
    franchise_months = models.PositiveSmallIntegerField(
        _("franchigia: mensilità che restano a chi dà la casa"), default=0
    )
    needs_involuntary = models.BooleanField(_("solo morosità incolpevole"), default=True)
    weight = models.DecimalField(
        _("peso degli impegni"), max_digits=4, decimal_places=3, default=Decimal("1")
    )
    conditions = models.TextField(_("altre condizioni"), blank=True)
    source = models.CharField(_("atto o regolamento"), max_length=300, blank=True)
    balance_cents = models.BigIntegerField(_("saldo disponibile"), default=0, editable=False)
    endowment_cents = models.BigIntegerField(_("dotazione"), default=0, editable=False)
    committed_cents = models.BigIntegerField(_("impegni ponderati"), default=0, editable=False)
    called_cents = models.BigIntegerField(_("escussioni"), default=0, editable=False)
    recovered_cents = models.BigIntegerField(_("recuperi"), default=0, editable=False)
    closed_on = models.DateField(_("chiuso il"), null=True, blank=True)
    is_invented = models.BooleanField(_("fondo di esempio"), default=False)

    objects = models.Manager.from_queryset(FundQuerySet)()

    class Meta:
        verbose_name = _("fondo di garanzia")
        verbose_name_plural = _("fondi di garanzia")
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=1), name="fund_weight_is_part_of_one"
            ),
            models.CheckConstraint(condition=Q(max_months__gte=1), name="fund_guarantees_a_month"),
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "name", "body", "municipality"]
        shown += ["max_months", "franchise_months", "needs_involuntary", "weight", "conditions", "source"]
        shown += ["balance_cents", "endowment_cents", "committed_cents", "called_cents", "recovered_cents"]
        shown += ["closed_on", "is_invented"]

    def __str__(self) -> str:
        return self.name

    @property
    def cash_cents(self) -> int:
        """What the fund really holds: commitments are promises, not payments."""
        return self.endowment_cents - self.called_cents + self.recovered_cents


class Commitment(Record):
    """What a fund has promised for one contract: so many months of so much. `tenancy` is a public id: an app above."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="commitments")
    number = models.PositiveIntegerField(_("numero"))
    body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("ente garantito")
    )
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="fund_commitments")
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="fund_commitments"
    )
    tenancy = models.UUIDField(null=True, blank=True, db_index=True)
    monthly_cents = models.PositiveIntegerField(_("canone e spese al mese"))
    months = models.PositiveSmallIntegerField(_("mensilità garantite"))
    weight = models.DecimalField(_("peso"), max_digits=4, decimal_places=3)
    called_cents = models.BigIntegerField(_("già pagato dal fondo"), default=0, editable=False)
    weighted_cents = models.BigIntegerField(_("impegno ponderato"), default=0, editable=False)
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)
    released_on = models.DateField(_("liberato il"), null=True, blank=True)

    objects = models.Manager.from_queryset(CommitmentQuerySet)()

    class Meta:
        verbose_name = _("impegno del fondo")
        verbose_name_plural = _("impegni del fondo")
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="commitment_is_numbered_once"),
            models.CheckConstraint(
                condition=Q(monthly_cents__gt=0, months__gt=0), name="commitment_is_worth_something"
            ),
            models.UniqueConstraint(
                fields=["fund", "tenancy"],
                condition=Q(released_on__isnull=True, tenancy__isnull=False),
                name="tenancy_is_guaranteed_once_by_a_fund",
            ),
        ]

    class Privacy:
        hidden = ["tenancy", "dwelling"]
        shown = ["public_id", "version", "created_at", "changed_at", "fund", "number", "body", "agreement"]
        shown += ["monthly_cents", "months", "weight", "called_cents", "weighted_cents", "starts_on"]
        shown += ["ends_on", "released_on"]

    @property
    def most_cents(self) -> int:
        """What the fund pays for it at most."""
        return self.monthly_cents * self.months

    @property
    def left_cents(self) -> int:
        """What the fund may still have to pay."""
        return max(self.most_cents - self.called_cents, 0)


class FundCall(Record):
    """A payment asked of a fund for rent that was not paid: who asked, why, how much, who decided."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="calls")
    state = models.CharField(_("stato"), max_length=7, choices=CallState, default=CallState.ASKED)
    arrears = models.UUIDField(null=True, blank=True, db_index=True)
    arrears_cents = models.PositiveBigIntegerField(_("arretrato"))
    asked_cents = models.PositiveBigIntegerField(_("chiesto al fondo"))
    is_involuntary = models.BooleanField(_("morosità incolpevole"), default=False)
    reason = models.CharField(_("perché si chiede"), max_length=400)
    asked_on = models.DateField(_("chiesta il"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    paid_cents = models.PositiveBigIntegerField(_("pagato dal fondo"), default=0)
    decided_on = models.DateField(_("decisa il"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.CharField(_("motivo della decisione"), max_length=400, blank=True)

    objects = models.Manager.from_queryset(CallQuerySet)()

    class Meta:
        verbose_name = _("escussione del fondo")
        verbose_name_plural = _("escussioni del fondo")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, decided_by__isnull=True, state="asked")
                | (Q(decided_on__isnull=False, decided_by__isnull=False) & ~Q(state="asked")),
                name="call_is_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["commitment"], condition=Q(state="asked"), name="one_call_waits_for_a_commitment"
            ),
        ]

    class Privacy:
        hidden = ["arrears", "arrears_cents", "asked_cents", "paid_cents", "is_involuntary", "reason"]
        hidden += ["decision"]
        shown = ["public_id", "version", "created_at", "changed_at", "commitment", "state", "asked_on"]
        shown += ["asked_by", "decided_on", "decided_by"]


class FundEntry(Posted):
    """One entry of a fund, never changed and never removed: a wrong one is reversed by another, with a reason.

    Cents with the sign they have in the balance: endowments, releases and recoveries add; commitments and calls take away.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("tipo"), max_length=10, choices=EntryKind)
    cents = models.BigIntegerField(_("importo"))
    booked_on = models.DateField(_("data"))
    payer = models.CharField(_("chi versa"), max_length=150, blank=True)
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    call = models.ForeignKey(
        FundCall, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    note = models.CharField(_("causale"), max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal"
    )
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    posted_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager.from_queryset(EntryQuerySet)()

    class Meta:
        verbose_name = _("scrittura del fondo")
        verbose_name_plural = _("scritture del fondo")
        constraints = [
            models.CheckConstraint(condition=~Q(cents=0), name="fund_entry_moves_something"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(note=""), name="fund_reversal_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["fund", "booked_on", "id"], name="fund_entry_by_day")]

    class Privacy:
        hidden = ["payer", "note"]
        shown = ["public_id", "fund", "kind", "cents", "booked_on", "commitment", "call", "reverses"]
        shown += ["posted_by", "posted_at"]
