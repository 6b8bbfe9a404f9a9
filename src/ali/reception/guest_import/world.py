"""What a guest list is compared with: the sender's centres, who has which identifier, who looks alike, who is where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from rapidfuzz import fuzz

from ali.accounts.actors import Actor
from ali.core.text import compact, fold
from ali.imports.kinds import Plan, Question
from ali.imports.models import ImportRun, StagedRow
from ali.people import queries as people
from ali.people.facts import StoredFile
from ali.people.lookalikes import Lookalikes
from ali.people.models import Person
from ali.reception.guest_import.facts import identifiers_in
from ali.reception.models import Centre, Stay

CHUNK = 500
Key = tuple[str, str]


def question_key(name: str) -> str:
    """Return under which key the answer «this centre is that one» is kept."""
    return f"centre:{fold(name)}"


@dataclass
class Centres:
    """The centres of a sender that the actor sees, and what a person answered about the names of the file."""

    listed: Sequence[Centre]
    answers: dict[str, str]
    by_name: dict[str, list[Centre]] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor, run: ImportRun) -> "Centres":
        seen = Centre.objects.visible_to(actor).select_related("municipality__province", "manager")
        if run.sender_id is not None and run.sender_id != actor.organisation_id:
            seen = seen.filter(manager=run.sender_id)
        made = cls(list(seen.order_by("name", "pk")), run.answers)
        for centre in made.listed:
            made.by_name.setdefault(fold(centre.name), []).append(centre)
        return made

    def find(self, name: str) -> Centre | None:
        """Return the centre of this name: the one a person chose, the only one so called, or the only one there is."""
        chosen = self.answers.get(question_key(name), "")
        if chosen:
            return next((one for one in self.listed if str(one.public_id) == chosen), None)
        if not name.strip():
            return self.listed[0] if len(self.listed) == 1 else None
        same = self.by_name.get(fold(name), [])
        return same[0] if len(same) == 1 else None

    def likely(self, name: str) -> list[tuple[str, str]]:
        """Return the possible answers, the likeliest first: public id and name with its Comune."""
        wanted = fold(name)
        ranked = sorted(self.listed, key=lambda one: -fuzz.token_set_ratio(wanted, fold(one.name)))
        return [(str(one.public_id), f"{one.name} ({one.municipality})") for one in ranked]


def centre_name(row: StagedRow) -> str:
    """Return how a row calls its centre."""
    return row.text("centre") or row.text("centre_code")


def questions_about_centres(actor: Actor, run: ImportRun) -> list[Question]:
    """Ask which centre is meant by each name of the file that is not exactly the name of one."""
    centres = Centres.of(actor, run)
    rows = run.rows.exclude(read_status="error").exclude(fields={})
    names = Counter(
        fields.get("centre") or fields.get("centre_code") or ""
        for fields in rows.values_list("fields", flat=True).order_by()
    )
    unanswered = Centres(centres.listed, {}, centres.by_name)
    return [
        Question(
            key=question_key(name),
            text=name,
            answers=centres.likely(name),
            chosen=run.answers.get(question_key(name), ""),
            rows=count,
            add_url_name="reception:centre_add",
        )
        for name, count in sorted(names.items())
        if unanswered.find(name) is None
    ]


@dataclass
class World:
    """What planning a list asks, read in a number of statements that rows do not multiply."""

    actor: Actor
    rows: Sequence[StagedRow]
    today: date
    centres: Centres

    @classmethod
    def around(cls, plan: Plan) -> "World":
        return cls(plan.actor, plan.rows, plan.today, Centres.of(plan.actor, plan.run))

    @cached_property
    def lookalikes(self) -> Lookalikes:
        return Lookalikes.known_to(self.actor, self.today)

    @cached_property
    def owners(self) -> dict[Key, set[int]]:
        """Who has the identifiers of these rows."""
        wanted = {key for row in self.rows for key in keys_of(row)}
        return people.owners_of(wanted)

    @cached_property
    def reserved(self) -> set[int]:
        return people.reserved_among({one for owners in self.owners.values() for one in owners})

    @cached_property
    def seen(self) -> set[int]:
        """Which of the owners of identifiers the actor sees."""
        ids = sorted({one for owners in self.owners.values() for one in owners})
        found: set[int] = set()
        for start in range(0, len(ids), CHUNK):
            some = Person.objects.visible_to(self.actor, self.today).filter(pk__in=ids[start : start + CHUNK])
            found |= set(some.values_list("pk", flat=True))
        return found

    def owners_seen(self, row: StagedRow) -> tuple[list[int], bool]:
        """Return the persons seen who have an identifier of the row, and whether one is elsewhere (never reserved)."""
        owners = {one for key in keys_of(row) for one in self.owners.get(key, ())}
        hidden = owners - self.seen - self.reserved
        return sorted(owners & self.seen), bool(hidden)

    def load_files(self, person_ids: Sequence[int]) -> None:
        """Read what our files and stays hold of these persons."""
        missing = sorted(set(person_ids) - self.files.keys())
        self.files |= people.stored_files(missing)
        for start in range(0, len(missing), CHUNK):
            some = missing[start : start + CHUNK]
            for stay in Stay.objects.filter(person__in=some).select_related("centre").order_by("entered_on"):
                self.stays.setdefault(stay.person_id, []).append(stay)

    @cached_property
    def files(self) -> dict[int, StoredFile]:
        return {}

    @cached_property
    def stays(self) -> dict[int, list[Stay]]:
        return {}

    @cached_property
    def visible_centres(self) -> set[int]:
        return set(Centre.objects.visible_to(self.actor).values_list("pk", flat=True).order_by())


def keys_of(row: StagedRow) -> list[Key]:
    """Return the identifiers of a row in their comparable form."""
    return [(kind, compact(value)) for kind, value in identifiers_in(row)]
