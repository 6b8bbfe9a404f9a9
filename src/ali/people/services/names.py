"""Other names, identifiers and languages."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.text import compact
from ali.core.transactions import atomic
from ali.people import permissions, queries
from ali.people.details import UnclearData, check_name
from ali.people.fiscal_codes import DEFINITIVE, questions_about, read_code
from ali.people.hooks import restart_clocks
from ali.people.models import Identifier, Person, PersonName, SpokenLanguage
from ali.people.states import IdentifierKind, NameKind, Precision
from ali.places.models import Language

FISCAL = (IdentifierKind.CODICE_FISCALE, IdentifierKind.CODICE_FISCALE_PROVISIONAL)


@dataclass(frozen=True)
class AddedIdentifier:
    """The identifier, and what to ask the person about it."""

    identifier: Identifier
    questions: tuple[str | Promise, ...] = ()


@atomic
def add_name(
    *, actor: Actor, person: Person, kind: str = NameKind.ALIAS, surname: str = "", given_names: str = ""
) -> PersonName:
    """Add another name found on a document or in use: searches and the duplicate warning find it."""
    permissions.may_edit_person(actor, person).or_refuse()
    _check_names(surname, given_names)
    name: PersonName = person.names.create(
        kind=kind, surname=surname.strip(), given_names=given_names.strip()
    )
    _after_names(actor, "name_added", person)
    return name


@atomic
def change_name(
    *, actor: Actor, name: PersonName, kind: str, surname: str, given_names: str, expected_version: int
) -> PersonName:
    """Write another name again."""
    permissions.may_edit_person(actor, name.person).or_refuse()
    _check_names(surname, given_names)
    name.kind, name.surname, name.given_names = kind, surname.strip(), given_names.strip()
    name.save_if_unchanged(expected_version)
    _after_names(actor, "name_changed", name.person)
    return name


@atomic
def remove_name(*, actor: Actor, name: PersonName, expected_version: int) -> None:
    """Remove another name written by mistake."""
    permissions.may_edit_person(actor, name.person).or_refuse()
    person = name.person
    name.delete_if_unchanged(expected_version)
    _after_names(actor, "name_removed", person)


def _check_names(surname: str, given_names: str) -> None:
    check_name("surname", surname)
    check_name("given_names", given_names)
    if not surname.strip() and not given_names.strip():
        raise UnclearData("surname", _("Scrivi almeno il cognome o il nome."))


def _after_names(actor: Actor, verb: str, person: Person) -> None:
    person.save(update_fields=["search_key", "sort_key", "changed_at"])
    audit.record(actor, verb, person, persons=[person.public_id])


@atomic
def add_identifier(
    *, actor: Actor, person: Person, kind: str, value: str, today: date, valid_from: date | None = None
) -> AddedIdentifier:
    """Add an identifier; an earlier valid one of the same kind ends. What disagrees is asked, not refused."""
    permissions.may_edit_identifier(actor, person, kind).or_refuse()
    kind, value, questions = _checked(person, kind, value, today)
    if valid_from and valid_from > today:
        raise UnclearData(
            "valid_from", _("Questa data è nel futuro: si scrive quando il codice è stato dato.")
        )
    if person.identifiers.filter(kind=kind, value_key=compact(value)[:40]).exists():
        raise UnclearData("value", _("Questo identificativo è già nella scheda."))
    _close_earlier(person, kind, valid_from or today)
    identifier: Identifier = person.identifiers.create(kind=kind, value=value, valid_from=valid_from)
    audit.record(actor, "identifier_added", person, persons=[person.public_id], kind=kind)
    restart_clocks([person.pk], today=today)
    return AddedIdentifier(identifier, (*questions, *_also_of_others(actor, person, identifier)))


def _checked(
    person: Person, kind: str, value: str, today: date
) -> tuple[str, str, tuple[str | Promise, ...]]:
    text = " ".join(value.split())
    check_name("value", text)
    if not compact(text):
        raise UnclearData("value", _("Scrivi il codice."))
    if len(text) > 40:
        raise UnclearData("value", _("Il codice è troppo lungo: al massimo 40 caratteri."))
    if kind not in FISCAL:
        return kind, text.upper(), ()
    reading = read_code(text, today=today)
    if not reading.is_valid:
        raise UnclearData("value", reading.problem)
    real = FISCAL[0] if reading.kind == DEFINITIVE else FISCAL[1]
    questions = tuple(
        questions_about(
            reading,
            sex=person.sex,
            birth_date=person.birth_date,
            birth_date_is_exact=person.birth_precision == Precision.DAY,
            surname=person.surname,
            given_names=person.given_names,
        )
    )
    return real, reading.code, questions


def _close_earlier(person: Person, kind: str, day: date) -> None:
    """A definitive codice fiscale replaces the provisional one too."""
    replaced = FISCAL if kind == IdentifierKind.CODICE_FISCALE else (kind,)
    if kind == IdentifierKind.PERMIT:
        return
    for earlier in person.identifiers.filter(kind__in=replaced, valid_to__isnull=True).order_by("pk"):
        last = day - timedelta(days=1)
        earlier.valid_to = max(last, earlier.valid_from) if earlier.valid_from else last
        earlier.save_if_unchanged(earlier.version)


def _also_of_others(actor: Actor, person: Person, identifier: Identifier) -> tuple[str | Promise, ...]:
    seen, elsewhere = queries.identifier_owners(
        actor, kind=identifier.kind, value=identifier.value, exclude=person
    )
    found: tuple[str | Promise, ...] = ()
    if seen:
        names = ", ".join(one.display_name for one in seen)
        found += (
            _("Lo stesso codice è nella scheda di: %(names)s. Sono la stessa persona?") % {"names": names},
        )
    if elsewhere:
        found += (_("Lo stesso codice è già in una scheda di un altro ente: chiedi alla prefettura."),)
    return found


@atomic
def close_identifier(
    *, actor: Actor, identifier: Identifier, valid_to: date, expected_version: int
) -> Identifier:
    """Say until when an identifier held."""
    permissions.may_edit_identifier(actor, identifier.person, identifier.kind).or_refuse()
    if identifier.valid_from and valid_to < identifier.valid_from:
        raise UnclearData("valid_to", _("La fine viene prima dell'inizio: controlla la data."))
    identifier.valid_to = valid_to
    identifier.save_if_unchanged(expected_version)
    audit.record(
        actor,
        "identifier_closed",
        identifier.person,
        persons=[identifier.person.public_id],
        kind=identifier.kind,
    )
    return identifier


@atomic
def remove_identifier(*, actor: Actor, identifier: Identifier, reason: str, expected_version: int) -> None:
    """Remove an identifier that never was this person's."""
    permissions.may_edit_identifier(actor, identifier.person, identifier.kind).or_refuse()
    if not reason.strip():
        raise UnclearData("reason", _("Scrivi perché si toglie: resta nella cronologia."))
    person, kind = identifier.person, identifier.kind
    identifier.delete_if_unchanged(expected_version)
    audit.record(actor, "identifier_removed", person, persons=[person.public_id], reason=reason, kind=kind)


@atomic
def set_language(
    *,
    actor: Actor,
    person: Person,
    language: Language,
    level: str,
    today: date,
    certified_on: date | None = None,
    expected_version: int = 0,
) -> SpokenLanguage:
    """Say how well the person speaks a language; a certificate has its day. `expected_version` 0: it was not there yet."""
    permissions.may_edit_person(actor, person).or_refuse()
    if certified_on and certified_on > today:
        raise UnclearData("certified_on", _("Il giorno del certificato è nel futuro."))
    spoken, is_new = SpokenLanguage.objects.get_or_create(
        person=person, language=language, defaults={"level": level, "certified_on": certified_on}
    )
    if not is_new:
        spoken.level, spoken.certified_on = level, certified_on
        spoken.save_if_unchanged(expected_version)
    audit.record(actor, "language_set", person, persons=[person.public_id], language=language.pk)
    restart_clocks([person.pk], today=today)
    return spoken


@atomic
def remove_language(*, actor: Actor, spoken: SpokenLanguage, today: date, expected_version: int) -> None:
    """Remove a language written by mistake."""
    permissions.may_edit_person(actor, spoken.person).or_refuse()
    person = spoken.person
    spoken.delete_if_unchanged(expected_version)
    audit.record(actor, "language_removed", person, persons=[person.public_id])
    restart_clocks([person.pk], today=today)
