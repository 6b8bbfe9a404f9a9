from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ali.accounts.actors import SYSTEM
from ali.agreements.ledger import Posting, post
from ali.agreements.models import Agreement, Commitment, Fund, GuaranteeScheme
from ali.agreements.states import AgreementState, ContractType, EntryKind
from ali.scouting.models import Owner
from tests.factories.housing import DwellingFactory
from tests.factories.organisations import OrganisationFactory

STARTS_ON = date(2025, 1, 1)


class OwnerFactory(DjangoModelFactory[Owner]):
    """An owner whom a housing body keeps."""

    class Meta:
        model = Owner

    kept_by = factory.SubFactory(OrganisationFactory, housing_agency=True)
    name = factory.Sequence(lambda number: f"Proprietaria Prova {number}")


class AgreementFactory(DjangoModelFactory[Agreement]):
    """A free loan of one dwelling for three years from 2025, in preparation. Give `dwelling` for a home of a body.

    Traits: signed, in_force, lease (agreed 3+2, 400 euros).
    """

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    class Params:
        signed = factory.Trait(state=AgreementState.SIGNED, signed_on=STARTS_ON)
        in_force = factory.Trait(state=AgreementState.IN_FORCE, signed_on=STARTS_ON, allows_sublet=True)
        lease = factory.Trait(contract_type=ContractType.AGREED_3_2, rent_cents=40_000, deposit_cents=80_000)

    dwelling = factory.SubFactory(DwellingFactory)
    holder = factory.SelfAttribute("dwelling.manager")
    building = factory.SelfAttribute("dwelling.building")
    owner = factory.SubFactory(OwnerFactory, kept_by=factory.SelfAttribute("..dwelling.manager"))
    contract_type = ContractType.LOAN
    starts_on = STARTS_ON
    ends_on = date(2027, 12, 31)

    @classmethod
    def _create(cls, model_class: type[Agreement], *args: Any, **kwargs: Any) -> Agreement:
        dwelling = kwargs.pop("dwelling")
        made: Agreement = super()._create(model_class, *args, **kwargs)
        made.dwellings.add(dwelling)
        return made


class SchemeFactory(DjangoModelFactory[GuaranteeScheme]):
    """What an agency guarantees anywhere: 18 months."""

    class Meta:
        model = GuaranteeScheme

    name = "Garanzia di prova"
    agency = "Agenzia di prova"
    max_months = 18
    source = "Prova, da confermare"


class FundFactory(DjangoModelFactory[Fund]):
    """A fund with 20,000 euros, 18 months, no franchise, whole weight. `endowment=0`: empty."""

    class Meta:
        model = Fund
        skip_postgeneration_save = True

    body = factory.SubFactory(OrganisationFactory, housing_agency=True)
    name = "Fondo di prova"
    max_months = 18
    weight = Decimal("1")

    @factory.post_generation
    def endowment(obj: Fund, create: bool, extracted: int | None, **kwargs: Any) -> None:
        cents = 2_000_000 if extracted is None else extracted
        if create and cents:
            post(obj, [Posting(EntryKind.ENDOWMENT, cents, STARTS_ON, payer="Fondazione")], actor=SYSTEM)


class CommitmentFactory(DjangoModelFactory[Commitment]):
    """A commitment of 500 euros for 6 months; give `fund` and `dwelling`. Its entry is posted."""

    class Meta:
        model = Commitment
        skip_postgeneration_save = True

    fund = factory.SubFactory(FundFactory)
    number = factory.Sequence(lambda number: number + 1)
    dwelling = factory.SubFactory(DwellingFactory)
    body = factory.SelfAttribute("dwelling.manager")
    monthly_cents = 50_000
    months = 6
    weight = Decimal("1")
    weighted_cents = 300_000
    starts_on = STARTS_ON

    @classmethod
    def _create(cls, model_class: type[Commitment], *args: Any, **kwargs: Any) -> Commitment:
        made: Commitment = super()._create(model_class, *args, **kwargs)
        posting = Posting(EntryKind.COMMITMENT, -made.weighted_cents, STARTS_ON, commitment=made)
        post(made.fund, [posting], actor=SYSTEM)
        return made
