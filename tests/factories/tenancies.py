from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ali.agreements.states import ContractType
from ali.people.states import Capacity
from ali.tenancies.models import Tenancy, TenancyParty, TenancyShare
from ali.tenancies.states import Bond, TenancyState
from tests.factories.housing import DwellingFactory
from tests.factories.people import PersonFactory, follow

STARTS_ON = date(2026, 1, 1)
ENDS_ON = date(2027, 1, 1)


class TenancyFactory(DjangoModelFactory[Tenancy]):
    """A bed in a shared home for a year from January 2026, in preparation, without people: `TenancyPartyFactory`.

    Traits: signing, signed, running, notice, ended; lease (agreed 3+2), joint. Give `dwelling` for a home of a body.
    """

    class Meta:
        model = Tenancy

    class Params:
        signing = factory.Trait(state=TenancyState.SIGNING)
        signed = factory.Trait(state=TenancyState.SIGNED, signed_on=STARTS_ON)
        running = factory.Trait(state=TenancyState.RUNNING, signed_on=STARTS_ON)
        notice = factory.Trait(
            state=TenancyState.NOTICE,
            signed_on=STARTS_ON,
            notice_on=date(2026, 2, 20),
            notice_by="tenant",
            leaves_on=date(2026, 4, 1),
        )
        ended = factory.Trait(state=TenancyState.ENDED, signed_on=STARTS_ON, ended_on=date(2026, 2, 1))
        lease = factory.Trait(contract_type=ContractType.AGREED_3_2, ends_on=date(2029, 1, 1), agreed_zone=2)
        joint = factory.Trait(bond=Bond.JOINT)

    dwelling = factory.SubFactory(DwellingFactory)
    landlord = factory.SelfAttribute("dwelling.manager")
    contract_type = ContractType.HOSPITALITY
    starts_on = STARTS_ON
    ends_on = ENDS_ON
    rent_cents = 24_000
    condominium_cents = 3_000
    utilities_cents = 4_500
    deposit_cents = 48_000


class TenancyPartyFactory(DjangoModelFactory[TenancyParty]):
    """Somebody who lives there and pays all of it (31,500 cents), known to the body that gives the home."""

    class Meta:
        model = TenancyParty

    tenancy = factory.SubFactory(TenancyFactory)
    person = factory.SubFactory(PersonFactory)
    share_cents = 31_500
    starts_on = factory.SelfAttribute("tenancy.starts_on")

    @classmethod
    def _create(cls, model_class: type[TenancyParty], *args: Any, **kwargs: Any) -> TenancyParty:
        made: TenancyParty = super()._create(model_class, *args, **kwargs)
        TenancyShare.objects.create(party=made, starts_on=made.starts_on, cents=made.share_cents)
        follow(made.person, made.tenancy.landlord, Capacity.TENANCY)
        return made
