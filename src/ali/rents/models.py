from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from ali.core.models import Record
from ali.core.posted import Posted, PostedQuerySet
from ali.housing.models import Dwelling
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.rents.querysets import (
    AccountQuerySet,
    BankMovementQuerySet,
    MonthlyTotalQuerySet,
    MovementQuerySet,
    OfAccountQuerySet,
)
from ali.rents.states import MONTHLY, ArrearsState, BankState, Book, Cause, MovementKind, PlanState
from ali.tenancies.models import TenancyParty


class Account(Record):
    """What one person in one tenancy owes and has paid. Cents: positive is owed to the landlord, negative is in advance.

    `balance_cents` and `deposit_cents` are kept by `ledger.post` in the transaction that writes each movement.
    """

    party = models.OneToOneField(TenancyParty, on_delete=models.PROTECT, related_name="account")
    landlord = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rent_accounts")
    balance_cents = models.BigIntegerField(_("saldo"), default=0)
    deposit_cents = models.BigIntegerField(_("deposito custodito"), default=0)

    objects = models.Manager.from_queryset(AccountQuerySet)()

    class Meta:
        verbose_name = _("conto del canone")
        verbose_name_plural = _("conti dei canoni")
        indexes = [models.Index(fields=["landlord", "balance_cents"], name="account_by_balance")]

    class Privacy:
        hidden = ["party", "dwelling", "person", "balance_cents", "deposit_cents"]
        shown = ["public_id", "version", "created_at", "changed_at", "landlord"]

    @property
    def advance_cents(self) -> int:
        """What was paid in advance."""
        return max(0, -self.balance_cents)


class BankMovement(Record):
    """A credit on the body's bank account as the bank's file says it, until a person says whose payment it is.

    `digest` makes the same file change nothing the second time. The proposal is a hint with its reasons: it posts nothing.
    """

    landlord = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, editable=False)
    booked_on = models.DateField(_("data contabile"))
    value_on = models.DateField(_("valuta"), null=True, blank=True)
    cents = models.BigIntegerField(_("importo"))
    payer_name = models.CharField(_("chi paga"), max_length=140, blank=True)
    payer_iban = models.CharField(_("IBAN di chi paga"), max_length=34, blank=True)
    cause = models.CharField(_("causale"), max_length=600, blank=True)
    reference = models.CharField(_("riferimento della banca"), max_length=80, blank=True)
    state = models.CharField(_("stato"), max_length=9, choices=BankState, default=BankState.PROPOSED)
    proposed = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposta"),
    )
    score = models.PositiveSmallIntegerField(_("quanto è probabile"), default=0)
    reasons = models.JSONField(default=list)
    ignored_because = models.CharField(_("perché non è un canone"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(BankMovementQuerySet)()

    class Meta:
        verbose_name = _("movimento bancario")
        verbose_name_plural = _("movimenti bancari")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "digest"], name="bank_movement_is_kept_once"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="bank_movement_is_a_credit"),
        ]
        indexes = [models.Index(fields=["landlord", "state", "booked_on"], name="bank_movement_by_state")]

    class Privacy:
        hidden = ["payer_name", "payer_iban", "cause", "reference", "proposed", "reasons", "ignored_because"]
        hidden += ["cents", "digest"]
        shown = ["public_id", "version", "created_at", "changed_at", "landlord", "booked_on", "value_on"]
        shown += ["state", "score"]


class Movement(Posted):
    """One posting, never changed and never removed: an error is corrected by a movement that reverses it, with a reason.

    Cents: in the book of rent positive is owed and negative is paid; in the book of deposits positive is held.
    `period` is the first day of the month it belongs to. `is_regular`: written by the monthly run, once per kind and month.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="movements")
    book = models.CharField(max_length=7, choices=Book, default=Book.RENT)
    kind = models.CharField(_("tipo"), max_length=12, choices=MovementKind)
    cents = models.BigIntegerField(_("importo"))
    booked_on = models.DateField(_("data"))
    period = models.DateField(_("mese"))
    due_on = models.DateField(_("da pagare entro"), null=True, blank=True)
    cause = models.CharField(_("causale"), max_length=200, blank=True)
    is_regular = models.BooleanField(_("scritto dal giro mensile"), default=False)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal"
    )
    reason = models.CharField(_("motivo della rettifica"), max_length=300, blank=True)
    bank = models.ForeignKey(
        BankMovement, on_delete=models.PROTECT, null=True, blank=True, related_name="movements"
    )
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    posted_at = models.DateTimeField(auto_now_add=True)

    left: int  # what `with_left` adds

    objects = models.Manager.from_queryset(MovementQuerySet)()

    class Meta:
        verbose_name = _("movimento")
        verbose_name_plural = _("movimenti")
        constraints = [
            models.CheckConstraint(condition=~Q(cents=0), name="movement_moves_something"),
            models.CheckConstraint(condition=Q(period__day=1), name="movement_period_is_a_month"),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(reason=""), name="reversal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, cents__lte=0)
                | Q(reverses__isnull=False)
                | Q(book=Book.DEPOSIT)
                | Q(due_on__isnull=False),
                name="charge_has_a_due_day",
            ),
            models.UniqueConstraint(
                fields=["account", "kind", "period"],
                condition=Q(is_regular=True, kind__in=MONTHLY),
                name="one_regular_charge_a_month",
            ),
        ]
        indexes = [models.Index(fields=["account", "booked_on", "id"], name="movement_by_day")]

    class Privacy:
        hidden = ["account", "cents", "cause", "reason", "bank"]
        shown = ["public_id", "book", "kind", "booked_on", "period", "due_on", "is_regular", "reverses"]
        shown += ["posted_by", "posted_at"]

    @property
    def is_charge(self) -> bool:
        """Whether it raises what is owed."""
        return self.book == Book.RENT and self.cents > 0


class Settlement(models.Model):
    """Which credit paid how much of which charge. Never changed: taken back by a row with the opposite sign."""

    charge = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="settled_by")
    credit = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="settles")
    cents = models.BigIntegerField(_("importo"))

    objects = models.Manager.from_queryset(PostedQuerySet)()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(cents=0), name="settlement_moves_something")]

    class Privacy:
        hidden = ["charge", "credit", "cents"]
        shown: list[str] = []


class MonthlyTotal(models.Model):
    """What was due, paid and written off for a dwelling in a month: kept with each posting, equal to the raw sums."""

    landlord = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(_("mese"))
    due_cents = models.BigIntegerField(_("dovuto"), default=0)
    paid_cents = models.BigIntegerField(_("pagato"), default=0)
    forgiven_cents = models.BigIntegerField(_("abbuonato"), default=0)

    objects = models.Manager.from_queryset(MonthlyTotalQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "dwelling", "month"], name="total_is_kept_once")
        ]
        indexes = [models.Index(fields=["landlord", "month"], name="total_by_month")]

    class Privacy:
        hidden: list[str] = []
        shown = ["landlord", "dwelling", "month", "due_cents", "paid_cents", "forgiven_cents"]

    @property
    def arrears_cents(self) -> int:
        """What of this month is neither paid nor written off; negative when more was paid."""
        return self.due_cents - self.paid_cents - self.forgiven_cents


class KnownPayer(models.Model):
    """Who has paid for an account before, as the bank writes them: learnt when a person confirms."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="payers")
    iban = models.CharField(max_length=34, blank=True)
    name = models.CharField(max_length=140, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "iban", "name"], name="payer_is_known_once")
        ]
        indexes = [models.Index(fields=["iban"], name="payer_by_iban")]

    class Privacy:
        hidden = ["account", "iban", "name"]
        shown: list[str] = []


class Arrears(Record):
    """An arrears from the first unpaid charge to its recovery. The sums are kept; the state moves only by a person's hand.

    `recover` alone happens by itself, when nothing overdue is left.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="arrears")
    state = models.CharField(_("stato"), max_length=9, choices=ArrearsState, default=ArrearsState.LATE)
    opened_on = models.DateField(_("aperto il"))
    since = models.DateField(_("non pagato dal"))
    overdue_cents = models.BigIntegerField(_("scaduto"))
    cause = models.CharField(_("causa incolpevole"), max_length=14, choices=Cause, blank=True)
    cause_reason = models.CharField(_("motivo"), max_length=300, blank=True)
    closed_on = models.DateField(_("chiuso il"), null=True, blank=True)

    objects = models.Manager.from_queryset(OfAccountQuerySet)()

    class Meta:
        verbose_name = _("arretrato")
        verbose_name_plural = _("arretrati")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(closed_on__isnull=True), name="one_open_arrears_per_account"
            ),
            models.CheckConstraint(
                condition=Q(cause="") | ~Q(cause_reason=""), name="involuntary_arrears_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["since"], condition=Q(closed_on__isnull=True), name="open_arrears")]

    class Privacy:
        hidden = ["account", "state", "since", "overdue_cents", "cause", "cause_reason"]
        shown = ["public_id", "version", "created_at", "changed_at", "opened_on", "closed_on"]

    @property
    def is_involuntary(self) -> bool:
        return self.cause != ""

    def days_on(self, day: Any) -> int:  # Any: a date; annotations of dates confuse nobody here
        """Return for how many days the oldest charge has been unpaid."""
        return int((day - self.since).days)


class ArrearsStep(models.Model):
    """A step of the ladder that a person took, with the day and what came of it."""

    arrears = models.ForeignKey(Arrears, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20)
    done_on = models.DateField(_("fatto il"))
    outcome = models.CharField(_("esito"), max_length=400)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)

    class Privacy:
        hidden = ["arrears", "verb", "outcome"]
        shown = ["done_on", "done_by", "written_at"]


class Plan(Record):
    """A repayment plan: the charges it covers, in instalments. What was repaid is what is no longer open of them."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(_("stato"), max_length=7, choices=PlanState, default=PlanState.RUNNING)
    agreed_on = models.DateField(_("concordato il"))
    total_cents = models.PositiveBigIntegerField(_("totale"))
    charges = models.ManyToManyField(Movement, related_name="plans")
    ended_on = models.DateField(_("finito il"), null=True, blank=True)
    ended_because = models.CharField(_("perché è stato interrotto"), max_length=300, blank=True)

    objects = models.Manager.from_queryset(OfAccountQuerySet)()

    class Meta:
        verbose_name = _("piano di rientro")
        verbose_name_plural = _("piani di rientro")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state=PlanState.RUNNING), name="one_running_plan_per_account"
            )
        ]

    class Privacy:
        hidden = ["account", "total_cents", "charges", "ended_because"]
        shown = ["public_id", "version", "created_at", "changed_at", "state", "agreed_on", "ended_on"]


class Instalment(models.Model):
    """One instalment of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField(_("rata"))
    due_on = models.DateField(_("entro il"))
    cents = models.PositiveBigIntegerField(_("importo"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="instalment_is_numbered_once"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="instalment_is_worth_something"),
        ]

    class Privacy:
        hidden = ["plan", "cents"]
        shown = ["number", "due_on"]
