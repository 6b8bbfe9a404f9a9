"""Many files at once, as lists bring them: the same facts as one by one, in a number of statements that rows do not multiply."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.text import compact
from ali.core.transactions import atomic
from ali.people import permissions
from ali.people.facts import Additions, FileFacts, StoredFile
from ali.people.hooks import restart_clocks
from ali.people.models import (
    Assignment,
    AsylumCase,
    Citizenship,
    Household,
    Identifier,
    Permit,
    Person,
    PersonName,
)
from ali.people.querysets import valid_on
from ali.people.states import NameKind, Precision, Relation

BATCH = 500


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to open. Those with the same `household` key live together; `joins` is the household of somebody known."""

    facts: FileFacts
    household: str = ""
    joins: int | None = None
    relation: str = Relation.HEAD


@dataclass(frozen=True, slots=True)
class Sight:
    """That a body may see a person from a day on, and why."""

    person_id: int
    organisation_id: int
    capacity: str
    reason: str
    starts_on: date


@atomic
def open_files(*, actor: Actor, files: Sequence[NewFile]) -> list[Person]:
    """Open many files. Who may see them is said next, with `assign_many`: nobody sees a file without."""
    permissions.may_register_person(actor).or_refuse()
    households = _households(files)
    persons = [_person(one, household) for one, household in zip(files, households, strict=True)]
    Person.objects.bulk_create(persons, batch_size=BATCH)
    told = [(person, one.facts) for person, one in zip(persons, files, strict=True)]
    _write_names([(person, [("", name) for name in facts.other_names]) for person, facts in told])
    _write_citizenships([(person, facts.citizenships) for person, facts in told])
    _write_identifiers([(person, facts.identifiers) for person, facts in told])
    AsylumCase.objects.bulk_create(
        [AsylumCase(person=person, **facts.case) for person, facts in told if facts.case], batch_size=BATCH
    )
    Permit.objects.bulk_create(
        [Permit(person=person, **facts.permit) for person, facts in told if "kind" in facts.permit],
        batch_size=BATCH,
    )
    if persons:
        audit.record(actor, "persons_registered", persons=[person.public_id for person in persons])
    return persons


def _households(files: Sequence[NewFile]) -> list[int]:
    """The household of each file: a new one per key, a new one for who is alone, or the one they join."""
    keys = [one.household or f"\x00{number}" for number, one in enumerate(files)]
    wanted = dict.fromkeys(key for key, one in zip(keys, files, strict=True) if one.joins is None)
    made = Household.objects.bulk_create([Household() for _key in wanted], batch_size=BATCH)
    found = {key: household.pk for key, household in zip(wanted, made, strict=True)}
    return [one.joins if one.joins is not None else found[key] for key, one in zip(keys, files, strict=True)]


def _person(new: NewFile, household: int) -> Person:
    facts = new.facts
    person = Person(
        household_id=household,
        relation=new.relation,
        surname=facts.surname,
        given_names=facts.given_names,
        sex=facts.sex,
        birth_date=facts.birth_date,
        birth_precision=facts.birth_precision or Precision.DAY,
        birth_place=facts.birth_place,
        arrived_on=facts.arrived_on,
        phone=facts.phone,
    )
    person.refresh_keys(list(facts.other_names))
    return person


def _write_names(rows: Sequence[tuple[Person, Sequence[tuple[str, str]]]]) -> None:
    PersonName.objects.bulk_create(
        [
            PersonName(
                person=person,
                kind=NameKind.TRANSLITERATION if surname else NameKind.ALIAS,
                surname=surname,
                given_names=given_names,
            )
            for person, names in rows
            for surname, given_names in names
        ],
        batch_size=BATCH,
    )


def _write_citizenships(rows: Sequence[tuple[Person, Sequence[str]]]) -> None:
    Citizenship.objects.bulk_create(
        [Citizenship(person=person, state_id=code) for person, codes in rows for code in codes],
        batch_size=BATCH,
    )


def _write_identifiers(rows: Sequence[tuple[Person, Sequence[tuple[str, str]]]]) -> None:
    Identifier.objects.bulk_create(
        [
            Identifier(person=person, kind=kind, value=value, value_key=compact(value)[:40])
            for person, values in rows
            for kind, value in values
        ],
        batch_size=BATCH,
    )


@atomic
def add_to_files(*, actor: Actor, additions: Sequence[tuple[StoredFile, Additions]]) -> None:
    """Write what a list adds to files that the actor sees; each has its audit line with the names of what was added."""
    permissions.may_register_person(actor).or_refuse()
    _check_sight(actor, [stored.person for stored, _added in additions])
    _write_names([(stored.person, added.names) for stored, added in additions])
    _write_citizenships([(stored.person, added.citizenships) for stored, added in additions])
    _write_identifiers([(stored.person, added.identifiers) for stored, added in additions])
    for stored, added in additions:
        _write_person(stored, added)
        _write_case(stored, added)
        _write_permit(stored, added)
        audit.record(
            actor,
            "person_completed",
            stored.person,
            persons=[stored.person.public_id],
            fields=added.changed(),
        )


def _check_sight(actor: Actor, persons: Sequence[Person]) -> None:
    seen = _by_chunks(
        [person.pk for person in persons],
        lambda ids: set(Person.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)),
    )
    for person in persons:
        if person.pk not in seen:
            permissions.may_edit_person(actor, person).or_refuse()


def _by_chunks(ids: Sequence[int], find: Callable[[Sequence[int]], Collection[int]]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(ids), BATCH):
        found |= set(find(ids[start : start + BATCH]))
    return found


def _write_person(stored: StoredFile, added: Additions) -> None:
    if not added.person and not added.names:
        return
    for name, value in added.person.items():
        setattr(stored.person, name, value)
    stored.person.save_if_unchanged(stored.person.version)


def _write_case(stored: StoredFile, added: Additions) -> None:
    if not added.case:
        return
    if stored.case is None:
        AsylumCase.objects.create(person=stored.person, **added.case)
        return
    _set(stored.case, added.case)


def _write_permit(stored: StoredFile, added: Additions) -> None:
    if not added.permit_fields:
        return
    if added.permit is None:
        Permit.objects.create(person=stored.person, **added.permit_fields)
        return
    _set(added.permit, added.permit_fields)


def _set(record: AsylumCase | Permit, values: dict[str, Any]) -> None:  # Any: field values of the record
    for name, value in values.items():
        setattr(record, name, value)
    record.save_if_unchanged(record.version)


@atomic
def assign_many(*, actor: Actor, sights: Sequence[Sight], today: date) -> None:
    """Let bodies see many persons, as `assign` does for one: a valid assignment is prolonged instead of doubled."""
    held = _valid_assignments({one.person_id for one in sights}, today)
    new: list[Assignment] = []
    prolonged: list[Assignment] = []
    for one in sights:
        known = held.get((one.person_id, one.organisation_id, one.capacity))
        if known is None:
            new.append(
                Assignment(
                    person_id=one.person_id,
                    organisation_id=one.organisation_id,
                    capacity=one.capacity,
                    reason=one.reason[:200],
                    starts_on=one.starts_on,
                )
            )
        elif known.ends_on is not None:
            known.ends_on = None
            prolonged.append(known)
    Assignment.objects.bulk_create(new, batch_size=BATCH)
    Assignment.objects.bulk_update(prolonged, ["ends_on"], batch_size=BATCH)
    if new:
        ids = sorted({one.person_id for one in new})
        audit.record(
            actor,
            "persons_assigned",
            persons=_public_ids(ids),
            organisations=sorted({one.organisation_id for one in new}),
        )


def _valid_assignments(person_ids: Collection[int], today: date) -> dict[tuple[int, int, str], Assignment]:
    ids = sorted(person_ids)
    held: dict[tuple[int, int, str], Assignment] = {}
    for start in range(0, len(ids), BATCH):
        some = Assignment.objects.filter(
            valid_on(today), person__in=ids[start : start + BATCH], user__isnull=True
        )
        held |= {(one.person_id, one.organisation_id, one.capacity): one for one in some.order_by("-pk")}
    return held


def _public_ids(person_ids: Sequence[int]) -> list[Any]:  # Any: UUIDs
    found: list[Any] = []
    for start in range(0, len(person_ids), BATCH):
        found += Person.objects.filter(pk__in=person_ids[start : start + BATCH]).values_list(
            "public_id", flat=True
        )
    return found


def restart_many_clocks(person_ids: Collection[int], *, today: date) -> None:
    """Let every app write again the deadlines of many persons, some at a time."""
    ids = sorted(person_ids)
    for start in range(0, len(ids), BATCH):
        restart_clocks(ids[start : start + BATCH], today=today)
