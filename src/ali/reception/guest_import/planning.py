"""What applying a guest list would do: of whom each row speaks, where they are hosted, what it adds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ali.imports.findings import Finding, ask, marked, note, warning
from ali.imports.kinds import Plan
from ali.imports.models import StagedRow
from ali.imports.parsing import shown
from ali.imports.states import Answer, Effect, RowStatus
from ali.people.facts import Additions, FileFacts, StoredFile, additions_to
from ali.people.name_variants import are_variants, words_of
from ali.people.states import IdentifierKind
from ali.reception.guest_import.facts import facts_in
from ali.reception.guest_import.world import Key, World, centre_name, keys_of
from ali.reception.models import Centre, Stay

MOST_CANDIDATES: Final = 5
# A larger group under one code is a numbering of something else.
LARGEST_HOUSEHOLD: Final = 12


@dataclass(slots=True)
class Candidates:
    """Of whom a row may speak."""

    by_identifier: list[int] = field(default_factory=list)
    is_elsewhere: bool = False
    by_name: list[int] = field(default_factory=list)
    alike: list[int] = field(default_factory=list)
    is_alike_elsewhere: bool = False

    def all(self) -> list[int]:
        return [*self.by_identifier, *self.by_name, *self.alike[:MOST_CANDIDATES]]


@dataclass(slots=True)
class Settled:
    """A row that may be applied: who, where, what is added."""

    row: StagedRow
    centre: Centre
    facts: FileFacts
    known: StoredFile | None = None
    additions: Additions = field(default_factory=Additions)
    arrives_on: date | None = None
    moves_from: Stay | None = None
    household: str = ""

    @property
    def effect(self) -> Effect:
        if self.known is None:
            return Effect.NEW
        changes = self.additions or self.arrives_on or self.moves_from
        return Effect.CHANGED if changes else Effect.SAME


def plan_guests(plan: Plan) -> None:
    """Settle every row that reading and people left usable; leave what may be applied in `plan.settled`."""
    world = World.around(plan)
    rows = [row for row in plan.rows if row.start_plan()]
    candidates = {row.row: _candidates(row, world) for row in rows}
    world.load_files([one for found in candidates.values() for one in found.all()])
    told = _Told()
    plan.settled = []
    for done, row in enumerate(rows):
        plan.tick(done)
        settled = _settle(row, candidates[row.row], world, told)
        if settled is not None:
            row.effect = settled.effect
            plan.settled.append(settled)
    _group_households(plan.settled)


def _candidates(row: StagedRow, world: World) -> Candidates:
    seen, elsewhere = world.owners_seen(row)
    if seen or elsewhere:
        return Candidates(by_identifier=seen, is_elsewhere=elsewhere)
    names = {"surname": row.text("surname"), "given_names": row.text("given_names")}
    born = row.day("birth_date")
    same = world.lookalikes.same_name(**names)
    if same_birth := [one.pk for one in same if one.birth_date == born]:
        return Candidates(by_name=same_birth)
    if born is None and same:
        return Candidates(alike=[one.pk for one in same])
    alike, alike_elsewhere = world.lookalikes.alike(
        **names,
        birth_year=born.year if born else None,
        citizenships=row.fields.get("citizenships") or (),
    )
    return Candidates(alike=alike, is_alike_elsewhere=alike_elsewhere)


@dataclass(slots=True)
class _Told:
    """What earlier rows of the same file are about."""

    persons: dict[int, int] = field(default_factory=dict)
    keys: dict[Key, int] = field(default_factory=dict)


def _settle(row: StagedRow, found: Candidates, world: World, told: _Told) -> Settled | None:
    centre = world.centres.find(centre_name(row))
    known = _identify(row, found, world, centre)
    if centre is None:
        row.hold(_about_centre(centre_name(row)))
    if row.status != RowStatus.OK or centre is None or _is_told_twice(row, known, told):
        return None
    settled = Settled(row, centre, facts_in(row), known)
    if settled.facts.permit and "kind" not in settled.facts.permit and not (known and known.permits):
        row.say(
            warning(marked("Manca il tipo di permesso: lo stato e le date del permesso non sono tenuti."))
        )
    if known is not None:
        _compare_arrival(row, known)
        settled.additions = additions_to(known, settled.facts)
        _tell_differences(row, settled.additions)
    _settle_stay(settled, world)
    return settled if row.status == RowStatus.OK else None


def _about_centre(name: str) -> Finding:
    if not name:
        return ask(marked("Manca il centro: indica di quale centro sono le righe senza nome."), "centre")
    return ask(
        marked("Il centro «%(name)s» non è tra quelli di chi manda l'elenco: indica quale è."),
        "centre",
        name=name,
    )


# --- who -----------------------------------------------------------------------------------------------


_DIFFERENT_NAME: Final = marked(
    "L'identificativo è già di una tua scheda, ma il nome è diverso: è la stessa persona?"
)
_SEVERAL: Final = marked("La riga corrisponde a più schede che hai già: di chi parla?")
_ALIKE: Final = marked("Somiglia a una scheda che hai già: è la stessa persona?")
_OTHER_CODE: Final = marked(
    "Nome e nascita sono di una scheda che hai già, ma l'identificativo è diverso: è la stessa persona?"
)
_ELSEWHERE: Final = marked("L'identificativo è già in una scheda di un altro ente: chiedi alla prefettura.")
_ALIKE_ELSEWHERE: Final = marked(
    "Esiste già una scheda simile in un altro ente: chiedi alla prefettura, o conferma che è un'altra persona."
)


def _identify(row: StagedRow, found: Candidates, world: World, centre: Centre | None) -> StoredFile | None:
    """The file that the row is about, none for a new person; what is not clear is asked."""
    files = [world.files[pk] for pk in found.all()]
    ids = [str(one.person.public_id) for one in files]
    if question := _question(row, found, files) or _weak_match(row, found, world, centre):
        row.say(ask(question), offers=[*ids, Answer.NEW, Answer.SKIP])
        return next((one for one in files if str(one.person.public_id) == row.decision), None)
    if found.is_elsewhere and not files:
        row.hold(ask(_ELSEWHERE))
        return None
    if found.is_alike_elsewhere:
        row.say(ask(_ALIKE_ELSEWHERE), offers=[Answer.NEW, Answer.SKIP])
    return files[0] if files else None


def _question(row: StagedRow, found: Candidates, files: Sequence[StoredFile]) -> str:
    if len(files) > 1:
        return _ALIKE if found.alike else _SEVERAL
    if found.alike:
        return _ALIKE
    if found.by_identifier and not _has_name_of(row, files[0]):
        return _DIFFERENT_NAME
    if found.by_name and _contradicts(row, files[0]):
        return _OTHER_CODE
    return ""


def _weak_match(row: StagedRow, found: Candidates, world: World, centre: Centre | None) -> str:
    """The same names without a certain day of birth are one person only if they are already where the row says."""
    if not found.by_name or (row.day("birth_date") and row.text("birth_precision") == "day"):
        return ""
    entered = row.day("entered_on")
    stays = world.stays.get(found.by_name[0], [])
    is_there = any(
        stay.left_on is None
        and centre is not None
        and stay.centre_id == centre.pk
        and entered in {None, stay.entered_on}
        for stay in stays
    )
    return "" if is_there else _ALIKE


def _has_name_of(row: StagedRow, known: StoredFile) -> bool:
    """Whether the row's name may be one of the names of the file; a missing name contradicts nothing."""
    given = words_of(row.text("surname"), row.text("given_names"), row.text("alias"))
    listed = [words_of(known.person.surname, known.person.given_names)]
    listed += [words_of(one.surname, one.given_names) for one in known.names]
    return not given or not any(listed) or any(are_variants(given, one) or given & one for one in listed)


def _contradicts(row: StagedRow, known: StoredFile) -> bool:
    """Whether an identifier of which everybody has one differs."""
    for kind in (IdentifierKind.CUI, IdentifierKind.SGA, IdentifierKind.VESTANET):
        told = {value for one, value in keys_of(row) if one == kind}
        held = known.values_of(kind)
        if told and held and not told & held:
            return True
    return False


def _is_told_twice(row: StagedRow, known: StoredFile | None, told: _Told) -> bool:
    """Two rows of one file about one person: the second waits until one of them is skipped."""
    keys = keys_of(row)
    first = next((told.keys[key] for key in keys if key in told.keys), 0)
    if known is not None:
        first = first or told.persons.get(known.person.pk, 0)
    if first:
        row.hold(ask(marked("È la stessa persona della riga %(row)s: una delle due va saltata."), row=first))
        return True
    told.keys |= dict.fromkeys(keys, row.row)
    if known is not None:
        told.persons[known.person.pk] = row.row
    return False


def _compare_arrival(row: StagedRow, known: StoredFile) -> None:
    """Nobody is in a centre before the day on which, in the file, they came to Italy."""
    arrived = known.person.arrived_on
    for name in ("entered_on", "present_on"):
        day = row.day(name)
        if arrived and day and day < arrived:
            row.hold(
                ask(
                    marked(
                        "Nella scheda l'arrivo in Italia è il %(arrived)s, dopo il %(day)s dell'elenco: "
                        "correggi quello sbagliato."
                    ),
                    name,
                    arrived=shown(arrived),
                    day=shown(day),
                )
            )


def _tell_differences(row: StagedRow, added: Additions) -> None:
    for name, ours, theirs in added.kept:
        row.say(
            warning(
                marked(
                    "Nella scheda c'è «%(ours)s», nell'elenco «%(theirs)s»: la scheda non cambia, controlla."
                ),
                name,
                ours=_in_words(ours),
                theirs=_in_words(theirs),
            )
        )


def _in_words(value: object) -> str:
    return shown(value) if isinstance(value, date) else str(value)


# --- where ---------------------------------------------------------------------------------------------


def _settle_stay(settled: Settled, world: World) -> None:
    row, left_on = settled.row, settled.row.day("left_on")
    gone = left_on if left_on is not None and left_on <= world.today else None
    if settled.known is None:
        if gone is not None:
            row.status = RowStatus.SKIPPED
            row.say(
                note(marked("È già uscita il %(day)s: non si apre una scheda."), "left_on", day=shown(gone))
            )
            return
        settled.arrives_on = _arrival(row, world.today)
        return
    if gone is not None:
        row.say(warning(marked("Nell'elenco è uscita: registra l'uscita dalla sua scheda."), "left_on"))
    stays = world.stays.get(settled.known.person.pk, [])
    present = next((stay for stay in stays if stay.left_on is None), None)
    if present is not None:
        _compare_stay(settled, present, world)
    elif gone is None:
        _settle_return(settled, stays, world.today)


def _arrival(row: StagedRow, today: date) -> date:
    """The day of arrival; without it the day when the person was seen, said aloud."""
    entered = row.day("entered_on")
    if entered is not None:
        return entered
    seen = row.day("present_on") or today
    row.say(
        warning(marked("Manca l'ingresso: è scritto il %(day)s, correggilo."), "entered_on", day=shown(seen))
    )
    return seen


def _compare_stay(settled: Settled, present: Stay, world: World) -> None:
    row, entered = settled.row, settled.row.day("entered_on")
    if present.centre_id == settled.centre.pk:
        if entered and entered != present.entered_on:
            settled.additions.kept.append(("entered_on", present.entered_on, entered))
            _tell_differences(row, Additions(kept=settled.additions.kept[-1:]))
        return
    if present.centre_id not in world.visible_centres:
        row.hold(
            ask(marked("Risulta accolta altrove: chiedi alla prefettura di registrare il trasferimento."))
        )
        return
    moved = entered or world.today
    if moved < present.entered_on:
        row.say(
            note(marked("Nelle schede è in un altro centro da una data successiva: non cambia."), "centre")
        )
        return
    row.say(
        ask(
            marked("Nelle schede è in un altro dei centri che vedi: usala solo se è un trasferimento."),
            "centre",
        )
    )
    settled.moves_from, settled.arrives_on = present, moved


def _settle_return(settled: Settled, stays: Sequence[Stay], today: date) -> None:
    """Somebody whom we know and who is in no centre: they come back, unless the list is older than their departure."""
    row, entered = settled.row, settled.row.day("entered_on")
    last = max((stay.left_on for stay in stays if stay.left_on), default=None)
    if last is not None and entered and entered < last:
        row.say(note(marked("È uscita il %(day)s: l'elenco parla di prima."), "entered_on", day=shown(last)))
        return
    if last is not None and entered is None:
        row.say(ask(marked("È uscita il %(day)s: usala solo se è tornata."), "entered_on", day=shown(last)))
    settled.arrives_on = _arrival(row, today)


# --- with whom -----------------------------------------------------------------------------------------


def _group_households(rows: Sequence[Settled]) -> None:
    """Rows of one centre under one code are a household, unless they are too many to be one."""
    keys = {
        one.row.row: f"{one.centre.pk}:{code}" for one in rows if (code := one.row.text("household_code"))
    }
    sizes = Counter(keys.values())
    for one in rows:
        key = keys.get(one.row.row, "")
        if sizes[key] > LARGEST_HOUSEHOLD:
            one.row.say(
                warning(
                    marked("Il nucleo «%(code)s» avrebbe %(count)s persone: non è usato."),
                    "household_code",
                    code=one.row.text("household_code"),
                    count=sizes[key],
                )
            )
        elif key:
            one.household = key
