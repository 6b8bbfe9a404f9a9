"""Households and persons with everything that hangs on them, except reception."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from ali.core.text import compact
from ali.demo.chance import stream
from ali.demo.filling.rows import write
from ali.demo.shapes import HouseholdSpec, PermitSpec, PersonSpec, ProcedureSpec
from ali.pathways.models import LanguageCourse, Tie, TieKind
from ali.people.models import (
    AsylumCase,
    Citizenship,
    Household,
    Identifier,
    Permit,
    Person,
    PersonName,
    Residence,
    SpokenLanguage,
    TogetherWish,
)
from ali.people.states import (
    CaseState,
    IdentifierKind,
    LanguageLevel,
    NameKind,
    PermitState,
    Relation,
    ResidenceKind,
)
from ali.places.models import State
from ali.work.models import Job, Means
from ali.work.states import JobKind

RELATIONS = {
    "head": Relation.HEAD,
    "spouse": Relation.PARTNER,
    "child": Relation.CHILD,
    "adult_child": Relation.CHILD,
    "sibling": Relation.SIBLING,
    "friend": Relation.HEAD,
}
NAME_KINDS = {"transliteration": NameKind.TRANSLITERATION}
IDENTIFIER_KINDS = {
    "codice_fiscale": IdentifierKind.CODICE_FISCALE,
    "codice_fiscale_provisional": IdentifierKind.CODICE_FISCALE_PROVISIONAL,
    "cui": IdentifierKind.CUI,
    "vestanet": IdentifierKind.VESTANET,
    "sga": IdentifierKind.SGA,
}
EDUCATION = {"none": "nessuna", "primary": "primaria", "secondary": "secondaria", "tertiary": "terziaria"}
CASE_STATES = {
    "expressed": CaseState.EXPRESSED,
    "formalised": CaseState.FORMALISED,
    "dublin": CaseState.DUBLIN,
    "awaiting_hearing": CaseState.WAITING_HEARING,
    "heard": CaseState.HEARD,
    "decided": CaseState.DECIDED,
    "notified": CaseState.NOTIFIED,
    "appealed": CaseState.APPEAL,
    "court_decided": CaseState.CLOSED,
    "permit_requested": CaseState.CLOSED,
    "permit_issued": CaseState.CLOSED,
}
RESIDENCES = {"collective": ResidenceKind.COHABITATION, "individual": ResidenceKind.INDIVIDUAL}
JOB_KINDS = {
    "traineeship": JobKind.TRAINEESHIP,
    "seasonal": JobKind.SEASONAL,
    "fixed_term": JobKind.FIXED_TERM,
    "permanent": JobKind.PERMANENT,
}
# What the home must offer, in words that say nothing of why.
NEED_NOTES = {
    "ground_floor": "Piano terra",
    "step_free": "Senza scale",
    "near_health_service": "Vicino a un presidio sanitario",
    "private_room": "Camera singola",
    "protected_address": "Indirizzo da non divulgare",
}
STEP_FREE = {"ground_floor", "step_free"}
TIES = {
    TieKind.FRIEND: 50,
    TieKind.VOLUNTEER: 16,
    TieKind.COMMUNITY: 14,
    TieKind.COLLEAGUE: 12,
    TieKind.FAMILY: 8,
}
DEBT_MONTHS = 24
COURSE_LEVELS = {"A0": "A1", "A1": "A1", "A2": "A2", "B1": "B1", "B2": "B2"}


@dataclass
class People:
    """Persons and households as stored, by the keys of the specs."""

    persons: dict[str, Person] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Some invented households and their people by key."""

    name: str
    households: Sequence[HouseholdSpec]
    by_key: Mapping[str, PersonSpec]

    def persons(self) -> Iterator[tuple[str, PersonSpec]]:
        for household in self.households:
            for key in household.members:
                yield key, self.by_key[key]


def add_people(group: Group, *, seed: int, today: date) -> People:
    """Write the households and persons of `group`, and their files."""
    stored = People()
    _add_households(group, stored, today)
    _add_persons(group, stored, stream(seed, f"phones {group.name}"))
    pairs = [(stored.persons[key].pk, spec) for key, spec in group.persons()]
    _add_papers(pairs)
    _add_money(pairs, today)
    _add_pathways(pairs, stream(seed, f"pathways {group.name}"), today)
    return stored


def _add_households(group: Group, stored: People, today: date) -> None:
    """One row each; friends are a household of one each, and say that they wish to live together."""
    parts: list[Sequence[PersonSpec]] = []
    wishes: list[tuple[int, int, date]] = []
    for spec in group.households:
        members = [group.by_key[key] for key in spec.members]
        first = len(parts)
        parts += [[one] for one in members] if spec.is_by_wish else [members]
        said_on = min(members[0].stay.entered_on + timedelta(days=60), today)
        wishes += [(first, other, said_on) for other in range(first + 1, len(parts))]
    rows = write([_household(part) for part in parts])
    for part, row in zip(parts, rows, strict=True):
        stored.households |= {person.key: row for person in part}
    write([TogetherWish(first=rows[one], second=rows[other], stated_on=day) for one, other, day in wishes])


def _household(members: Sequence[PersonSpec]) -> Household:
    needs = {need.kind for member in members for need in member.needs}
    return Household(
        needs_step_free=bool(needs & STEP_FREE),
        notes=". ".join(NEED_NOTES[need] for need in sorted(needs) if need in NEED_NOTES),
    )


def _add_persons(group: Group, stored: People, chance: Random) -> None:
    keys: list[str] = []
    rows: list[Person] = []
    for key, spec in group.persons():
        kinds = {need.kind for need in spec.needs}
        row = Person(
            household_id=stored.households[key].pk,
            relation=RELATIONS[spec.relation],
            surname=spec.name.family,
            given_names=spec.name.given,
            sex=spec.sex,
            birth_date=spec.born_on,
            birth_precision=spec.birth_precision,
            birth_place=spec.birth_place,
            arrived_on=_arrival(spec, len(rows)),
            phone=_phone(chance) if spec.is_adult and chance.random() < 0.9 else "",
            education=EDUCATION[spec.education],
            competent_municipality_id=spec.competent_municipality,
            municipality_told_on=spec.municipality_told_on,
            is_pregnant="pregnancy" in kinds,
            is_vulnerable=bool(kinds - {"pregnancy"}),
            is_reserved=spec.is_reserved,
            is_invented=True,
        )
        row.refresh_keys([f"{name.family} {name.given}" for name in spec.names[1:]])
        keys.append(key)
        rows.append(row)
    write(rows)
    stored.persons = dict(zip(keys, rows, strict=True))


def _arrival(spec: PersonSpec, number: int) -> date | None:
    """A few days before the first trace in Italy; nothing for those born here."""
    traces = [spec.procedure.expressed_on, *(stay.entered_on for stay in spec.stays)]
    known = [day for day in traces if day]
    arrived = min(known) - timedelta(days=1 + number % 6) if known else None
    return arrived if arrived and arrived >= spec.born_on else None


def _phone(chance: Random) -> str:
    """A number that nobody can have."""
    return f"+39 000 {chance.randrange(10**7):07d}"


def _add_papers(pairs: Sequence[tuple[int, PersonSpec]]) -> None:
    state_of = dict(State.objects.exclude(iso3="").values_list("iso3", "istat"))
    write(
        [
            PersonName(
                person_id=pk,
                kind=NAME_KINDS.get(name.kind, NameKind.ALIAS),
                surname=name.family,
                given_names=name.given,
            )
            for pk, spec in pairs
            for name in spec.names[1:]
        ]
    )
    write(
        [
            Citizenship(person_id=pk, state_id=state_of[iso3])
            for pk, spec in pairs
            for iso3 in spec.citizenships
        ]
    )
    write(
        [
            SpokenLanguage(
                person_id=pk,
                language_id=language.code,
                level=LanguageLevel.MOTHER if language.is_mother_tongue else language.level,
            )
            for pk, spec in pairs
            for language in spec.languages
        ]
    )
    write(
        [
            Identifier(
                person_id=pk,
                kind=IDENTIFIER_KINDS[one.kind],
                value=one.value,
                value_key=compact(one.value),
                valid_from=one.valid_from,
                valid_to=one.valid_to,
            )
            for pk, spec in pairs
            for one in spec.identifiers
        ]
    )
    write([row for pk, spec in pairs for row in _permits(pk, spec.permits)])
    write([_case(pk, spec.procedure) for pk, spec in pairs if spec.procedure.state != "none"])
    write(
        [
            Residence(
                person_id=pk,
                kind=RESIDENCES[spec.residence.kind],
                municipality_id=spec.residence.municipality,
                starts_on=spec.residence.since,
            )
            for pk, spec in pairs
            if spec.residence.kind in RESIDENCES
        ]
    )


def _permits(person: int, specs: Iterable[PermitSpec]) -> Iterator[Permit]:
    """A permit given up for another one is not stored: it expires nowhere."""
    for spec in specs:
        if spec.state != "replaced":
            yield Permit(
                person_id=person,
                kind=spec.kind,
                regime=spec.regime,
                state=PermitState(spec.state),
                number=spec.number,
                receipt_number=spec.receipt_number,
                requested_on=spec.requested_on,
                appointment_on=spec.appointment_on,
                issued_on=spec.issued_on,
                delivered_on=spec.delivered_on,
                expires_on=spec.expires_on,
            )


def _case(person: int, spec: ProcedureSpec) -> AsylumCase:
    return AsylumCase(
        person_id=person,
        state=CASE_STATES[spec.state],
        outcome=spec.outcome,
        applied_on=spec.formalised_on or spec.expressed_on,
        heard_on=spec.hearing_on,
        decided_on=spec.decided_on,
        notified_on=spec.notified_on,
        appealed_on=spec.appealed_on,
        is_suspended=bool(spec.is_suspensive) and not spec.court_outcome,
        appeal_outcome=spec.court_outcome,
    )


def _add_money(pairs: Sequence[tuple[int, PersonSpec]], today: date) -> None:
    adults = [(pk, spec) for pk, spec in pairs if spec.is_adult]
    write([row for pk, spec in adults for row in _jobs(pk, spec, today)])
    write(
        [
            Means(
                person_id=pk,
                savings_cents=spec.money.savings_cents,
                debts_monthly_cents=spec.money.debts_cents // DEBT_MONTHS,
                remittances_monthly_cents=spec.money.remittances_monthly_cents,
                stated_on=max(spec.stay.entered_on, today - timedelta(days=20)),
            )
            for pk, spec in adults
        ]
    )


def _jobs(person: int, spec: PersonSpec, today: date) -> Iterator[Job]:
    job = spec.job
    if job.starts_on is not None:
        yield Job(
            person_id=person,
            kind=JOB_KINDS[job.contract],
            occupation=job.sector,
            employer=job.employer,
            net_monthly_cents=job.net_monthly_cents,
            weekly_hours=job.weekly_hours,
            starts_on=job.starts_on,
            ends_on=job.ends_on,
        )
    if spec.money.other_income_cents:
        yield Job(
            person_id=person,
            kind=JobKind.OTHER,
            occupation="Entrate saltuarie (esempio)",
            net_monthly_cents=spec.money.other_income_cents,
            starts_on=today - timedelta(days=20),
            ends_on=today + timedelta(days=10),
        )


def _add_pathways(pairs: Sequence[tuple[int, PersonSpec]], chance: Random, today: date) -> None:
    kinds, weights = list(TIES), list(TIES.values())
    ties, courses = [], []
    for pk, spec in pairs:
        if not spec.is_adult:
            continue
        for kind in chance.choices(kinds, weights, k=spec.ties):
            place = chance.choice(("Padova", "Provincia di Padova", "Vicenza", "Altra regione"))
            ties.append(Tie(person_id=pk, kind=kind, place=place, is_strong=chance.random() < 0.4))
        course = _course(chance, pk, spec, today)
        if course is not None:
            courses.append(course)
    write(ties)
    write(courses)


def _course(chance: Random, person: int, spec: PersonSpec, today: date) -> LanguageCourse | None:
    starts = spec.stays[0].entered_on + timedelta(days=chance.randint(20, 120))
    if starts >= today or chance.random() < 0.25:
        return None
    ends = starts + timedelta(days=chance.randint(90, 200))
    return LanguageCourse(
        person_id=person,
        school="Centro per l'istruzione degli adulti (esempio)",
        level=COURSE_LEVELS[spec.italian],
        starts_on=starts,
        ends_on=ends,
        is_passed=ends < today and spec.italian != "A0",
    )
