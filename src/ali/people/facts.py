"""What a list says about a person, beside what our file already holds: a list adds, it never overwrites who somebody is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from ali.core.text import compact, fold
from ali.people.models import AsylumCase, Permit, Person, PersonName
from ali.people.states import CaseState, IdentifierKind, PermitState

# One person has one of these: a second value is a question, not an addition.
SINGLE: Final = (IdentifierKind.CUI, IdentifierKind.SGA)
# Our file has another one: said, not changed.
COMPARED: Final = ("sex", "arrived_on")
# What a list may fill in when our file has it empty.
FILLED: Final = ("surname", "given_names", "sex", "birth_place", "arrived_on", "phone")
_CASE_ORDER: Final = tuple(CaseState)
_PERMIT_ORDER: Final = tuple(PermitState)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One person as a list tells them; empty where it says nothing. `case` and `permit` hold model fields."""

    surname: str = ""
    given_names: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_precision: str = ""
    birth_place: str = ""
    arrived_on: date | None = None
    phone: str = ""
    other_names: tuple[str, ...] = ()
    citizenships: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    case: Mapping[str, Any] = field(default_factory=dict)  # Any: field values of AsylumCase
    permit: Mapping[str, Any] = field(default_factory=dict)  # Any: field values of Permit


@dataclass(slots=True)
class StoredFile:
    """What our file of a person holds of the same things."""

    person: Person
    names: list[PersonName] = field(default_factory=list)
    citizenships: set[str] = field(default_factory=set)
    identifiers: set[tuple[str, str]] = field(default_factory=set)
    case: AsylumCase | None = None
    permits: list[Permit] = field(default_factory=list)

    def values_of(self, kind: str) -> set[str]:
        """Return the identifiers of one kind, in their comparable form."""
        return {value for one, value in self.identifiers if one == kind}


@dataclass(slots=True)
class Additions:
    """What the list adds to a file, and where it says something else: `kept` is told and left as it is."""

    person: dict[str, Any] = field(default_factory=dict)  # Any: field values of Person
    names: list[tuple[str, str]] = field(default_factory=list)
    citizenships: list[str] = field(default_factory=list)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    case: dict[str, Any] = field(default_factory=dict)  # Any: field values of AsylumCase
    permit: Permit | None = None
    permit_fields: dict[str, Any] = field(default_factory=dict)  # Any: field values of Permit
    kept: list[tuple[str, object, object]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(
            (self.person, self.names, self.citizenships, self.identifiers, self.case, self.permit_fields)
        )

    def changed(self) -> list[str]:
        """Return the names of what is added, for the audit log: no values."""
        lists = ("names", "citizenships", "identifiers")
        return [
            *self.person,
            *(name for name in lists if getattr(self, name)),
            *(f"case.{name}" for name in self.case),
            *(f"permit.{name}" for name in self.permit_fields),
        ]


def additions_to(stored: StoredFile, told: FileFacts) -> Additions:
    """Return what `told` adds to a file: blanks filled, procedures moved forward, nothing overwritten."""
    added = Additions()
    _add_person(stored.person, told, added)
    _add_names(stored, told, added)
    _add_citizenships(stored, told, added)
    for kind, value in told.identifiers:
        held = stored.values_of(kind)
        if compact(value) in held:
            continue
        if held and kind in SINGLE:
            added.kept.append((kind, ", ".join(sorted(held)), value))
        else:
            added.identifiers.append((kind, value))
    _add_case(stored.case, told.case, added)
    _add_permit(stored.permits, told.permit, added)
    return added


def _add_person(person: Person, told: FileFacts, added: Additions) -> None:
    for name in FILLED:
        ours, theirs = getattr(person, name), getattr(told, name)
        if theirs and not ours:
            added.person[name] = theirs
        elif theirs and ours != theirs and name in COMPARED:
            added.kept.append((name, ours, theirs))
    if told.birth_date is None:
        return
    if person.birth_date is None:
        added.person |= {"birth_date": told.birth_date, "birth_precision": told.birth_precision}
    elif person.birth_date != told.birth_date:
        added.kept.append(("birth_date", person.birth_date, told.birth_date))


def _add_names(stored: StoredFile, told: FileFacts, added: Additions) -> None:
    """Another spelling or name becomes findable; the file keeps its own."""
    known = {_words(stored.person.surname, stored.person.given_names)}
    known |= {_words(one.surname, one.given_names) for one in stored.names}
    wanted = [(told.surname, told.given_names), *(("", name) for name in told.other_names)]
    for surname, given_names in wanted:
        words = _words(surname, given_names)
        if words and words not in known and not added.person.keys() & {"surname", "given_names"}:
            added.names.append((surname, given_names))
            known.add(words)


def _words(*names: str) -> frozenset[str]:
    return frozenset(word for name in names for word in fold(name).split())


def _add_citizenships(stored: StoredFile, told: FileFacts, added: Additions) -> None:
    if not stored.citizenships:
        added.citizenships = list(told.citizenships)
    elif told.citizenships and not set(told.citizenships) <= stored.citizenships:
        added.kept.append(
            ("citizenship", ", ".join(sorted(stored.citizenships)), ", ".join(told.citizenships))
        )


def _add_case(case: AsylumCase | None, told: Mapping[str, Any], added: Additions) -> None:
    if case is None:
        added.case = dict(told)
        return
    for name, value in told.items():
        ours = getattr(case, name)
        if not value or ours == value:
            continue
        if name == "state":
            if _CASE_ORDER.index(CaseState(value)) > _CASE_ORDER.index(CaseState(ours)):
                added.case[name] = value
        elif not ours:
            added.case[name] = value
        else:
            added.kept.append((name, ours, value))


def _add_permit(permits: Sequence[Permit], told: Mapping[str, Any], added: Additions) -> None:
    """The latest permit of the same kind is brought forward; another kind is another permit."""
    if not told:
        return
    same = [one for one in permits if one.kind == told.get("kind", one.kind)]
    if not same:
        if "kind" in told:
            added.permit_fields = dict(told)
        return
    latest = same[-1]
    added.permit = latest
    is_newer = _is_later(told.get("expires_on"), latest.expires_on)
    for name, ours, value in _differences(latest, told):
        if name == "state":
            forward = _PERMIT_ORDER.index(PermitState(value)) > _PERMIT_ORDER.index(PermitState(ours))
            if forward or is_newer:
                added.permit_fields[name] = value
        elif not ours or is_newer:
            added.permit_fields[name] = value
        else:
            added.kept.append((f"permit_{name}", ours, value))


def _differences(permit: Permit, told: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name, value in told.items():
        ours = getattr(permit, name)
        if value and ours != value:
            yield name, ours, value


def _is_later(theirs: date | None, ours: date | None) -> bool:
    return theirs is not None and ours is not None and theirs > ours
