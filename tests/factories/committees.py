from dataclasses import dataclass
from datetime import date

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.allocation import services
from ali.allocation.models import (
    AgendaItem,
    CommitteeMember,
    CommitteeSession,
    HousingCommittee,
    Minutes,
    Proposal,
)
from ali.allocation.states import Position, VoteKind
from ali.core import clock
from tests.factories.allocation import Scene, body_of, make_leaving, make_scene
from tests.factories.organisations import actor_for_role


@dataclass
class Meeting:
    """A committee of the landlord's body with a chair and two more, and one home with two households on the agenda."""

    scene: Scene
    committee: HousingCommittee
    session: CommitteeSession
    proposals: list[Proposal]
    members: list[Actor]

    @property
    def chair(self) -> Actor:
        return self.scene.landlord

    @property
    def item(self) -> AgendaItem:
        return AgendaItem.objects.select_related("session__committee", "dwelling").get(session=self.session)

    def fresh(self) -> CommitteeSession:
        return CommitteeSession.objects.select_related("committee").get(pk=self.session.pk)

    def open(self) -> None:
        session = self.fresh()
        services.open_session(
            actor=self.chair, session=session, expected_version=session.version, today=clock.today()
        )

    def vote(self, actor: Actor, choice: str, reason: str = "esce per primo e lavora vicino") -> None:
        """`choice`: the label of a candidate, or a kind of vote."""
        found = self.item.candidates.filter(label=choice).first()
        services.cast_vote(
            actor=actor,
            item=self.item,
            kind=VoteKind.CANDIDATE if found else choice,
            candidate=found.public_id if found else None,
            reason=reason,
            now=clock.now(),
        )

    def declare(self, actor: Actor, reason: str = "è mio cugino") -> None:
        services.declare_conflict(actor=actor, item=self.item, reason=reason, now=clock.now())

    def close(self) -> AgendaItem:
        session = self.fresh()
        services.close_session(
            actor=self.chair,
            session=session,
            expected_version=session.version,
            now=clock.now(),
            today=clock.today(),
        )
        return self.item

    def sign(self) -> Minutes:
        session = self.fresh()
        return services.sign_minutes(
            actor=self.chair, session=session, expected_version=session.version, now=clock.now()
        )

    def decided(self) -> Minutes:
        """Everybody votes for the first household, and the chair signs."""
        self.open()
        for one in (self.chair, *self.members):
            self.vote(one, "A")
        self.close()
        return self.sign()


def seat(committee: HousingCommittee, actor: Actor, position: str = Position.MEMBER) -> CommitteeMember:
    return CommitteeMember.objects.create(
        committee=committee, user_id=actor.user_id, position=position, starts_on=date(2020, 1, 1)
    )


def make_meeting(
    *, landlord: Actor | None = None, also: Actor | None = None, province: str = "PD"
) -> Meeting:
    """A planned session of today; `also` sits in the committee too."""
    scene = make_scene(landlord=landlord, province=province, home={"beds": 2})
    second = make_leaving(officer=scene.officer, carer=scene.carer, province=province)
    proposals = [scene.put_forward(), scene.put_forward(household=second.person.household)]
    committee = services.add_committee(
        actor=scene.landlord,
        facts=services.CommitteeFacts(
            "Comitato sociale", "Bisogno, sostenibilità, vicinanza", "7/2026", date(2026, 1, 9)
        ),
        today=date(2026, 1, 10),
    )
    members = [actor_for_role(roles.HOUSING_OPERATOR.code, province, body_of(scene.landlord))]
    members.append(also or actor_for_role(roles.MUNICIPAL_OFFICER.code, province))
    for one in members:
        seat(committee, one)
    session = services.plan_session(
        actor=scene.landlord, committee=committee, held_on=clock.today(), place="Sede", today=clock.today()
    )
    services.put_on_agenda(actor=scene.landlord, session=session, home=scene.home, today=clock.today())
    return Meeting(scene, committee, session, proposals, members)


def meeting_for(actor: Actor) -> Meeting:
    """A meeting in which the actor sits; the manager chairs it."""
    province = min(actor.provinces, default="PD")
    if actor.role == roles.HOUSING_MANAGER:
        return make_meeting(landlord=actor, province=province)
    landlord = None
    if actor.role == roles.HOUSING_OPERATOR:
        landlord = actor_for_role(roles.HOUSING_MANAGER.code, province, body_of(actor))
    return make_meeting(landlord=landlord, also=actor, province=province)
