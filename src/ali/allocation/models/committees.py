from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from ali.allocation.models.rounds import Proposal, RoundEntry
from ali.allocation.querysets import CommitteeQuerySet, CommitteeSessionQuerySet
from ali.allocation.states import ItemOutcome, Position, SessionState, VoteKind
from ali.core.models import Record
from ali.core.written import Written, WrittenQuerySet
from ali.housing.models import Dwelling
from ali.organisations.models import Organisation
from ali.people.models import Household

USER = settings.AUTH_USER_MODEL


class HousingCommittee(Record):
    """The committee of a body that says who lives in its free homes, with the criteria it follows and the act behind them."""

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="committees")
    name = models.CharField(_("nome"), max_length=120)
    criteria = models.TextField(_("criteri"), max_length=6000)
    act_number = models.CharField(_("atto n."), max_length=40, blank=True)
    act_on = models.DateField(_("del"), null=True, blank=True)

    objects = models.Manager.from_queryset(CommitteeQuerySet)()

    class Meta:
        verbose_name = _("comitato di assegnazione")
        verbose_name_plural = _("comitati di assegnazione")

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "body", "name", "criteria"]
        shown += ["act_number", "act_on"]

    def __str__(self) -> str:
        return self.name


class CommitteeMember(Record):
    """Who sits in a committee, as what, from when to when (the last day included)."""

    committee = models.ForeignKey(HousingCommittee, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("componente"))
    position = models.CharField(_("come"), max_length=8, choices=Position, default=Position.MEMBER)
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "user"], condition=Q(ends_on__isnull=True), name="member_sits_once"
            ),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(position="chair", ends_on__isnull=True),
                name="committee_has_one_chair",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="member_ends_after_start",
            ),
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "committee", "user", "position"]
        shown += ["starts_on", "ends_on"]

    @property
    def is_chair(self) -> bool:
        return self.position == Position.CHAIR


class CommitteeSession(Record):
    """One meeting of a committee: planned, open to declarations and votes, closed with its outcomes, signed."""

    committee = models.ForeignKey(HousingCommittee, on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField(_("giorno"))
    place = models.CharField(_("dove"), max_length=120, blank=True)
    state = models.CharField(_("stato"), max_length=9, choices=SessionState, default=SessionState.PLANNED)
    rules = models.JSONField(_("regole applicate"), default=list)
    cancelled_reason = models.CharField(max_length=300, blank=True)

    objects = models.Manager.from_queryset(CommitteeSessionQuerySet)()

    class Meta:
        verbose_name = _("seduta del comitato")
        verbose_name_plural = _("sedute del comitato")
        indexes = [models.Index(fields=["committee", "held_on"], name="session_by_day")]

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "committee", "held_on", "place", "state"]
        shown += ["rules", "cancelled_reason"]


class AgendaItem(Record):
    """One free home on the agenda, and what the committee decided of it."""

    session = models.ForeignKey(CommitteeSession, on_delete=models.CASCADE, related_name="items")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="+")
    beds = models.PositiveSmallIntegerField(_("posti liberi"), default=0)
    outcome = models.CharField(max_length=9, choices=ItemOutcome, blank=True)
    chosen = models.ForeignKey(
        "CommitteeCandidate", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_chair = models.BooleanField(_("a parità ha deciso chi presiede"), default=False)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "dwelling"], name="home_is_once_on_the_agenda"),
            models.CheckConstraint(
                condition=Q(outcome="chosen", chosen__isnull=False)
                | (~Q(outcome="chosen") & Q(chosen__isnull=True)),
                name="item_chosen_says_whom",
            ),
        ]

    class Privacy:
        hidden = ["dwelling", "chosen"]
        shown = ["public_id", "version", "created_at", "changed_at", "session", "beds", "outcome", "by_chair"]


class CommitteeCandidate(Written):
    """A household considered for a home: by its proposal, or by what a round under approved criteria suggests.

    What is kept is what the body of the home may read: how many, the band, the needs, the reasons. Never a name or an amount.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="candidates")
    label = models.CharField(max_length=20)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entry = models.ForeignKey(RoundEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    persons = models.PositiveSmallIntegerField()
    minors = models.PositiveSmallIntegerField(default=0)
    needs_step_free = models.BooleanField(default=False)
    band = models.CharField(max_length=6, blank=True)
    reasons = models.JSONField(default=list)

    objects = models.Manager.from_queryset(WrittenQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "household"], name="household_is_once_for_a_home")
        ]

    class Privacy:
        hidden = ["household", "proposal", "entry", "needs_step_free", "band", "reasons", "minors"]
        shown = ["public_id", "item", "label", "persons"]


class CommitteeConflict(Written):
    """A member's conflict of interest on one home: declared by that member, printed, and their vote does not count."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="conflicts")
    member = models.ForeignKey(CommitteeMember, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("perché"), max_length=400)
    declared_at = models.DateTimeField()

    objects = models.Manager.from_queryset(WrittenQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="conflict_is_declared_once")]

    class Privacy:
        hidden = ["reason"]
        shown = ["item", "member", "declared_at"]


class CommitteeVote(Written):
    """What one member decided of one home and why: one each, written by that member, never changed."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(CommitteeMember, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=VoteKind)
    candidate = models.ForeignKey(
        CommitteeCandidate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("motivo"), max_length=400)
    cast_at = models.DateTimeField()

    objects = models.Manager.from_queryset(WrittenQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="member_votes_once"),
            models.CheckConstraint(
                condition=Q(kind="candidate", candidate__isnull=False)
                | (~Q(kind="candidate") & Q(candidate__isnull=True)),
                name="vote_for_a_household_says_which",
            ),
        ]

    class Privacy:
        hidden = ["candidate", "reason"]
        shown = ["item", "member", "kind", "cast_at"]


class Minutes(Written):
    """The minutes as the chair signed them: criteria, candidates, conflicts, votes, outcomes. Names are not in them: who
    may know a household reads its name beside the label."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    session = models.OneToOneField(CommitteeSession, on_delete=models.PROTECT, related_name="minutes")
    number = models.CharField(_("numero"), max_length=20)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    objects = models.Manager.from_queryset(WrittenQuerySet)()

    class Meta:
        verbose_name = _("verbale")
        verbose_name_plural = _("verbali")

    class Privacy:
        hidden = ["content"]
        shown = ["public_id", "session", "number", "sha256", "signed_by", "signed_at"]


class MinutesNote(Written):
    """A correction to signed minutes: added, dated and named, beside what stays as it was."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=4000)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = models.Manager.from_queryset(WrittenQuerySet)()

    class Privacy:
        hidden = ["text"]
        shown = ["minutes", "written_by", "written_at"]
