from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.renovation.models.works import Works
from ali.renovation.querysets import OfWorksQuerySet
from ali.renovation.states import CostCategory, FundingKind, FundingState, Vat


class CostLine(Record):
    """A line of the budget, without VAT: cents."""

    works = models.ForeignKey(Works, on_delete=models.CASCADE, related_name="costs")
    category = models.CharField(_("voce"), max_length=13, choices=CostCategory)
    description = models.CharField(_("descrizione"), max_length=160, blank=True)
    net_cents = models.PositiveBigIntegerField(_("importo senza IVA"))
    vat = models.PositiveSmallIntegerField(_("IVA"), choices=Vat, default=Vat.REDUCED)

    objects = models.Manager.from_queryset(OfWorksQuerySet)()

    class Meta:
        verbose_name = _("voce di costo")
        verbose_name_plural = _("voci di costo")
        constraints = [
            models.CheckConstraint(
                condition=~Q(category=CostCategory.CONTINGENCY), name="contingency_comes_from_its_rate"
            )
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "works", "category", "description"]
        shown += ["net_cents", "vat"]


class Quote(Record):
    """What a firm asks. One is chosen by a person, who says why."""

    works = models.ForeignKey(Works, on_delete=models.CASCADE, related_name="quotes")
    firm = models.CharField(_("impresa"), max_length=120)
    received_on = models.DateField(_("ricevuto il"))
    valid_until = models.DateField(_("valido fino al"), null=True, blank=True)
    working_days = models.PositiveSmallIntegerField(_("giorni di lavoro"), null=True, blank=True)
    takes_trainees = models.PositiveSmallIntegerField(_("posti di tirocinio offerti"), default=0)
    note = models.CharField(_("nota"), max_length=300, blank=True)
    chosen_on = models.DateField(_("scelto il"), null=True, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen_because = models.CharField(_("perché"), max_length=400, blank=True)

    objects = models.Manager.from_queryset(OfWorksQuerySet)()

    class Meta:
        verbose_name = _("preventivo")
        verbose_name_plural = _("preventivi")
        constraints = [
            models.UniqueConstraint(
                fields=["works"], condition=Q(chosen_on__isnull=False), name="one_quote_is_chosen"
            ),
            models.CheckConstraint(
                condition=Q(chosen_on__isnull=True) | (Q(chosen_by__isnull=False) & ~Q(chosen_because="")),
                name="chosen_quote_has_a_person_and_a_reason",
            ),
        ]

    class Privacy:
        hidden = ["firm", "note", "chosen_because"]
        shown = ["public_id", "version", "created_at", "changed_at", "works", "received_on", "valid_until"]
        shown += ["working_days", "takes_trainees", "chosen_on", "chosen_by"]


class QuoteLine(models.Model):
    """What a firm asks for one kind of work, without VAT: cents."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    category = models.CharField(_("voce"), max_length=13, choices=CostCategory)
    net_cents = models.PositiveBigIntegerField(_("importo senza IVA"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "category"], name="category_is_once_in_a_quote")
        ]

    class Privacy:
        hidden = ["net_cents"]
        shown = ["quote", "category"]


class Funding(Record):
    """Money for the works and its conditions. `max_share`: of the costs it may pay; `forbids`: categories it may not pay."""

    works = models.ForeignKey(Works, on_delete=models.CASCADE, related_name="fundings")
    kind = models.CharField(_("da dove viene"), max_length=12, choices=FundingKind)
    funder = models.CharField(_("chi lo dà"), max_length=120, blank=True)
    state = models.CharField(_("stato"), max_length=8, choices=FundingState, default=FundingState.ASKED)
    cents = models.PositiveBigIntegerField(_("importo"))
    max_share = models.DecimalField(_("quota massima"), max_digits=4, decimal_places=3, null=True, blank=True)
    spend_by = models.DateField(_("da spendere entro"), null=True, blank=True)
    report_by = models.DateField(_("da rendicontare entro"), null=True, blank=True)
    forbids = models.JSONField(_("voci che non paga"), default=list, blank=True)
    excludes_public = models.BooleanField(_("non si somma ad altri fondi pubblici"), default=False)
    conditions = models.CharField(_("altre condizioni"), max_length=400, blank=True)

    objects = models.Manager.from_queryset(OfWorksQuerySet)()

    class Meta:
        verbose_name = _("finanziamento")
        verbose_name_plural = _("finanziamenti")
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="funding_is_worth_something"),
            models.CheckConstraint(
                condition=Q(max_share__isnull=True) | Q(max_share__gt=0, max_share__lte=1),
                name="funding_share_is_a_part_of_one",
            ),
        ]

    class Privacy:
        hidden = ["funder", "conditions"]
        shown = ["public_id", "version", "created_at", "changed_at", "works", "kind", "state", "cents"]
        shown += ["max_share", "spend_by", "report_by", "forbids", "excludes_public"]

    def __str__(self) -> str:
        return self.funder or str(self.get_kind_display())


class Expense(Record):
    """An invoice of the works and its payment. Cents."""

    works = models.ForeignKey(Works, on_delete=models.CASCADE, related_name="expenses")
    category = models.CharField(_("voce"), max_length=13, choices=CostCategory)
    supplier = models.CharField(_("fornitore"), max_length=120)
    invoice = models.CharField(_("fattura"), max_length=60)
    invoiced_on = models.DateField(_("data della fattura"))
    net_cents = models.PositiveBigIntegerField(_("importo senza IVA"))
    vat_cents = models.PositiveBigIntegerField(_("IVA"))
    paid_on = models.DateField(_("pagata il"), null=True, blank=True)
    funding = models.ForeignKey(
        Funding, on_delete=models.PROTECT, null=True, blank=True, related_name="expenses"
    )

    objects = models.Manager.from_queryset(OfWorksQuerySet)()

    class Meta:
        verbose_name = _("fattura")
        verbose_name_plural = _("fatture")
        constraints = [
            models.UniqueConstraint(
                fields=["works", "supplier", "invoice", "category"], name="invoice_is_written_once"
            )
        ]

    class Privacy:
        hidden = ["supplier", "invoice"]
        shown = ["public_id", "version", "created_at", "changed_at", "works", "category", "invoiced_on"]
        shown += ["net_cents", "vat_cents", "paid_on", "funding"]

    @property
    def gross_cents(self) -> int:
        return self.net_cents + self.vat_cents
