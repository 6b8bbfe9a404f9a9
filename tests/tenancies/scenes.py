"""A body with a shared home, somebody with papers who sleeps there, and a tenancy at each step of its life."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ali.accounts.actors import Actor
from ali.core import clock
from ali.housing.models import Bed, Dwelling, Occupancy
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.people.states import Capacity
from ali.tenancies import services
from ali.tenancies.models import Tenancy
from ali.tenancies.services import HandOverFacts, TenancyFacts
from tests.factories.allocation import make_scene
from tests.factories.housing import BuildingFactory, DwellingFactory
from tests.factories.organisations import actor_for_role
from tests.factories.people import PermitFactory, PersonFactory, follow
from tests.factories.places import load_small_places, municipality


@dataclass
class Home:
    """A home of `landlord`, with its beds."""

    landlord: Actor
    dwelling: Dwelling

    @property
    def beds(self) -> list[Bed]:
        return list(Bed.objects.filter(room__dwelling=self.dwelling).order_by("pk"))

    def tenant(self, *, bed: int | None = 0, permit: bool = True, **changed: Any) -> Person:
        """Somebody known to the landlord; asleep in a bed of the home unless `bed` is None."""
        person: Person = PersonFactory(**changed)
        follow(person, self.dwelling.manager, Capacity.TENANCY)
        if permit:
            PermitFactory(person=person, expires_on=clock.today() + timedelta(days=1500))
        if bed is not None:
            Occupancy.objects.create(
                bed=self.beds[bed], person=person, starts_on=clock.today() - timedelta(days=1)
            )
        return person

    def facts(self, **changed: Any) -> TenancyFacts:
        given = {
            "contract_type": "OSP",
            "bond": "hospitality",
            "starts_on": clock.today(),
            "ends_on": clock.today() + timedelta(days=365),
            "rent_cents": 24_000,
            "condominium_cents": 3_000,
            "utilities_cents": 4_501,
            "deposit_cents": 24_000,
            "visited_on": clock.today() - timedelta(days=3),
            "flatmates_met_on": clock.today() - timedelta(days=3),
        }
        return TenancyFacts(**{**given, **changed})

    def draft(self, *persons: Person, **changed: Any) -> Tenancy:
        return services.draft_tenancy(
            actor=self.landlord,
            dwelling=self.dwelling,
            facts=self.facts(**changed),
            persons=persons,
            today=clock.today(),
        )

    def send(self, tenancy: Tenancy, **changed: Any) -> Tenancy:
        given = {
            "body_signer": "Ada Esempio",
            "guarantor": "",
            "body_signs_first": False,
            "expected_version": tenancy.version,
        }
        return services.send_to_sign(
            actor=self.landlord, tenancy=tenancy, today=clock.today(), **{**given, **changed}
        )

    def sign(self, tenancy: Tenancy) -> Tenancy:
        """Have everybody sign in turn."""
        for signature in tenancy.signatures.order_by("position"):
            tenancy = services.record_signature(
                actor=self.landlord,
                signature=signature,
                signed_on=clock.today(),
                was_explained=True,
                expected_version=signature.version,
                today=clock.today(),
            )
        return Tenancy.objects.get(pk=tenancy.pk)

    def signed(self, *persons: Person, **changed: Any) -> Tenancy:
        return self.sign(self.send(self.draft(*persons, **changed)))

    def move_in(self, tenancy: Tenancy, **changed: Any) -> Tenancy:
        facts = HandOverFacts(**{"done_on": clock.today(), "for_body": "Ada Esempio", **changed})
        return services.move_in(
            actor=self.landlord,
            tenancy=tenancy,
            facts=facts,
            expected_version=tenancy.version,
            today=clock.today(),
        )

    def running(self, *persons: Person, **changed: Any) -> Tenancy:
        return self.move_in(self.signed(*persons, **changed))

    def leaving(self, left_on: date | None = None, **changed: Any) -> services.Leaving:
        given = {
            "left_on": left_on or clock.today(),
            "because": "better_home",
            "destination": "own_lease",
        }
        return services.Leaving(**{**given, **changed})


def make_home(landlord: Actor | None = None, **changed: Any) -> Home:
    """A home of two beds for men of a housing body in Padova."""
    load_small_places()
    landlord = landlord or actor_for_role("housing_manager")
    body = Organisation.objects.get(pk=landlord.organisation_id)
    building = BuildingFactory(municipality=municipality("Padova"))
    return Home(landlord, DwellingFactory(**{"manager": body, "building": building, **changed}))


def make_placed(**parts: Any) -> tuple[Home, Any, Person]:
    """A proposal with its three signatures: the home, the placement, who is to enter."""
    scene = make_scene(**parts)
    proposal = scene.accepted()
    scene.open_paper(proposal)
    PermitFactory(person=scene.person, expires_on=clock.today() + timedelta(days=1500))
    return Home(scene.landlord, scene.home), scene.say_yes(proposal), scene.person
