"""Writing a settled guest list: files, households, stays, who may see them, and the exits that their papers announce."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.audit import services as audit
from ali.imports.kinds import Plan
from ali.people import services as people
from ali.people.models import AsylumCase, Permit, Person
from ali.people.services import NewFile, Sight
from ali.people.states import Capacity, Relation
from ali.reception import queries
from ali.reception.guest_import.facts import exit_cause, relation_in
from ali.reception.guest_import.planning import Settled
from ali.reception.models import Centre, Exit, Stay
from ali.reception.services import admit_person, transfer_person
from ali.reception.states import OPEN_STATES

CHUNK = 500
ADULT_AT = 18


def apply_guests(plan: Plan) -> None:
    """Write every settled row: new files in bulk, additions to known ones, stays, exits; then start the clocks."""
    settled: list[Settled] = plan.settled
    new = [one for one in settled if one.known is None]
    changed = [one for one in settled if one.known is not None and one.additions]
    persons = people.open_files(actor=plan.actor, files=_files(settled, plan.today))
    people.add_to_files(
        actor=plan.actor, additions=[(one.known, one.additions) for one in changed if one.known]
    )
    _admit_new(plan.actor, list(zip(persons, new, strict=True)), plan.today)
    for done, one in enumerate(settled):
        plan.tick(done)
        _move_known(plan.actor, one, plan.today)
    told = [one.known.person.pk for one in settled if one.known and _tells_of_leaving(one)]
    opened = [person.pk for person in persons]
    _expect_exits(plan.actor, opened + told, _guesses(persons, settled, plan.today))
    written = opened + [one.known.person.pk for one in changed if one.known]
    people.restart_many_clocks(written, today=plan.today)


# --- households ----------------------------------------------------------------------------------------


def _files(settled: Sequence[Settled], today: date) -> list[NewFile]:
    """The files to open; those of one household live together, and join somebody of theirs whom we know."""
    homes: dict[str, set[int]] = {}
    groups: dict[str, list[Settled]] = {}
    for one in settled:
        if one.household and one.known is not None:
            homes.setdefault(one.household, set()).add(one.known.person.household_id)
        elif one.household:
            groups.setdefault(one.household, []).append(one)
    joined = {key: next(iter(found)) for key, found in homes.items() if len(found) == 1}
    heads = {key: _head(group, today) for key, group in groups.items() if key not in joined}
    return [
        NewFile(
            facts=one.facts,
            household=one.household,
            joins=joined.get(one.household),
            relation=_relation(one, heads, is_joining=one.household in joined),
        )
        for one in settled
        if one.known is None
    ]


def _head(group: Sequence[Settled], today: date) -> int:
    """The row of the reference person: who is written so, else the eldest."""
    written = [one for one in group if relation_in(one.row) == Relation.HEAD]
    eldest = min(group, key=lambda one: (one.facts.birth_date or today, one.row.row))
    return (written[0] if written else eldest).row.row


def _relation(one: Settled, heads: Mapping[str, int], *, is_joining: bool) -> str:
    if not one.household or heads.get(one.household) == one.row.row:
        return Relation.HEAD
    written = relation_in(one.row)
    return Relation.OTHER if not written or written == Relation.HEAD else written


# --- stays ---------------------------------------------------------------------------------------------


def _admit_new(actor: Actor, arrivals: Sequence[tuple[Person, Settled]], today: date) -> None:
    """Record many first arrivals, and let the manager, the prefecture and the own body follow them."""
    Stay.objects.bulk_create(
        [
            Stay(person=person, centre=one.centre, entered_on=one.arrives_on or today)
            for person, one in arrivals
        ],
        batch_size=CHUNK,
    )
    bodies = cache(lambda centre: _bodies(actor, centre, today))
    people.assign_many(
        actor=actor,
        sights=[
            Sight(
                person.pk,
                organisation,
                capacity,
                _("Accoglienza in %(centre)s") % {"centre": one.centre.name},
                one.arrives_on or today,
            )
            for person, one in arrivals
            for organisation, capacity in bodies(one.centre)
        ],
        today=today,
    )
    if arrivals:
        audit.record(actor, "persons_admitted", persons=[person.public_id for person, _one in arrivals])


def _bodies(actor: Actor, centre: Centre, today: date) -> frozenset[tuple[int, str]]:
    bodies = {(centre.manager_id, str(Capacity.CASEWORK))}
    prefecture = queries.prefecture_of_centre(centre, today)
    if prefecture is not None:
        bodies.add((prefecture.pk, str(Capacity.PREFECTURE)))
    if actor.organisation_id is not None and not actor.may(Permission.SEE_MONEY):
        bodies.add((actor.organisation_id, str(Capacity.PREFECTURE)))
    return frozenset(bodies)


def _move_known(actor: Actor, one: Settled, today: date) -> None:
    """Bring somebody whom we know into the centre of the list."""
    if one.known is None or one.arrives_on is None:
        return
    if one.moves_from is not None:
        transfer_person(
            actor=actor, stay=one.moves_from, centre=one.centre, moved_on=one.arrives_on, today=today
        )
        return
    admit_person(
        actor=actor, person=one.known.person, centre=one.centre, entered_on=one.arrives_on, today=today
    )


# --- exits ---------------------------------------------------------------------------------------------


def _guesses(persons: Sequence[Person], settled: Sequence[Settled], today: date) -> dict[int, date]:
    """The future days of leaving that the list writes: guesses, not dates."""
    new = iter(persons)
    found: dict[int, date] = {}
    for one in settled:
        person = next(new) if one.known is None else one.known.person
        leaves = one.row.day("left_on")
        if leaves and leaves > today:
            found[person.pk] = leaves
    return found


def _tells_of_leaving(one: Settled) -> bool:
    """Whether the list says something new that may end reception: an exit that a person cancelled stays cancelled."""
    return bool(one.additions.case or one.additions.permit_fields or one.arrives_on)


def _expect_exits(actor: Actor, person_ids: Sequence[int], guesses: Mapping[int, date]) -> None:
    """Open the exit of everybody whose papers say that reception will end: the clock proposes the day, if it can."""
    for start in range(0, len(person_ids), CHUNK):
        ids = person_ids[start : start + CHUNK]
        stays = {
            stay.person_id: stay
            for stay in Stay.objects.filter(person__in=ids, left_on__isnull=True).order_by()
        }
        leaving = Exit.objects.filter(person__in=ids, state__in=OPEN_STATES)
        for person in leaving.values_list("person_id", flat=True).order_by():
            stays.pop(person, None)
        causes = _causes(stays)
        made = Exit.objects.bulk_create(
            [
                Exit(
                    person_id=person,
                    stay=stays[person],
                    cause=cause,
                    awaited_event=event,
                    leaves_on=guesses.get(person),
                )
                for person, (cause, event) in causes.items()
            ]
        )
        if made:
            known = Person.objects.filter(pk__in=list(causes)).values_list("public_id", flat=True)
            audit.record(actor, "exits_expected", persons=list(known.order_by("pk")))


def _causes(stays: Mapping[int, Stay]) -> dict[int, tuple[str, str]]:
    ids = list(stays)
    cases = {one.person_id: one for one in AsylumCase.objects.filter(person__in=ids).order_by()}
    kinds: dict[int, set[str]] = {}
    for person, kind in Permit.objects.filter(person__in=ids).values_list("person_id", "kind").order_by():
        kinds.setdefault(person, set()).add(kind)
    found: dict[int, tuple[str, str]] = {}
    for person in ids:
        case = cases.get(person)
        outcome, state = (case.appeal_outcome or case.outcome, case.state) if case else ("", "")
        cause = exit_cause(outcome, state, kinds.get(person, set()))
        if cause is not None:
            found[person] = cause
    return found
