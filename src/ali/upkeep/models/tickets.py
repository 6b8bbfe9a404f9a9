from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.core.written import Written, WrittenQuerySet
from ali.housing.models import Dwelling, Room
from ali.people.models import Person
from ali.upkeep.querysets import TicketQuerySet
from ali.upkeep.states import Category, Payer, TicketState, Urgency


class Ticket(Record):
    """Something to repair in a home. `due_on` comes from the urgency's rule, unless somebody said another day.

    `reported_by` is who lives there, when they asked; who wrote it down is `opened_by`.
    """

    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("casa")
    )
    room = models.ForeignKey(
        Room, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stanza")
    )
    category = models.CharField(_("che cosa"), max_length=12, choices=Category)
    urgency = models.CharField(_("urgenza"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    title = models.CharField(_("in breve"), max_length=120)
    description = models.TextField(_("descrizione"), max_length=2000, blank=True)
    state = models.CharField(_("stato"), max_length=10, choices=TicketState, default=TicketState.OPEN)
    reported_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("l'ha chiesto"),
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField(_("aperta il"))
    due_on = models.DateField(_("da risolvere entro"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("collega"),
    )
    firm = models.CharField(_("ditta"), max_length=120, blank=True)
    resolved_on = models.DateField(_("risolta il"), null=True, blank=True)

    objects = models.Manager.from_queryset(TicketQuerySet)()

    class Meta:
        verbose_name = _("segnalazione")
        verbose_name_plural = _("segnalazioni")
        constraints = [
            models.CheckConstraint(
                condition=Q(assigned_to__isnull=True) | Q(firm=""), name="ticket_is_given_to_one"
            )
        ]
        indexes = [models.Index(fields=["dwelling", "state", "due_on"], name="ticket_by_home")]

    class Privacy:
        hidden = ["title", "description", "reported_by", "firm"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "dwelling",
            "room",
            "category",
            "urgency",
        ]
        shown += ["state", "opened_by", "opened_on", "due_on", "assigned_to", "resolved_on"]

    def __str__(self) -> str:
        return self.title

    @property
    def in_hands_of(self) -> str:
        """The colleague or the firm; empty while nobody has it."""
        return self.assigned_to.full_name if self.assigned_to else self.firm


class TicketStep(Written):
    """One thing that happened to a ticket, with the words of who did it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10)
    words = models.CharField(max_length=1000, blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    objects = models.Manager.from_queryset(WrittenQuerySet)()

    class Privacy:
        hidden = ["words"]
        shown = ["ticket", "verb", "taken_by", "taken_at"]


class TicketCost(Record):
    """What a repair cost, in cents, and who pays. A wrong one is withdrawn with a reason and stays on the page."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="costs")
    label = models.CharField(_("per che cosa"), max_length=120)
    cents = models.PositiveBigIntegerField(_("importo"))
    payer = models.CharField(_("chi paga"), max_length=10, choices=Payer, default=Payer.BODY)
    spent_on = models.DateField(_("del"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("costo")
        verbose_name_plural = _("costi")
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="ticket_cost_is_something"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="ticket_cost_is_withdrawn_with_a_reason",
            ),
        ]

    class Privacy:
        hidden = ["label", "withdrawn_reason"]
        shown = ["public_id", "version", "created_at", "changed_at", "ticket", "cents", "payer", "spent_on"]
        shown += ["added_by", "withdrawn_by", "withdrawn_at"]
