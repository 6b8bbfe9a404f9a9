from datetime import date

import factory
from factory.django import DjangoModelFactory

from ali.work.models import Job, Means
from ali.work.states import JobKind


class JobFactory(DjangoModelFactory[Job]):
    """A permanent job at 1,150 euros a month. Traits: traineeship, ending (in April 2026)."""

    class Meta:
        model = Job

    class Params:
        traineeship = factory.Trait(
            kind=JobKind.TRAINEESHIP, net_monthly_cents=45_000, ends_on=date(2026, 8, 31)
        )
        ending = factory.Trait(kind=JobKind.FIXED_TERM, ends_on=date(2026, 4, 1))

    person = factory.SubFactory("tests.factories.people.PersonFactory")
    kind = JobKind.PERMANENT
    occupation = "aiuto cuoco"
    net_monthly_cents = 115_000
    starts_on = date(2025, 9, 1)


class MeansFactory(DjangoModelFactory[Means]):
    """Savings of 400 euros, no debts."""

    class Meta:
        model = Means

    person = factory.SubFactory("tests.factories.people.PersonFactory")
    savings_cents = 40_000
    stated_on = date(2026, 2, 1)
