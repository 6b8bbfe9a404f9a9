from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.allocation import services
from ali.allocation.models import Criteria, Pin, Proposal, Round, RoundEntry
from ali.allocation.services.answers import Heard
from ali.allocation.states import Outcome, Party, PinKind, RoundState
from ali.core import clock
from ali.housing.models import Dwelling
from ali.organisations.models import Organisation
from ali.people.models import Household, Person
from ali.places.models import Language
from ali.reception.models import Exit
from tests.factories.housing import BuildingFactory, DwellingFactory
from tests.factories.organisations import actor_for_role
from tests.factories.people import make_family
from tests.factories.places import load_small_places, municipality
from tests.factories.reception import CentreFactory, ExitFactory, StayFactory
from tests.factories.work import JobFactory

CAPITALS = {"PD": "Padova", "VI": "Vicenza"}


class CriteriaFactory(DjangoModelFactory[Criteria]):
    """Criteria of Padova that no act has approved. Trait: approved."""

    class Meta:
        model = Criteria

    class Params:
        approved = factory.Trait(act_body="Prefettura", act_number="12/2026", act_on=date(2026, 1, 15))

    title = "Criteri di prova"
    province_id = "PD"
    valid_from = date(2020, 1, 1)

    @classmethod
    def _create(cls, model_class: type[Criteria], *args: Any, **kwargs: Any) -> Criteria:
        load_small_places()
        return super()._create(model_class, *args, **kwargs)


class RoundFactory(DjangoModelFactory[Round]):
    """A round waiting for its turn. Trait: solved (with an empty certificate)."""

    class Meta:
        model = Round

    class Params:
        asked_by_actor: Any = None
        solved = factory.Trait(
            state=RoundState.SOLVED,
            progress=100,
            households=1,
            places=1,
            housed=1,
            certificate=factory.LazyFunction(
                lambda: {"model": "shared", "gap": 0.0, "objective": 900, "bound": 900}
            ),
        )

    criteria = factory.SubFactory(CriteriaFactory)
    province_id = factory.SelfAttribute("criteria.province_id")
    day = factory.LazyFunction(clock.today)
    asked_by = factory.SubFactory("tests.factories.accounts.UserFactory")


class RoundEntryFactory(DjangoModelFactory[RoundEntry]):
    """A home proposed to a household; give `round`, `household` and `dwelling`."""

    class Meta:
        model = RoundEntry

    persons = 1
    outcome = Outcome.PROPOSED
    band = "green"
    reasons = factory.LazyFunction(lambda: [{"code": "waiting", "strength": "strong"}])


class PinFactory(DjangoModelFactory[Pin]):
    """This home for this household; give both."""

    class Meta:
        model = Pin

    kind = PinKind.PIN
    reason = "vicino al lavoro"
    set_by = factory.SubFactory("tests.factories.accounts.UserFactory")


@dataclass
class Scene:
    """Everything that a proposal needs: the three parties, somebody who leaves, a home with free beds."""

    officer: Actor
    landlord: Actor
    carer: Actor
    person: Person
    home: Dwelling

    @property
    def household(self) -> Household:
        return self.person.household

    def put_forward(self, **changed: Any) -> Proposal:
        """The first signature."""
        given = {
            "actor": self.officer,
            "household": self.household,
            "dwelling": self.home,
            "starts_on": clock.today() + timedelta(days=10),
            "reason": "lavora vicino a questa casa",
            "now": clock.now(),
            "today": clock.today(),
        }
        return services.put_forward(**{**given, **changed})

    def open_as_home(self, proposal: Proposal) -> None:
        services.open_proposal(actor=self.landlord, proposal=proposal, party=Party.HOME)

    def open_paper(self, proposal: Proposal, actor: Actor | None = None) -> None:
        services.open_proposal(actor=actor or self.carer, proposal=proposal, party=Party.HOUSEHOLD)

    def accepted(self) -> Proposal:
        """Put forward and accepted by the home's body."""
        proposal = self.put_forward()
        self.open_as_home(proposal)
        return services.accept_for_home(
            actor=self.landlord,
            proposal=proposal,
            expected_version=proposal.version,
            visit_on=None,
            now=clock.now(),
            today=clock.today(),
        )

    def say_yes(self, proposal: Proposal, **changed: Any) -> Any:
        """The third signature."""
        given = {
            "actor": self.carer,
            "proposal": proposal,
            "expected_version": proposal.version,
            "heard": Heard("fra", with_mediator=True),
            "signed_paper": True,
            "now": clock.now(),
            "today": clock.today(),
        }
        return services.record_household_yes(**{**given, **changed})

    def say_no(self, proposal: Proposal, **changed: Any) -> Proposal:
        """The household does not want it."""
        given = {
            "actor": self.carer,
            "proposal": proposal,
            "expected_version": proposal.version,
            "reason": "troppo lontano",
            "heard": Heard("fra", with_mediator=False),
            "now": clock.now(),
            "today": clock.today(),
        }
        return services.record_household_no(**{**given, **changed})


def body_of(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.organisation_id)


def make_scene(
    *,
    officer: Actor | None = None,
    landlord: Actor | None = None,
    carer: Actor | None = None,
    province: str = "PD",
    home: dict[str, Any] | None = None,
    leaving: dict[str, Any] | None = None,
    earns: bool = True,
) -> Scene:
    """A man who leaves in 30 days with a job, and a free bed in a shared home for men, in one province."""
    officer = officer or actor_for_role("prefecture_officer", province)
    landlord = landlord or actor_for_role("housing_manager", province)
    carer = carer or actor_for_role("centre_operator", province)
    town = municipality(CAPITALS[province])
    dwelling = DwellingFactory(
        manager=body_of(landlord), building=BuildingFactory(municipality=town), **(home or {})
    )
    one = make_leaving(officer=officer, carer=carer, province=province, earns=earns, **(leaving or {}))
    Language.objects.filter(code="fra").update(for_mediation=True)
    return Scene(officer, landlord, carer, one.person, dwelling)


def make_leaving(
    *, officer: Actor, carer: Actor, province: str = "PD", earns: bool = True, **rest: Any
) -> Exit:
    """A man whose exit in 30 days is communicated, hosted by the carer's body."""
    centre = CentreFactory(manager=body_of(carer), municipality=municipality(CAPITALS[province]))
    one: Exit = ExitFactory(
        **{"communicated": True, "centre": centre, "prefecture": body_of(officer), **rest}
    )
    if earns:
        JobFactory(person=one.person)
    return one


def make_leaving_family(*, officer: Actor, carer: Actor, children: int = 1) -> list[Person]:
    """Parents and children who leave together in 30 days; the father earns enough for a flat."""
    centre = CentreFactory(manager=body_of(carer))
    family = make_family(children, carer=body_of(carer))
    for person in family:
        stay = StayFactory(centre=centre, person=person, prefecture=body_of(officer))
        ExitFactory(stay=stay, communicated=True)
    JobFactory(person=family[0], net_monthly_cents=210_000)
    return family


def scene_for(actor: Actor) -> Scene:
    """A scene in which `actor` plays the part of its own role."""
    province = min(actor.provinces, default="PD")
    parts = {
        "prefecture_officer": "officer",
        "housing_manager": "landlord",
        "centre_operator": "carer",
        "centre_coordinator": "carer",
    }
    part: dict[str, Any] = {parts[actor.role_code]: actor}
    return make_scene(province=province, **part)


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)
