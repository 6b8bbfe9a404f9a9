from datetime import timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ali.accounts.actors import Actor
from ali.core import clock
from ali.organisations.models import Organisation
from ali.people.states import Capacity
from ali.places.models import Municipality
from ali.reception.models import AnnouncedArrival, Centre, Contract, Exit, ExitExtension, Stay
from ali.reception.states import (
    CentreKind,
    ExitCause,
    ExitEvent,
    ExitReason,
    ExitState,
    ReadingStatus,
    Solution,
)
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import PersonFactory, follow
from tests.factories.places import municipality, province


def in_days(days: int) -> Any:
    return factory.LazyFunction(lambda: clock.today() + timedelta(days=days))


class CentreFactory(DjangoModelFactory[Centre]):
    """Twenty places in Padova, run by a new body. Traits: collective, closing (in 45 days)."""

    class Meta:
        model = Centre
        skip_postgeneration_save = True

    class Params:
        collective = factory.Trait(kind=CentreKind.COLLECTIVE)
        closing = factory.Trait(closes_on=in_days(45))

    name = factory.Sequence(lambda number: f"Centro Esempio {number}")
    manager = factory.SubFactory(OrganisationFactory)
    municipality = factory.LazyFunction(municipality)
    places = 20
    is_invented = True


class StayFactory(DjangoModelFactory[Stay]):
    """A person who entered a centre a year ago and is there. `centre`, `person`, and `prefecture` (a body, followed as the
    services do). Trait: ended."""

    class Meta:
        model = Stay
        skip_postgeneration_save = True

    class Params:
        ended = factory.Trait(left_on=in_days(-10), left_because=ExitReason.U03)

    centre = factory.SubFactory(CentreFactory)
    person = factory.LazyAttribute(lambda made: PersonFactory(carer=made.centre.manager))
    prefecture: Any = None
    entered_on = in_days(-365)

    @classmethod
    def _create(cls, model_class: type[Stay], *args: Any, **kwargs: Any) -> Stay:
        prefecture = kwargs.pop("prefecture")
        stay: Stay = super()._create(model_class, *args, **kwargs)
        follow(stay.person, stay.centre.manager)
        if prefecture:
            follow(stay.person, prefecture, Capacity.PREFECTURE)
        return stay


class ExitFactory(DjangoModelFactory[Exit]):
    """An exit expected from the delivery of the permit, without a solution. Traits for the later states: proposed,
    communicated, decreed, notified (all leave in 30 days), suspended, beyond (left 5 days ago), done; housed, found_alone.
    `centre` and `prefecture` pass to the stay."""

    class Meta:
        model = Exit
        skip_postgeneration_save = True

    class Params:
        centre = factory.LazyFunction(CentreFactory)
        prefecture: Any = None
        proposed = factory.Trait(state=ExitState.PROPOSED, leaves_on=in_days(30))
        communicated = factory.Trait(
            state=ExitState.COMMUNICATED, leaves_on=in_days(30), communicated_on=in_days(-1), confirmed=True
        )
        decreed = factory.Trait(
            state=ExitState.DECREED,
            leaves_on=in_days(30),
            decree_number="12",
            decree_on=in_days(-1),
            confirmed=True,
        )
        notified = factory.Trait(
            state=ExitState.NOTIFIED,
            leaves_on=in_days(30),
            decree_number="12",
            decree_on=in_days(-3),
            notified_on=in_days(-1),
            confirmed=True,
        )
        suspended = factory.Trait(
            state=ExitState.SUSPENDED, suspended_on=in_days(-1), suspended_by="Tribunale di Venezia"
        )
        beyond = factory.Trait(state=ExitState.STAYED_BEYOND, leaves_on=in_days(-5))
        done = factory.Trait(
            state=ExitState.DONE, leaves_on=in_days(-5), done_on=in_days(-5), done_reason=ExitReason.U03
        )
        confirmed = factory.Trait(
            confirmed_by=factory.SubFactory(UserFactory), confirmed_at=factory.LazyFunction(clock.now)
        )
        found_alone = factory.Trait(solution=Solution.FOUND_ALONE)
        housed = factory.Trait(solution=Solution.NETWORK_HOME)

    stay = factory.LazyAttribute(lambda made: StayFactory(centre=made.centre, prefecture=made.prefecture))
    person = factory.LazyAttribute(lambda made: made.stay.person)
    cause = ExitCause.RECOGNISED
    awaited_event = ExitEvent.PERMIT_DELIVERED


def exit_seen_by(actor: Actor, **rest: Any) -> Exit:
    """An exit from a centre of the actor's own body or, for an office, followed by it."""
    body = Organisation.objects.get(pk=actor.organisation_id)
    if actor.role_code == "prefecture_officer":
        return ExitFactory(centre=centre_seen_by(actor), prefecture=body, **rest)
    return ExitFactory(centre=CentreFactory(manager=body), **rest)


def centre_seen_by(actor: Actor, **rest: Any) -> Centre:
    """A centre of the actor's own body or, for an office, of its province."""
    if actor.role_code == "prefecture_officer":
        return CentreFactory(municipality=_capital(actor), **rest)
    return CentreFactory(manager=Organisation.objects.get(pk=actor.organisation_id), **rest)


def _capital(actor: Actor) -> Municipality:
    municipality()
    return Municipality.objects.filter(province__in=actor.provinces, is_capital=True).order_by("pk")[0]


class ExtensionFactory(DjangoModelFactory[ExitExtension]):
    """Fifteen days asked by the person, waiting."""

    class Meta:
        model = ExitExtension

    exit = factory.SubFactory(ExitFactory, communicated=True)
    asked_by = "person"
    asked_on = in_days(-2)
    days = 15
    reason = "aspetta le chiavi di casa"


class ArrivalFactory(DjangoModelFactory[AnnouncedArrival]):
    """Four persons in ten days."""

    class Meta:
        model = AnnouncedArrival

    centre = factory.SubFactory(CentreFactory)
    expected_on = in_days(10)
    persons = 4


class ContractFactory(DjangoModelFactory[Contract]):
    """A doubtful reading in Padova. Trait: confirmed."""

    class Meta:
        model = Contract
        skip_postgeneration_save = True

    class Params:
        confirmed = factory.Trait(
            reading=ReadingStatus.CONFIRMED,
            confirmed_by=factory.SubFactory(UserFactory),
            confirmed_at=factory.LazyFunction(clock.now),
        )

    cig = factory.Sequence(lambda number: f"Z{number:09}")
    subject = "ACCOGLIENZA DI N. 30 POSTI IN UNITA ABITATIVE NEL COMUNE DI PADOVA FINO AL 31/12/2026"
    province = factory.LazyFunction(province)
    reading = ReadingStatus.DOUBTFUL
    confidence = 0.6
    evidence = factory.LazyFunction(lambda: {"places": "N. 30 POSTI", "kind": "UNITA ABITATIVE"})
