from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ali.housing.models import Bed, Building, Dwelling, Occupancy, Room
from ali.housing.states import Access, DwellingState, Mode, RoomKind
from tests.factories.organisations import OrganisationFactory
from tests.factories.places import municipality

FREE_SINCE = date(2026, 1, 1)
ROOMY = Decimal("14.5")


class BuildingFactory(DjangoModelFactory[Building]):
    """A building in Padova. `BuildingFactory(town="Vicenza")`. Traits: confiscated, assigned (confiscated, then given)."""

    class Meta:
        model = Building
        skip_postgeneration_save = True

    class Params:
        town = "Padova"
        confiscated = factory.Trait(is_confiscated=True)
        assigned = factory.Trait(
            is_confiscated=True,
            transferred_to_municipality_on=date(2025, 1, 1),
            assigned_on=date(2025, 6, 1),
        )

    municipality = factory.LazyAttribute(lambda made: municipality(made.town))
    address = factory.Sequence(lambda number: f"Via dell'Esempio {number}")
    latitude = 45.40
    longitude = 11.88
    is_invented = True


class DwellingFactory(DjangoModelFactory[Dwelling]):
    """A dwelling of an agency, free, with one double bedroom for every two of its `beds` (2 unless said).

    Traits: whole, men, women, open_to_all, market, works, found, suspended, accessible. `beds=0`: no rooms yet.
    """

    class Meta:
        model = Dwelling
        skip_postgeneration_save = True

    class Params:
        whole = factory.Trait(mode=Mode.WHOLE, rent_cents=60_000, condominium_cents=5_000)
        men = factory.Trait(mode=Mode.MEN)
        women = factory.Trait(mode=Mode.WOMEN)
        open_to_all = factory.Trait(mode=Mode.OPEN)
        market = factory.Trait(channel="market", mode=Mode.WHOLE, rent_cents=85_000, condominium_cents=6_000)
        works = factory.Trait(state=DwellingState.WORKS, is_available_sure=False)
        found = factory.Trait(state=DwellingState.FOUND, available_on=None)
        suspended = factory.Trait(state=DwellingState.SUSPENDED)
        accessible = factory.Trait(access=Access.ACCESSIBLE)

    building = factory.SubFactory(BuildingFactory)
    label = factory.Sequence(lambda number: f"int. {number}")
    manager = factory.SubFactory(OrganisationFactory, housing_agency=True)
    state = DwellingState.FREE
    mode = Mode.MEN
    net_area_m2 = Decimal("70.0")
    available_on = FREE_SINCE
    rent_cents = 24_000
    condominium_cents = 3_000
    utilities_cents = 4_500
    other_entry_cents = 15_000

    @factory.post_generation
    def beds(obj: Dwelling, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """Put `beds` beds two by two in double bedrooms, free as the dwelling is."""
        if not create:
            return
        for number in range(2 if extracted is None else extracted):
            if number % 2 == 0:
                room = RoomFactory(dwelling=obj, label=f"Camera {number // 2 + 1}")
            BedFactory(
                room=room,
                label=f"{number + 1}",
                free_from=obj.available_on,
                is_free_sure=obj.is_available_sure,
            )


class RoomFactory(DjangoModelFactory[Room]):
    """A double bedroom without beds."""

    class Meta:
        model = Room

    dwelling = factory.SubFactory(DwellingFactory, beds=0)
    kind = RoomKind.BEDROOM
    area_m2 = ROOMY


class BedFactory(DjangoModelFactory[Bed]):
    """A free bed. Trait: held."""

    class Meta:
        model = Bed

    class Params:
        held = factory.Trait(is_held=True)

    room = factory.SubFactory(RoomFactory)
    label = "1"
    free_from = FREE_SINCE


class OccupancyFactory(DjangoModelFactory[Occupancy]):
    """Somebody outside the network who lives in a bed, no end known; give `bed`. The bed's dates follow.

    Traits: leaving (sure end in May 2026), expected (expected end in May 2026).
    """

    class Meta:
        model = Occupancy
        skip_postgeneration_save = True

    class Params:
        leaving = factory.Trait(ends_on=date(2026, 5, 1), is_end_sure=True)
        expected = factory.Trait(ends_on=date(2026, 5, 1))

    bed = factory.SubFactory(BedFactory)
    starts_on = date(2025, 6, 1)

    @classmethod
    def _create(cls, model_class: type[Occupancy], *args: Any, **kwargs: Any) -> Occupancy:
        made: Occupancy = super()._create(model_class, *args, **kwargs)
        made.bed.free_from, made.bed.is_free_sure = made.ends_on, made.is_end_sure
        made.bed.save()
        return made
