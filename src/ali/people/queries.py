"""What other apps read from here."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.accounts.roles import PREFECTURE_OFFICER, Permission
from ali.core import clock
from ali.core.text import compact
from ali.organisations.models import Membership
from ali.people.facts import StoredFile
from ali.people.models import (
    Assignment,
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
from ali.people.name_variants import are_variants, words_of
from ali.people.querysets import valid_on
from ali.people.states import RECEPTION_ONLY, Capacity, IdentifierKind
from ali.places.models import State

STATELESS = "999"
# Bodies that follow a person day by day: their boards carry the person's deadlines.
FOLLOWING = (Capacity.CASEWORK, Capacity.PREFECTURE)


@dataclass(frozen=True)
class Duplicates:
    """Files that may be of the same person: those the actor sees, and whether there is one that they do not see."""

    seen: list[Person]
    is_elsewhere: bool

    def __bool__(self) -> bool:
        return bool(self.seen) or self.is_elsewhere


def possible_duplicates(
    actor: Actor,
    *,
    surname: str,
    given_names: str,
    birth_year: int | None,
    citizenships: Collection[str],
    exclude: Person | None = None,
    day: date | None = None,
) -> Duplicates:
    """Compare names (any order, spelling, alias), birth year within one, and citizenship: an empty value never matches.

    Names alone are not enough. Of files that `actor` may not see it says only that there is one; reserved persons
    are never found by others.
    """
    given = words_of(surname, given_names)
    places = {code for code in citizenships if code}
    if not given or (birth_year is None and not places):
        return Duplicates([], False)
    visible = set(
        Person.objects.visible_to(actor, day)
        .filter(pk__in=(found := _alike(given, birth_year, places, exclude)))
        .values_list("pk", flat=True)
    )
    hidden = [pk for pk in found if pk not in visible]
    elsewhere = bool(hidden) and Person.objects.filter(pk__in=hidden, is_reserved=False).exists()
    seen = Person.objects.filter(pk__in=visible).order_by("sort_key", "pk")
    return Duplicates(list(seen), elsewhere)


def _alike(
    given: Collection[str], birth_year: int | None, places: Collection[str], exclude: Person | None
) -> list[int]:
    candidates = Person.objects.exclude(search_key="")
    if exclude is not None:
        candidates = candidates.exclude(pk=exclude.pk)
    same_place = Exists(Citizenship.objects.filter(person=OuterRef("pk"), state__in=places))
    some_place = Exists(Citizenship.objects.filter(person=OuterRef("pk")))
    if birth_year is not None:
        near = Q(birth_date__year__gte=birth_year - 1, birth_date__year__lte=birth_year + 1)
        if places:
            # Both known: neither may contradict, and one must agree.
            agree = (near & (same_place | ~some_place)) | (Q(birth_date__isnull=True) & same_place)
            candidates = candidates.filter(agree)
        else:
            candidates = candidates.filter(near)
    else:
        candidates = candidates.filter(same_place)
    rows = candidates.values_list("pk", "search_key").order_by()
    return [pk for pk, key in rows.iterator() if are_variants(given, words_of(key))]


def identifier_owners(
    actor: Actor, *, kind: str, value: str, exclude: Person | None = None
) -> tuple[list[Person], bool]:
    """Return the persons whom `actor` sees with this identifier, and whether there is one elsewhere (never reserved)."""
    key = compact(value)
    if not key:
        return [], False
    found = Person.objects.filter(identifiers__kind=kind, identifiers__value_key=key).distinct()
    if exclude is not None:
        found = found.exclude(pk=exclude.pk)
    seen = list(found.filter(pk__in=Person.objects.visible_to(actor).values("pk")).order_by("sort_key", "pk"))
    elsewhere = found.filter(is_reserved=False).exclude(pk__in=[one.pk for one in seen]).exists()
    return seen, elsewhere


def organisations_following(
    person_ids: Collection[int], day: date, *, capacities: Sequence[str] = FOLLOWING
) -> dict[int, tuple[int, ...]]:
    """Return, for each person, the bodies whose board carries their deadlines: of a reserved one only the carer's."""
    rows = (
        Assignment.objects.filter(
            valid_on(day),
            Q(person__is_reserved=False) | Q(capacity=Capacity.CASEWORK),
            person__in=list(person_ids),
            capacity__in=capacities,
            user__isnull=True,
        )
        .values_list("person_id", "organisation_id")
        .order_by("person_id", "organisation_id")
        .distinct()
    )
    found: dict[int, tuple[int, ...]] = {}
    for person, organisation in rows:
        found[person] = (*found.get(person, ()), organisation)
    return found


def officers_named(person_ids: Collection[int], day: date) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return, for each reserved person, the users who are named to see them, as (organisation, user)."""
    rows = (
        Assignment.objects.filter(
            valid_on(day), person__in=list(person_ids), person__is_reserved=True, user__isnull=False
        )
        .values_list("person_id", "organisation_id", "user_id")
        .order_by("person_id", "organisation_id", "user_id")
        .distinct()
    )
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for person, organisation, user in rows:
        found[person] = (*found.get(person, ()), (organisation, user))
    return found


def people_by_id(actor: Actor, public_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """Return the persons of these public ids whom `actor` sees: names for a board or a list, one query."""
    return {
        one.public_id: one
        for one in Person.objects.visible_to(actor).filter(public_id__in=list(public_ids)).order_by()
    }


@dataclass(frozen=True)
class PersonFile:
    """Everything that people holds of one person and `actor` may read: a constant number of queries."""

    person: Person
    names: list[PersonName]
    citizenships: list[Citizenship]
    languages: list[SpokenLanguage]
    identifiers: list[Identifier]
    permits: list[Permit]
    case: AsylumCase | None
    residences: list[Residence]
    members: list[Person]
    hidden_members: bool
    wishes: list["WishWith"]

    @property
    def permit(self) -> Permit | None:
        """The latest permit."""
        return self.permits[0] if self.permits else None

    @property
    def residence(self) -> Residence | None:
        """Where the person is registered now."""
        return next((one for one in self.residences if one.ends_on is None), None)


@dataclass(frozen=True)
class WishWith:
    """A wish to live together, seen from one household: the other one's members whom the actor sees."""

    wish: TogetherWish
    other: Household
    members: list[Person]


def person_file(actor: Actor, person: Person) -> PersonFile:
    """Return the file of a person whom `actor` already sees; other members of the household only if seen too."""
    members = list(members_of(actor, [person.household_id]))
    return PersonFile(
        person=person,
        names=list(person.names.order_by("kind", "surname", "given_names", "pk")),
        citizenships=list(person.citizenships.select_related("state").order_by("state__name", "pk")),
        languages=list(
            person.languages.select_related("language").order_by("-level", "language__name", "pk")
        ),
        identifiers=list(identifiers_of(actor, person)),
        permits=list(permits_of(person)),
        case=getattr(person, "case", None),
        residences=list(person.residences.select_related("municipality").order_by("-starts_on", "-pk")),
        members=members,
        hidden_members=has_hidden_members(person.household_id, members),
        wishes=wishes_of(actor, person.household_id),
    )


def identifiers_of(actor: Actor, person: Person) -> QuerySet[Any]:
    """Return the person's identifiers that the role may read, the valid ones first."""
    found = person.identifiers.order_by("kind", "-valid_from", "-pk")
    return (
        found if actor.may(Permission.SEE_RECEPTION_IDENTIFIERS) else found.exclude(kind__in=RECEPTION_ONLY)
    )


def permits_of(person: Person) -> QuerySet[Any]:
    """Return the person's permits, the latest first."""
    return person.permits.order_by("-requested_on", "-issued_on", "-pk")


def wishes_of(actor: Actor, household_id: int) -> list[WishWith]:
    """Return the wishes of a household whose other side `actor` sees."""
    wishes = list(
        TogetherWish.objects.filter(Q(first=household_id) | Q(second=household_id))
        .select_related("first", "second")
        .order_by("stated_on", "pk")
    )
    others = {one.pk: one.second if one.first_id == household_id else one.first for one in wishes}
    members: dict[int, list[Person]] = {}
    for person in members_of(actor, [one.pk for one in others.values()]):
        members.setdefault(person.household_id, []).append(person)
    return [
        WishWith(one, others[one.pk], members[others[one.pk].pk])
        for one in wishes
        if others[one.pk].pk in members
    ]


def members_of(actor: Actor, households: Collection[int]) -> QuerySet[Any]:
    """Return the members of these households whom `actor` sees, the eldest first."""
    return (
        Person.objects.visible_to(actor, clock.today())
        .filter(household__in=list(households))
        .order_by("birth_date", "sort_key", "pk")
    )


def has_hidden_members(household_id: int, seen: Collection[Person]) -> bool:
    """Say whether a household has members besides those `seen`; reserved ones are never told of."""
    open_members = Person.objects.filter(household=household_id, is_reserved=False).count()
    return open_members > sum(not one.is_reserved for one in seen)


def find_people(actor: Actor, words: str, *, limit: int = 20) -> list[Person]:
    """Return the persons whom `actor` sees with this name, in any order and spelling of accents, or this identifier."""
    seen = Person.objects.visible_to(actor)
    named = seen.named(words).values("pk") if words_of(words) else seen.none().values("pk")
    identified = seen.identified_by(words, for_actor=actor).values("pk")
    found = Person.objects.filter(Q(pk__in=named) | Q(pk__in=identified))
    return list(found.order_by("sort_key", "pk")[:limit])


def officers_to_name(person: Person, day: date) -> QuerySet[User]:
    """Return the officers of the prefecture that receives the person: those who may be named when it is reserved."""
    bodies = Assignment.objects.filter(
        valid_on(day), person=person, capacity=Capacity.PREFECTURE, user__isnull=True
    )
    officers = Membership.objects.valid_on(day).filter(
        organisation__in=bodies.values("organisation"), role=PREFECTURE_OFFICER.code
    )
    return User.objects.filter(is_active=True, pk__in=officers.values("user")).order_by("full_name", "pk")


def sight_of(person: Person, day: date) -> list[Assignment]:
    """Return which bodies, or named officers, have an assignment to the person on `day`."""
    found = Assignment.objects.filter(valid_on(day), person=person).select_related("organisation", "user")
    return list(found.order_by("capacity", "starts_on", "pk"))


def birth_place_code(person: Person) -> str:
    """Return the Zxxx code of the only citizenship that has one: a hint for the codice fiscale, never a certainty."""
    codes = list(
        State.objects.filter(pk__in=person.citizenships.values("state"))
        .exclude(cadastral="")
        .values_list("cadastral", flat=True)
        .order_by()
    )
    return codes[0] if len(codes) == 1 else ""


def definitive_code_of(person: Person) -> Identifier | None:
    """Return the person's present definitive codice fiscale."""
    found: Identifier | None = (
        person.identifiers.filter(kind=IdentifierKind.CODICE_FISCALE, valid_to__isnull=True)
        .order_by("-valid_from", "-pk")
        .first()
    )
    return found


def stored_files(person_ids: Collection[int]) -> dict[int, StoredFile]:
    """Return what our files hold of the things that lists tell: six statements for every 500 persons."""
    ids = sorted(person_ids)
    found: dict[int, StoredFile] = {}
    for start in range(0, len(ids), 500):
        found |= _stored(ids[start : start + 500])
    return found


def _stored(ids: Sequence[int]) -> dict[int, StoredFile]:
    found = {one.pk: StoredFile(one) for one in Person.objects.filter(pk__in=ids).order_by()}
    for name in PersonName.objects.filter(person__in=ids).order_by("pk"):
        found[name.person_id].names.append(name)
    for person, state in (
        Citizenship.objects.filter(person__in=ids).values_list("person_id", "state_id").order_by()
    ):
        found[person].citizenships.add(state)
    identifiers = Identifier.objects.filter(person__in=ids).values_list("person_id", "kind", "value_key")
    for person, kind, key in identifiers.order_by():
        found[person].identifiers.add((kind, key))
    for case in AsylumCase.objects.filter(person__in=ids).order_by():
        found[case.person_id].case = case
    for permit in Permit.objects.filter(person__in=ids).order_by(
        "requested_on", "issued_on", "expires_on", "pk"
    ):
        found[permit.person_id].permits.append(permit)
    return found


def owners_of(identifiers: Collection[tuple[str, str]]) -> dict[tuple[str, str], set[int]]:
    """Return who has each identifier (kind and comparable value), reserved persons too: never shown as they are."""
    keys = sorted({value for _kind, value in identifiers})
    found: dict[tuple[str, str], set[int]] = {}
    for start in range(0, len(keys), 500):
        rows = Identifier.objects.filter(value_key__in=keys[start : start + 500])
        for person, kind, key in rows.values_list("person_id", "kind", "value_key").order_by():
            found.setdefault((kind, key), set()).add(person)
    return found


def reserved_among(person_ids: Collection[int]) -> set[int]:
    """Return which of these persons are reserved."""
    ids = sorted(person_ids)
    found: set[int] = set()
    for start in range(0, len(ids), 500):
        some = Person.objects.filter(pk__in=ids[start : start + 500], is_reserved=True)
        found |= set(some.values_list("pk", flat=True))
    return found
