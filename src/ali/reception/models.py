from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.places.models import Language, Municipality, Province
from ali.reception.querysets import CentreQuerySet, ContractQuerySet, ExitQuerySet, StayQuerySet
from ali.reception.states import (
    OPEN_STATES,
    CentreKind,
    ExitCause,
    ExitEvent,
    ExitReason,
    ExitState,
    ExtensionAnswer,
    ExtensionAsker,
    GapState,
    ReadingStatus,
    Solution,
)


class Contract(Record):
    """A public contract for reception, as read from ANAC's free text; a person confirms the doubtful readings."""

    cig = models.CharField("CIG", max_length=10, unique=True)
    subject = models.TextField(_("oggetto"))
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="+")
    buyer = models.CharField(_("amministrazione"), max_length=200, blank=True)
    manager_name = models.CharField(_("ente gestore (dal testo)"), max_length=200, blank=True)
    manager = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("tipo"), max_length=5, choices=CentreKind, blank=True)
    places = models.PositiveIntegerField(_("posti"), null=True, blank=True)
    municipalities = models.ManyToManyField(Municipality, blank=True, related_name="+")
    starts_on = models.DateField(_("dal"), null=True, blank=True)
    ends_on = models.DateField(_("al"), null=True, blank=True)
    published_on = models.DateField(_("pubblicato il"), null=True, blank=True)
    reading = models.CharField(
        _("lettura"), max_length=10, choices=ReadingStatus, default=ReadingStatus.DOUBTFUL
    )
    confidence = models.FloatField(_("affidabilità"), default=0)
    evidence = models.JSONField(default=dict, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contratto")
        verbose_name_plural = _("contratti")

    class Privacy:
        hidden: list[str] = []
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "cig",
            "subject",
            "province",
            "buyer",
            "manager_name",
        ]
        shown += [
            "manager",
            "kind",
            "places",
            "municipalities",
            "starts_on",
            "ends_on",
            "published_on",
            "reading",
        ]
        shown += ["confidence", "evidence", "confirmed_by", "confirmed_at"]

    def __str__(self) -> str:
        return self.cig


class Centre(Record):
    """A reception centre or group of flats. `unavailable_places` are closed for any reason (works, hygiene, reserve)."""

    name = models.CharField(_("nome"), max_length=120)
    manager = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="centres", verbose_name=_("ente gestore")
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("Comune")
    )
    address = models.CharField(_("indirizzo"), max_length=200, blank=True)
    kind = models.CharField(_("tipo"), max_length=5, choices=CentreKind, default=CentreKind.FLATS)
    contract = models.ForeignKey(
        Contract, on_delete=models.SET_NULL, null=True, blank=True, related_name="centres"
    )
    places = models.PositiveIntegerField(_("posti"))
    unavailable_places = models.PositiveIntegerField(_("posti non disponibili"), default=0)
    closes_on = models.DateField(_("chiude il"), null=True, blank=True)
    is_invented = models.BooleanField(_("centro di esempio"), default=False)

    objects = CentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("centro")
        verbose_name_plural = _("centri")

    class Privacy:
        hidden = ["address"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "name",
            "manager",
            "municipality",
            "kind",
            "contract",
        ]
        shown += ["places", "unavailable_places", "closes_on", "is_invented"]

    def __str__(self) -> str:
        return self.name


class AnnouncedArrival(Record):
    """Arrivals announced for a centre: they take places before they have names."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="announced_arrivals")
    expected_on = models.DateField(_("attesi il"))
    persons = models.PositiveIntegerField(_("persone"))
    arrived_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at"]
        shown += ["centre", "expected_on", "persons", "arrived_at"]


class Stay(Record):
    """A person's stay in a centre: dates, half open; the day of leaving is not a night."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stays")
    centre = models.ForeignKey(
        Centre, on_delete=models.PROTECT, related_name="stays", verbose_name=_("centro")
    )
    entered_on = models.DateField(_("entrata"))
    left_on = models.DateField(_("uscita"), null=True, blank=True)
    left_because = models.CharField(_("motivo"), max_length=3, choices=ExitReason, blank=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(left_on__isnull=True), name="one_open_stay_per_person"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("entered_on")),
                name="stay_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["centre", "left_on"], name="stay_by_centre")]

    class Privacy:
        hidden = ["person", "centre", "entered_on", "left_on", "left_because"]
        shown = ["public_id", "version", "created_at", "changed_at"]


class Exit(Record):
    """The end of a person's reception, from first expectation to the day they left.

    `leaves_on` is what lists sort by: the communicated day when there is one, otherwise the proposed or expected one.
    The clock's date is proposed with its reason (`proposed_because`, `rule`), never imposed.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exits")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="exits")
    state = models.CharField(_("stato"), max_length=14, choices=ExitState, default=ExitState.EXPECTED)
    cause = models.CharField(_("perché"), max_length=12, choices=ExitCause)
    awaited_event = models.CharField(_("evento atteso"), max_length=20, choices=ExitEvent, blank=True)
    event_on = models.DateField(_("data dell'evento"), null=True, blank=True)
    leaves_on = models.DateField(_("esce il"), null=True, blank=True)
    proposed_because = models.CharField(_("motivo della data proposta"), max_length=400, blank=True)
    rule = models.JSONField(_("regola applicata"), null=True, blank=True)
    communicated_on = models.DateField(_("comunicata il"), null=True, blank=True)
    decree_number = models.CharField(_("decreto n."), max_length=40, blank=True)
    decree_on = models.DateField(_("del"), null=True, blank=True)
    decree_protocol = models.CharField(_("protocollo"), max_length=40, blank=True)
    notified_on = models.DateField(_("notificata il"), null=True, blank=True)
    notified_language = models.ForeignKey(
        Language, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    notified_with_mediator = models.BooleanField(_("con mediatore"), default=False)
    suspended_on = models.DateField(_("sospesa il"), null=True, blank=True)
    suspended_by = models.CharField(_("giudice e provvedimento"), max_length=200, blank=True)
    beyond_nights_paid_by = models.CharField(
        _("notti oltre il termine: chi paga"), max_length=120, blank=True
    )
    done_on = models.DateField(_("uscita avvenuta il"), null=True, blank=True)
    done_reason = models.CharField(_("esito"), max_length=3, choices=ExitReason, blank=True)
    done_note = models.CharField(_("spiegazione"), max_length=400, blank=True)
    residence_declared_on = models.DateField(_("residenza dichiarata il"), null=True, blank=True)
    questura_told_on = models.DateField(_("Questura avvisata il"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confermata dalla prefettura"), null=True, blank=True)

    solution = models.CharField(_("soluzione"), max_length=16, choices=Solution, default=Solution.NONE)
    solution_note = models.CharField(_("dettaglio"), max_length=200, blank=True)
    solution_at = models.DateTimeField(null=True, blank=True)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chi segue"),
    )
    next_step = models.CharField(_("prossimo passo"), max_length=200, blank=True)
    next_step_on = models.DateField(_("entro il"), null=True, blank=True)

    gap_papers = models.PositiveSmallIntegerField(_("documenti"), choices=GapState, default=GapState.UNKNOWN)
    gap_income = models.PositiveSmallIntegerField(_("reddito"), choices=GapState, default=GapState.UNKNOWN)
    gap_home = models.PositiveSmallIntegerField(_("casa"), choices=GapState, default=GapState.UNKNOWN)
    gap_language = models.PositiveSmallIntegerField(_("italiano"), choices=GapState, default=GapState.UNKNOWN)
    gap_network = models.PositiveSmallIntegerField(_("rete"), choices=GapState, default=GapState.UNKNOWN)

    objects = ExitQuerySet.as_manager()

    class Meta:
        verbose_name = _("uscita")
        verbose_name_plural = _("uscite")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
                name="one_open_exit_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExitState.DONE) | Q(done_on__isnull=False) & ~Q(done_reason=""),
                name="done_exit_has_day_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="exit_confirmed_by_and_at_together",
            ),
        ]
        indexes = [models.Index(fields=["state", "leaves_on"], name="exit_by_day")]

    class Privacy:
        hidden = [
            "person",
            "stay",
            "cause",
            "decree_number",
            "decree_protocol",
            "suspended_by",
            "solution_note",
            "done_note",
        ]
        hidden += [
            "next_step",
            "beyond_nights_paid_by",
            "proposed_because",
            "notified_language",
            "notified_with_mediator",
        ]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "state",
            "awaited_event",
            "event_on",
            "leaves_on",
            "rule",
        ]
        shown += [
            "communicated_on",
            "decree_on",
            "notified_on",
            "suspended_on",
            "done_on",
            "done_reason",
            "residence_declared_on",
            "questura_told_on",
            "confirmed_by",
        ]
        shown += ["confirmed_at", "solution", "solution_at", "owner", "next_step_on"]
        shown += ["gap_papers", "gap_income", "gap_home", "gap_language", "gap_network"]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def nights_beyond_on(self, day: date) -> int:
        """Return the nights spent in the centre after the day of leaving, up to `day` or to the departure."""
        last = self.done_on or day
        if self.state == ExitState.SUSPENDED or self.leaves_on is None:
            return 0
        return max((last - self.leaves_on).days, 0)


class ExitExtension(Record):
    """A request for more days: who asked, how many, why, and the answer."""

    exit = models.ForeignKey(Exit, on_delete=models.CASCADE, related_name="extensions")
    asked_by = models.CharField(_("chi la chiede"), max_length=12, choices=ExtensionAsker)
    asked_on = models.DateField(_("chiesta il"))
    days = models.PositiveIntegerField(_("giorni"))
    reason = models.CharField(_("motivo"), max_length=400)
    answer = models.CharField(
        _("risposta"), max_length=8, choices=ExtensionAnswer, default=ExtensionAnswer.WAITING
    )
    answered_on = models.DateField(_("risposta del"), null=True, blank=True)
    answer_reason = models.CharField(_("motivo della risposta"), max_length=400, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(days__gte=1), name="extension_has_days")]

    class Privacy:
        hidden = ["reason", "answer_reason"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "exit",
            "asked_by",
            "asked_on",
            "days",
            "answer",
            "answered_on",
        ]
