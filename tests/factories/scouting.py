from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ali.scouting.models import Lead, Owner
from ali.scouting.states import LeadSource, LeadState
from tests.factories.organisations import OrganisationFactory
from tests.factories.places import municipality


class OwnerFactory(DjangoModelFactory[Owner]):
    """An owner kept by an agency. Trait: silent (asked to be left alone)."""

    class Meta:
        model = Owner

    class Params:
        silent = factory.Trait(not_to_contact_since=date(2025, 5, 1))

    kept_by = factory.SubFactory(OrganisationFactory, housing_agency=True)
    name = factory.Sequence(lambda number: f"Proprietario Esempio {number}")
    phone = factory.Sequence(lambda number: f"+39 000 {number:07d}")
    is_invented = True


class LeadFactory(DjangoModelFactory[Lead]):
    """An empty home in Padova with its owner. `LeadFactory(town="Vicenza")`. Traits: visited, feasible, agreed, confiscated."""

    class Meta:
        model = Lead

    class Params:
        town = "Padova"
        visited = factory.Trait(state=LeadState.VISITED)
        feasible = factory.Trait(state=LeadState.FEASIBLE)
        agreed = factory.Trait(state=LeadState.AGREED)
        confiscated = factory.Trait(is_confiscated=True, source=LeadSource.ANBSC, owner=None)

    kept_by = factory.SubFactory(OrganisationFactory, housing_agency=True)
    municipality = factory.LazyAttribute(lambda made: municipality(made.town))
    address = factory.Sequence(lambda number: f"Via Vuota {number}")
    source = LeadSource.OFFER
    owner = factory.SubFactory(OwnerFactory, kept_by=factory.SelfAttribute("..kept_by"))
    is_invented = True


def lead_of(actor: Any, **kwargs: Any) -> Lead:  # Any: an Actor
    """A lead that the actor's body follows."""
    from ali.organisations.models import Organisation

    return LeadFactory(kept_by=Organisation.objects.get(pk=actor.organisation_id), **kwargs)
