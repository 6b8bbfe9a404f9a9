"""What the pages of a committee, its minutes and the second signature read. Each function says how many queries it makes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.accounts.roles import MUNICIPAL_OFFICER, ROLES, Permission
from ali.allocation.models import (
    AgendaItem,
    CommitteeCandidate,
    CommitteeConflict,
    CommitteeSession,
    CommitteeVote,
    HousingCommittee,
    Proposal,
)
from ali.allocation.queries import members_seen
from ali.allocation.states import ItemOutcome, SessionState
from ali.organisations.models import Membership, OrganisationRole
from ali.people.models import Person
from ali.rules.values import RuleValue, rule_in_force

REQUIRED = "allocation.committee_required"


def people_who_may_sit(committee: HousingCommittee, day: date) -> QuerySet[User]:
    """Return who may have a seat: who works with homes for the body, and the housing offices of its provinces."""
    codes = [role.code for role in ROLES.values() if role.may(Permission.SIT_IN_COMMITTEE)]
    provinces = OrganisationRole.objects.valid_on(day).filter(organisation=committee.body_id)
    near = OrganisationRole.objects.valid_on(day).filter(province__in=provinces.values("province"))
    members = Membership.objects.valid_on(day).filter(
        Q(organisation=committee.body_id, role__in=codes)
        | Q(organisation__in=near.values("organisation"), role=MUNICIPAL_OFFICER.code)
    )
    return User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("full_name", "pk")


def households_of(items: Collection[AgendaItem]) -> list[UUID]:
    """Return whom the homes on an agenda are about (public ids): whoever reads of them leaves a trace. One query."""
    candidates = CommitteeCandidate.objects.filter(item__in=items)
    people = Person.objects.filter(household__in=candidates.values("household")).order_by("pk")
    return list(people.values_list("public_id", flat=True))


@dataclass(frozen=True)
class Considered:
    """A household as one reader may know it: its label, and the rest unless it is reserved for others."""

    candidate: CommitteeCandidate
    members: Sequence[Person]
    is_hidden: bool


@dataclass(frozen=True)
class ItemView:
    """A home on the agenda as one reader sees it."""

    item: AgendaItem
    candidates: Sequence[Considered]
    conflicts: Sequence[CommitteeConflict] = field(default=())
    votes: Sequence[CommitteeVote] = field(default=())

    @property
    def in_conflict(self) -> set[int]:
        """The members (ids) whose vote does not count here."""
        return {one.member_id for one in self.conflicts}


def agenda_of(actor: Actor, session: CommitteeSession) -> list[ItemView]:
    """Return the homes of a session with their households, conflicts and votes. Six queries."""
    items = list(session.items.select_related("dwelling__building__municipality", "chosen").order_by("pk"))
    candidates = list(
        CommitteeCandidate.objects.filter(item__in=items)
        .select_related("proposal", "item")
        .order_by("item_id", "pk")
    )
    seen = members_seen(actor, [one.household_id for one in candidates])
    hidden = _hidden_from(actor, candidates)
    conflicts = CommitteeConflict.objects.filter(item__in=items).select_related("member__user").order_by("pk")
    votes = (
        CommitteeVote.objects.filter(item__in=items)
        .select_related("member__user", "candidate")
        .order_by("pk")
    )
    every_conflict, every_vote = list(conflicts), list(votes)
    return [
        ItemView(
            item,
            [
                Considered(one, seen.get(one.household_id, []), one.household_id in hidden)
                for one in candidates
                if one.item_id == item.pk
            ],
            [one for one in every_conflict if one.item_id == item.pk],
            [one for one in every_vote if one.item_id == item.pk],
        )
        for item in items
    ]


def _hidden_from(actor: Actor, candidates: Sequence[CommitteeCandidate]) -> set[int]:
    """Return the households (ids) with a reserved member whom the actor may not know. One query."""
    reserved = Person.objects.filter(
        household__in=[one.household_id for one in candidates], is_reserved=True
    ).exclude(pk__in=Person.objects.visible_to(actor).values("pk"))
    return set(reserved.order_by().values_list("household_id", flat=True))


def committee_rule(proposal: Proposal, day: date) -> RuleValue:
    """Return whether the body's policy asks for the committee before it takes a household. Two queries."""
    town = proposal.dwelling.building.municipality
    return rule_in_force(REQUIRED, day=day, province=town.province_id, municipality=town.pk)


def committee_choice(proposal: Proposal) -> AgendaItem | None:
    """Return the latest signed decision of the body's committee that chose this household for this home. One query."""
    return (
        AgendaItem.objects.filter(
            dwelling=proposal.dwelling_id,
            outcome=ItemOutcome.CHOSEN,
            chosen__household=proposal.household_id,
            session__state=SessionState.SIGNED,
            session__committee__body=proposal.dwelling.manager_id,
        )
        .select_related("session__minutes", "session__committee")
        .order_by("-session__held_on", "-pk")
        .first()
    )
