from datetime import date, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ali.accounts import roles
from ali.accounts.actors import SYSTEM, Actor
from ali.core import clock
from ali.organisations.models import Organisation
from ali.people import services
from ali.people.models import AsylumCase, Citizenship, Household, Identifier, Permit, Person, SpokenLanguage
from ali.people.states import (
    Capacity,
    CaseOutcome,
    CaseState,
    IdentifierKind,
    PermitKind,
    PermitState,
    Relation,
    Sex,
)
from tests.factories.organisations import SINCE, OrganisationFactory
from tests.factories.places import load_small_places


def follow(
    person: Person, organisation: Organisation, capacity: str = Capacity.CASEWORK, **rest: Any
) -> None:
    """Let a body see the person, as the services write it."""
    services.assign(
        actor=SYSTEM,
        person=person,
        organisation_id=organisation.pk,
        capacity=capacity,
        reason="prova",
        today=clock.today(),
        starts_on=SINCE,
        **rest,
    )


CAPACITY_OF_ROLE = {
    roles.PREFECTURE_OFFICER: Capacity.PREFECTURE,
    roles.HOUSING_MANAGER: Capacity.HOUSING,
    roles.HOUSING_OPERATOR: Capacity.TENANCY,
    roles.MUNICIPAL_OFFICER: Capacity.MUNICIPALITY,
}


def show_to(person: Person, actor: Actor) -> None:
    """Let the actor's body see the person in the capacity of the actor's role."""
    body = Organisation.objects.get(pk=actor.organisation_id)
    follow(person, body, CAPACITY_OF_ROLE.get(actor.role, Capacity.CASEWORK))


class HouseholdFactory(DjangoModelFactory[Household]):
    """A household without members yet: `PersonFactory(household=...)` adds them."""

    class Meta:
        model = Household


class PersonFactory(DjangoModelFactory[Person]):
    """An adult man alone, in the care of a body (`carer`, new when not given, None for nobody) and, when given, received
    by a prefecture (`prefecture`). Traits: woman, minor, reserved, pregnant, vulnerable, and the papers: recognised,
    refused, seeking. `citizenship` is an ISTAT code; `seen_by` an actor whose body sees the person as its role does."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        woman = factory.Trait(sex=Sex.FEMALE)
        minor = factory.Trait(birth_date=factory.LazyFunction(lambda: clock.today() - timedelta(days=4000)))
        reserved = factory.Trait(is_reserved=True)
        pregnant = factory.Trait(sex=Sex.FEMALE, is_pregnant=True)
        vulnerable = factory.Trait(is_vulnerable=True)
        recognised = factory.Trait(papers="recognised")
        refused = factory.Trait(papers="refused")
        seeking = factory.Trait(papers="seeking")

    surname = factory.Sequence(lambda number: f"Cognome{number}")
    given_names = "Nome"
    sex = Sex.MALE
    birth_date = date(1998, 5, 7)
    relation = Relation.HEAD
    papers = ""
    carer: Any = factory.LazyFunction(OrganisationFactory)
    prefecture: Any = None
    seen_by: Any = None
    citizenship = ""

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **kwargs: Any) -> Person:
        own = {name: kwargs.pop(name) for name in ("papers", "carer", "prefecture", "citizenship", "seen_by")}
        load_small_places()
        household = kwargs.pop("household", None) or HouseholdFactory()
        person: Person = super()._create(model_class, *args, household=household, **kwargs)
        if own["citizenship"]:
            Citizenship.objects.create(person=person, state_id=own["citizenship"])
        if own["papers"]:
            _PAPERS[own["papers"]](person)
        if own["seen_by"]:
            show_to(person, own["seen_by"])
        elif own["carer"]:
            follow(person, own["carer"])
        if own["prefecture"]:
            follow(person, own["prefecture"], Capacity.PREFECTURE)
        return person


class PermitFactory(DjangoModelFactory[Permit]):
    """A five-year refugee permit delivered two months ago. Traits: requested, printing, renewing, expiring (in 20 days),
    expired."""

    class Meta:
        model = Permit
        skip_postgeneration_save = True

    class Params:
        requested = factory.Trait(
            state=PermitState.REQUESTED, issued_on=None, delivered_on=None, expires_on=None
        )
        printing = factory.Trait(
            state=PermitState.PRINTING, issued_on=None, delivered_on=None, expires_on=None
        )
        renewing = factory.Trait(
            state=PermitState.RENEWING,
            receipt_number="055512345678",
            expires_on=factory.LazyFunction(lambda: clock.today() - timedelta(days=5)),
        )
        expiring = factory.Trait(expires_on=factory.LazyFunction(lambda: clock.today() + timedelta(days=20)))
        expired = factory.Trait(expires_on=factory.LazyFunction(lambda: clock.today() - timedelta(days=5)))

    person = factory.SubFactory(PersonFactory)
    kind = PermitKind.AS
    state = PermitState.DELIVERED
    requested_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=200))
    issued_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=80))
    delivered_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=60))
    expires_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=1700))


class AsylumCaseFactory(DjangoModelFactory[AsylumCase]):
    """A case decided and notified: refugee status. Traits: refused, waiting."""

    class Meta:
        model = AsylumCase
        skip_postgeneration_save = True

    class Params:
        refused = factory.Trait(outcome=CaseOutcome.REFUSED)
        waiting = factory.Trait(
            state=CaseState.WAITING_HEARING, outcome="", heard_on=None, decided_on=None, notified_on=None
        )

    person = factory.SubFactory(PersonFactory)
    state = CaseState.NOTIFIED
    outcome = CaseOutcome.REFUGEE
    applied_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=600))
    heard_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=330))
    decided_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=300))
    notified_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=280))


class IdentifierFactory(DjangoModelFactory[Identifier]):
    """A CUI."""

    class Meta:
        model = Identifier
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    kind = IdentifierKind.CUI
    value = factory.Sequence(lambda number: f"05{number:04}A")


class SpokenLanguageFactory(DjangoModelFactory[SpokenLanguage]):
    """Italian at A2."""

    class Meta:
        model = SpokenLanguage
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    language_id = "ita"
    level = "A2"


def _recognised(person: Person) -> None:
    AsylumCaseFactory(person=person)
    PermitFactory(person=person)


def _refused(person: Person) -> None:
    AsylumCaseFactory(person=person, refused=True)


def _seeking(person: Person) -> None:
    AsylumCaseFactory(person=person, waiting=True)
    PermitFactory(person=person, kind=PermitKind.RA)


_PAPERS = {"recognised": _recognised, "refused": _refused, "seeking": _seeking}


def make_family(children: int = 2, **shared: Any) -> list[Person]:
    """A mother, a father and their children in one household, all seen by the same bodies."""
    shared.setdefault("carer", OrganisationFactory())
    household = HouseholdFactory()
    surname = f"Famiglia{household.pk}"
    father = PersonFactory(household=household, surname=surname, **shared)
    mother = PersonFactory(
        household=household, surname=surname, woman=True, relation=Relation.PARTNER, **shared
    )
    return [father, mother] + [
        PersonFactory(household=household, surname=surname, minor=True, relation=Relation.CHILD, **shared)
        for _number in range(children)
    ]
