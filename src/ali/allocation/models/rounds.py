from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.allocation.querysets import ProposalQuerySet, RoundQuerySet
from ali.allocation.states import LIVE_STATES, Handling, Outcome, Party, PinKind, ProposalState, RoundState
from ali.core.models import Record
from ali.housing.models import Bed, Dwelling
from ali.people.models import Household
from ali.places.models import Language, Province


class Criteria(Record):
    """The criteria of a territory: weights of the lawful reasons, and the act that approved them.

    They begin as a draft that is tried on today's facts; somebody who has seen who would gain and who would lose puts them in
    force. Without number and date of the act every round is a simulation. Protected characteristics cannot be weighed.
    """

    title = models.CharField(_("titolo"), max_length=120)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="+")
    weights = models.JSONField(_("pesi"), default=dict)
    act_body = models.CharField(_("ente che li ha approvati"), max_length=120, blank=True)
    act_number = models.CharField(_("atto n."), max_length=40, blank=True)
    act_on = models.DateField(_("del"), null=True, blank=True)
    valid_from = models.DateField(_("valgono dal"))
    is_draft = models.BooleanField(_("in prova"), default=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    enforced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("criteri")
        verbose_name_plural = _("criteri")

    class Privacy:
        hidden: list[str] = []
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "title",
            "province",
            "weights",
            "act_body",
            "act_number",
        ]
        shown += ["act_on", "valid_from", "is_draft", "drafted_by", "enforced_by", "superseded_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_approved(self) -> bool:
        return bool(self.act_number and self.act_on)


class Round(Record):
    """One solution for a territory and a window of days: instance frozen, result certified.

    A trial (`is_trial`) shows what draft criteria would change: nothing of it can be put forward.
    """

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="+")
    criteria = models.ForeignKey(Criteria, on_delete=models.PROTECT, related_name="rounds")
    model = models.CharField(_("modello"), max_length=6, default="shared")
    day = models.DateField(_("giorno di riferimento"))
    window_days = models.PositiveSmallIntegerField(_("giorni"), default=90)
    state = models.CharField(_("stato"), max_length=10, choices=RoundState, default=RoundState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    progress_note = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_trial = models.BooleanField(_("prova di criteri"), default=False)
    seed = models.PositiveIntegerField(default=1)
    keep_bonus = models.PositiveIntegerField(default=0)
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    instance = models.BinaryField(null=True, editable=False)
    input_sha256 = models.CharField(max_length=64, blank=True)
    rules = models.JSONField(_("regole applicate"), default=list)
    certificate = models.JSONField(default=dict)
    households = models.PositiveIntegerField(_("nuclei"), default=0)
    places = models.PositiveIntegerField(_("posti"), default=0)
    housed = models.PositiveIntegerField(_("nuclei con una casa"), default=0)
    failure = models.CharField(max_length=400, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("giro di abbinamento")
        verbose_name_plural = _("giri di abbinamento")

    class Privacy:
        hidden = ["instance"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "province",
            "criteria",
            "model",
            "day",
            "window_days",
        ]
        shown += [
            "state",
            "progress",
            "progress_note",
            "asked_by",
            "seed",
            "keep_bonus",
            "previous",
            "input_sha256",
            "rules",
        ]
        shown += ["certificate", "households", "places", "housed", "failure", "ended_at", "is_trial"]

    @property
    def without(self) -> int:
        """How many households have no home."""
        return self.households - self.housed


class RoundEntry(Record):
    """What a round says of one household: the home and why, or the rule that stopped most homes and what would help.

    `dwelling` is the home now; `suggested` is kept when people exchanged it and is the engine's. `free_on` is the day of
    the bed that the household would take, which in a shared home may be later than that of the first bed. `solidity` is
    the share of the trials, per cent, in which small changes of the facts leave the household the engine's home.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="entries")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    persons = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    suggested = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    free_on = models.DateField(_("la casa è libera dal"), null=True, blank=True)
    is_free_sure = models.BooleanField(_("data sicura"), default=True)
    weight = models.BigIntegerField(default=0)
    solidity = models.PositiveSmallIntegerField(_("solidità"), null=True, blank=True)
    reasons = models.JSONField(default=list)
    stopped_by = models.JSONField(default=list)
    would_help = models.JSONField(default=dict)
    band = models.CharField(max_length=6, blank=True)
    handling = models.CharField(max_length=12, choices=Handling, default=Handling.OPEN)
    handling_reason = models.CharField(_("motivo"), max_length=400, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "household"], name="household_is_once_in_a_round"),
            models.CheckConstraint(
                condition=models.Q(solidity__isnull=True) | models.Q(solidity__lte=100),
                name="solidity_is_a_percentage",
            ),
        ]

    class Privacy:
        hidden = ["household", "dwelling", "suggested", "reasons", "stopped_by", "would_help", "band"]
        hidden += ["handling_reason"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "round",
            "persons",
            "outcome",
            "free_on",
            "is_free_sure",
            "weight",
            "solidity",
            "handling",
        ]

    @property
    def engine_home(self) -> int | None:
        """The home (its id) that the engine proposed, whatever people made of it."""
        return self.suggested_id or self.dwelling_id


class Pin(models.Model):
    """An officer's «this home» or «not this home» for the next rounds, with the reason typed by a person."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="pins")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="pins")
    kind = models.CharField(max_length=6, choices=PinKind)
    reason = models.CharField(_("motivo"), max_length=400)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "dwelling"], name="pin_is_set_once")]

    class Privacy:
        hidden = ["household", "dwelling", "reason"]
        shown = ["kind", "set_by", "set_at"]


class Proposal(Record):
    """One home for one household, and its three signatures. `rank` 0 is the best, 1 and 2 the reserves."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="proposals")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="proposals")
    entry = models.ForeignKey(
        RoundEntry, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposals"
    )
    state = models.CharField(
        _("stato"), max_length=18, choices=ProposalState, default=ProposalState.PUT_FORWARD
    )
    persons = models.PositiveSmallIntegerField()
    starts_on = models.DateField(_("dal"))
    reasons = models.JSONField(default=list)
    rules = models.JSONField(_("regole applicate"), default=list)
    band = models.CharField(max_length=6, blank=True)
    has_conflict = models.BooleanField(_("conflitto di interessi da valutare"), default=False)
    conflict_note = models.CharField(max_length=300, blank=True)
    officer_reason = models.CharField(_("motivo della prefettura"), max_length=400)
    is_changed_by_person = models.BooleanField(_("diversa dalla proposta del calcolo"), default=False)
    put_forward_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    put_forward_at = models.DateTimeField()
    home_answer_by_day = models.DateField(_("l'ente della casa risponde entro"))
    home_answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    home_answered_at = models.DateTimeField(null=True, blank=True)
    home_reason = models.CharField(_("motivo dell'ente della casa"), max_length=400, blank=True)
    visit_on = models.DateTimeField(_("visita della casa"), null=True, blank=True)
    household_answer_by_day = models.DateField(_("il nucleo risponde entro"), null=True, blank=True)
    household_answered_at = models.DateTimeField(null=True, blank=True)
    household_answer_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    household_reason = models.CharField(_("che cosa ha detto il nucleo"), max_length=400, blank=True)
    household_language = models.ForeignKey(
        Language, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    household_with_mediator = models.BooleanField(_("con mediatore"), default=False)
    household_signed_paper = models.BooleanField(_("foglio firmato"), default=False)
    ended_reason = models.CharField(max_length=400, blank=True)
    committee_item = models.ForeignKey(
        "allocation.AgendaItem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("decisione del comitato"),
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposta")
        verbose_name_plural = _("proposte")
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=[state.value for state in LIVE_STATES]),
                name="one_live_proposal_per_household",
            )
        ]
        indexes = [models.Index(fields=["dwelling", "state"], name="proposal_by_dwelling")]

    class Privacy:
        hidden = [
            "household",
            "dwelling",
            "reasons",
            "band",
            "conflict_note",
            "officer_reason",
            "home_reason",
            "household_reason",
        ]
        hidden += ["household_language", "household_with_mediator", "ended_reason", "committee_item"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "entry",
            "state",
            "persons",
            "starts_on",
            "rules",
        ]
        shown += [
            "has_conflict",
            "is_changed_by_person",
            "put_forward_by",
            "put_forward_at",
            "home_answer_by_day",
        ]
        shown += [
            "home_answered_by",
            "home_answered_at",
            "visit_on",
            "household_answer_by_day",
            "household_answered_at",
        ]
        shown += ["household_answer_recorded_by", "household_signed_paper"]


class ProposalOpening(models.Model):
    """Who opened a proposal, for which party, when: a proposal nobody opened is never confirmed."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="openings")
    party = models.CharField(max_length=10, choices=Party)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "party", "user"], name="opening_is_noted_once")
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["proposal", "party", "user", "opened_at"]


class BedHold(models.Model):
    """A bed kept for a live proposal. The constraint is what keeps two officers from giving one bed twice."""

    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="holds")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="holds")
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bed"], condition=Q(is_live=True), name="bed_is_held_once")
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["bed", "proposal", "is_live"]


class Placement(Record):
    """A household in a home: made by the third signature alone."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="placement")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="placements")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="placements")
    starts_on = models.DateField(_("dal"))
    ended_on = models.DateField(_("finito il"), null=True, blank=True)

    objects = models.Manager()

    class Privacy:
        hidden = ["household", "dwelling"]
        shown = ["public_id", "version", "created_at", "changed_at", "proposal", "starts_on", "ended_on"]
