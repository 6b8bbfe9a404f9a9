"""What case workers write of a person's work and means. The audit line never holds an amount."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.models import StaleRecord
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, replace_deadlines
from ali.people.models import Person
from ali.people.queries import organisations_following
from ali.people.states import Capacity
from ali.reception.gaps import refresh_gaps
from ali.work import permissions
from ali.work.models import Job, Means
from ali.work.states import JobKind

JOB_CLOCKS = "work.job:"


class ImpossibleJob(Refusal):
    """Dates or amounts that cannot be."""


@dataclass(frozen=True)
class JobFacts:
    """A job or other income as told by the person or read in the payslip."""

    kind: str
    net_monthly_cents: int
    starts_on: date
    ends_on: date | None = None
    occupation: str = ""
    employer: str = ""
    weekly_hours: int | None = None

    def check(self) -> None:
        """Raise `ImpossibleJob` when it cannot be."""
        if self.ends_on and self.ends_on < self.starts_on:
            raise ImpossibleJob(_("Il lavoro finisce prima di cominciare: controlla le due date."))
        if self.net_monthly_cents < 0:
            raise ImpossibleJob(_("Il netto mensile non può essere negativo."))


@dataclass(frozen=True)
class MeansFacts:
    """Savings, debts and remittances as declared."""

    savings_cents: int = 0
    debts_monthly_cents: int = 0
    remittances_monthly_cents: int = 0

    def check(self) -> None:
        """Raise `ImpossibleJob` when an amount cannot be."""
        if min(asdict(self).values()) < 0:
            raise ImpossibleJob(_("Risparmi, debiti e rimesse non possono essere negativi."))


@atomic
def state_job(*, actor: Actor, person: Person, facts: JobFacts, today: date) -> Job:
    """Write a job or other income of a person."""
    permissions.may_state_income(actor, person, today).or_refuse()
    facts.check()
    job = Job.objects.create(person=person, **asdict(facts))
    audit.record(actor, "job_stated", job, persons=[person.public_id], kind=facts.kind)
    _refresh_household(person, today)
    return job


@atomic
def change_job(*, actor: Actor, job: Job, facts: JobFacts, expected_version: int, today: date) -> Job:
    """Change a job: also how it ends."""
    permissions.may_state_income(actor, job.person, today).or_refuse()
    facts.check()
    for name, value in asdict(facts).items():
        setattr(job, name, value)
    job.save_if_unchanged(expected_version)
    audit.record(actor, "job_changed", job, persons=[job.person.public_id], kind=facts.kind)
    _refresh_household(job.person, today)
    return job


@atomic
def remove_job(*, actor: Actor, job: Job, expected_version: int, today: date) -> None:
    """Remove a job written by mistake; one that ended keeps its end date instead."""
    permissions.may_state_income(actor, job.person, today).or_refuse()
    if job.version != expected_version:
        raise StaleRecord(_("Qualcun altro ha modificato questo lavoro: ricarica, controlla e riprova."))
    person = job.person
    audit.record(actor, "job_removed", job, persons=[person.public_id], kind=job.kind)
    job.delete()
    _refresh_household(person, today)


@atomic
def state_means(
    *, actor: Actor, person: Person, facts: MeansFacts, expected_version: int | None, today: date
) -> Means:
    """Write savings, debts and remittances; `expected_version` None when nothing was there."""
    permissions.may_state_income(actor, person, today).or_refuse()
    facts.check()
    means = Means.objects.select_for_update().filter(person=person).first()
    if means is None:
        means = Means.objects.create(person=person, stated_on=today, **asdict(facts))
    elif expected_version is None:
        raise StaleRecord(_("Un collega ha appena scritto risparmi e debiti: ricarica, controlla e riprova."))
    else:
        for name, value in asdict(facts).items():
            setattr(means, name, value)
        means.stated_on = today
        means.save_if_unchanged(expected_version)
    audit.record(actor, "means_stated", means, persons=[person.public_id])
    return means


def _refresh_household(person: Person, today: date) -> None:
    """An income changes the gap of everybody in the household, and the end of a job is on the board."""
    members = Person.objects.filter(household=person.household_id).order_by().values_list("pk", flat=True)
    refresh_gaps(list(members), today=today)
    write_job_deadlines([person.pk], today)


def write_job_deadlines(person_ids: Collection[int], today: date) -> None:
    """Write again when the jobs of these persons end, for the bodies that have them in care and for nobody else."""
    ids = list(person_ids)
    carers = organisations_following(ids, today, capacities=[Capacity.CASEWORK])
    jobs = (
        Job.objects.filter(person__in=ids, ends_on__gte=today)
        .select_related("person")
        .order_by("person_id", "pk")
    )
    replace_deadlines(
        prefix=JOB_CLOCKS,
        persons=list(Person.objects.filter(pk__in=ids).order_by().values_list("public_id", flat=True)),
        dues=[_due(job, carers.get(job.person_id, ())) for job in jobs],
    )


def _due(job: Job, carers: tuple[int, ...]) -> Due:
    person = job.person
    return Due(
        kind=DeadlineKind.JOB,
        source=f"{JOB_CLOCKS}{job.public_id}",
        due_on=job.ends_on or date.max,
        title=gettext_noop("Finisce un lavoro: %(kind)s"),
        words={"kind": JobKind(job.kind).label},
        organisations=carers,
        person=person.public_id,
        is_reserved=person.is_reserved,
        url_name="desk:person",
        url_id=person.public_id,
    )
