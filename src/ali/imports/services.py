"""A file becomes staged rows; one last transaction applies them, or none of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import YES, Decision, Refusal, no
from ali.core.transactions import atomic
from ali.imports import permissions, queries
from ali.imports.columns import ColumnMapping as Mapped
from ali.imports.columns import guess_mapping
from ali.imports.files import (
    Cell,
    Limits,
    Opener,
    SourceRow,
    SourceTable,
    UnreadableFile,
    check_before_reading,
    read_table,
)
from ali.imports.findings import Finding, Level, marked, note
from ali.imports.kinds import ImportKind, Plan, Reading, kind_named
from ali.imports.models import ColumnMapping, ImportRun, StagedRow, message_of, sentences
from ali.imports.states import RUN_TRANSITIONS, RowStatus, RunState
from ali.organisations.models import Organisation, OrganisationKind
from ali.places.models import Province

CHUNK = 500
INLINE_ROWS = 2_000
INLINE_BYTES = 512 * 1024
Tick = Callable[[int], None]


class BadFile(Refusal):
    """The file cannot be read; the sentence says where and what to do."""


class NoSender(Refusal):
    """Nobody was named as the sender of a list of persons."""


BROKEN = _lazy(
    "Il lavoro si è interrotto e nulla è stato salvato: riprova. Se succede ancora, dividi il file."
)


def silent(_done: int) -> None:
    """Nobody waits for news."""


def limits() -> Limits:
    """Return how much this installation agrees to read."""
    return Limits(bytes=settings.UPLOAD_LIMIT_BYTES, rows=settings.IMPORT_ROWS)


def read_upload(
    source: str | Path | BinaryIO,
    *,
    limits: Limits | None = None,
    name: str = "",
    sheet: str = "",
    opens: Opener | None = None,
) -> SourceTable:
    """Return the rows of a file; raise `BadFile` with one clear sentence."""
    try:
        return read_table(source, name=name, limits=limits or Limits(), sheet=sheet, opens=opens)
    except UnreadableFile as problem:
        raise BadFile(problem.translated) from problem


def refuse_unreadable(source: BinaryIO, size: int, *, opens: Opener | None = None) -> None:
    """Refuse what can be refused before reading: its size, a format that is not a table."""
    try:
        check_before_reading(source, size=size, limits=limits(), opens=opens)
    except UnreadableFile as problem:
        raise BadFile(problem.translated) from problem


def too_big(size: int) -> str:
    """Return the sentence about a file of this size."""
    try:
        check_before_reading(BytesIO(b""), size=size, limits=limits())
    except UnreadableFile as problem:
        return problem.translated
    return ""


# --- reading -------------------------------------------------------------------------------------------


@atomic
def open_run(
    *, actor: Actor, kind: ImportKind, file_name: str, sender: Organisation | None = None
) -> ImportRun:
    """Begin an import, before its file is read."""
    permissions.may_import_from(actor, kind, sender).or_refuse()
    if kind.needs_sender and sender is None:
        raise NoSender(_("Indica chi manda l'elenco: serve per riconoscere i suoi centri."))
    return ImportRun.objects.create(
        kind=kind.name,
        organisation_id=actor.organisation_id,
        sender=sender,
        asked_by_id=actor.user_id,
        file_name=Path(file_name).name[:200] or "file",
    )


def stage_file(
    *,
    actor: Actor,
    kind: str,
    source: str | Path | BinaryIO,
    today: date,
    name: str = "",
    sender: Organisation | None = None,
    chosen: Mapping[str, str] | None = None,
    sheet: str = "",
) -> ImportRun:
    """Read a file and stage its rows with what applying each would do. A file that cannot be read leaves nothing."""
    permissions.may_import_from(actor, kind_named(kind), sender).or_refuse()
    table = read_upload(source, limits=limits(), name=name, sheet=sheet, opens=kind_named(kind).opens)
    file_name = name or (Path(source).name if isinstance(source, str | Path) else "")
    with atomic():
        run = open_run(actor=actor, kind=kind_named(kind), file_name=file_name, sender=sender)
        return stage_table(actor=actor, run=run, table=table, today=today, chosen=chosen)


@atomic
def stage_table(
    *,
    actor: Actor,
    run: ImportRun,
    table: SourceTable,
    today: date,
    chosen: Mapping[str, str] | None = None,
    tick: Tick = silent,
) -> ImportRun:
    """Stage the rows of a table under the columns chosen, remembered or guessed, and plan them."""
    permissions.may_change_run(actor, run).or_refuse()
    kind = kind_named(run.kind)
    mapping = _mapping_for(run, kind, table, chosen)
    reading = _read(kind, table, mapping, today)
    run.state = RUN_TRANSITIONS.after("stage", RunState(run.state))
    run.file_sha256, run.encoding = table.digest, table.encoding[:40]
    run.columns, run.mapping, run.signature = (
        list(table.columns),
        dict(mapping.columns),
        mapping.signature,
    )
    run.notes = [
        {**message_of(finding), "of_file": finding in table.notes}
        for finding in (*reading.findings, *_warned(run))
    ]
    run.rows.all().delete()
    _write_rows(run, table, reading, keeps_cells=bool(kind.targets))
    plan_run(actor=actor, run=run, today=today, tick=tick)
    audit.record(actor, "file_staged", run, kind=run.kind, rows=len(reading.rows))
    return run


def _mapping_for(
    run: ImportRun, kind: ImportKind, table: SourceTable, chosen: Mapping[str, str] | None
) -> Mapped:
    guessed = guess_mapping(table.columns, kind.targets)
    wanted = (
        chosen if chosen is not None else queries.remembered_mapping(kind.name, run.sender, guessed.signature)
    )
    return guessed if wanted is None else guess_mapping(table.columns, kind.targets, chosen=wanted)


def _read(kind: ImportKind, table: SourceTable, mapping: Mapped, today: date) -> Reading:
    try:
        return kind.read(table, mapping, today)
    except UnreadableFile as problem:
        raise BadFile(problem.translated) from problem


def _warned(run: ImportRun) -> Sequence[Finding]:
    before = queries.applied_before(run.kind, run.file_sha256, run.organisation_id)
    if before is None or before.applied_at is None:
        return ()
    sentence = marked("Questo file è già stato applicato il %(day)s: quello che è uguale non cambia.")
    return (note(sentence, day=f"{before.applied_at:%d/%m/%Y}"),)


def _write_rows(run: ImportRun, table: SourceTable, reading: Reading, *, keeps_cells: bool) -> None:
    cells = {row.number: [_as_json(cell) for cell in row.cells] for row in table.rows} if keeps_cells else {}
    StagedRow.objects.bulk_create(
        [
            StagedRow(
                run=run,
                row=row.number,
                cells=cells.get(row.number, []),
                read_status=row.status,
                status=row.status,
                fields=row.fields,
                messages=list(row.messages),
            )
            for row in reading.rows
        ],
        batch_size=CHUNK,
    )


def _as_json(cell: Cell) -> Any:  # Any: a text, or a date marked as one
    return {"date": cell.isoformat()} if isinstance(cell, date) else cell


def _from_json(value: Any) -> Cell:  # Any: what `_as_json` wrote
    return date.fromisoformat(value["date"]) if isinstance(value, dict) else str(value)


@atomic
def choose_columns(
    *, actor: Actor, run: ImportRun, chosen: Mapping[str, str], expected_version: int
) -> ImportRun:
    """Say which column is which field, and remember it for this sender and layout; `read_again` follows."""
    permissions.may_change_run(actor, run).or_refuse()
    run.state = RUN_TRANSITIONS.after("read_again", RunState(run.state))
    run.save_if_unchanged(expected_version)
    if run.sender is not None:
        ColumnMapping.objects.update_or_create(
            kind=run.kind,
            organisation=run.sender,
            signature=run.signature,
            defaults={
                "columns": {
                    target.field: chosen.get(target.field, "") for target in kind_named(run.kind).targets
                }
            },
        )
    audit.record(
        actor, "columns_chosen", run, columns=sorted(name for name, column in chosen.items() if column)
    )
    return run


def read_again(
    *, actor: Actor, run: ImportRun, chosen: Mapping[str, str], today: date, tick: Tick = silent
) -> ImportRun:
    """Read the staged cells again under these columns; what people had answered about rows is asked again."""
    wanted = {target.field: chosen.get(target.field, "") for target in kind_named(run.kind).targets}
    return stage_table(actor=actor, run=run, table=_table_of(run), today=today, chosen=wanted, tick=tick)


def _table_of(run: ImportRun) -> SourceTable:
    rows = run.rows.order_by("row").values_list("row", "cells")
    return SourceTable(
        columns=tuple(run.columns),
        rows=tuple(SourceRow(number, tuple(_from_json(cell) for cell in cells)) for number, cells in rows),
        encoding=run.encoding,
        digest=run.file_sha256,
        notes=tuple(
            Finding(Level(one["level"]), one["template"], one["params"], one["field"])
            for one in run.notes
            if one.get("of_file")
        ),
    )


# --- planning and deciding -----------------------------------------------------------------------------


_PLANNED = ["status", "effect", "messages", "offers"]


@atomic
def plan_run(*, actor: Actor, run: ImportRun, today: date, tick: Tick = silent) -> None:
    """Say again, for every row, what applying it would do today."""
    rows = list(run.rows.order_by("row"))
    kind_named(run.kind).plan(Plan(actor, run, rows, today, tick))
    StagedRow.objects.bulk_update(rows, _PLANNED, batch_size=CHUNK)
    _count(run)


def _count(run: ImportRun) -> None:
    run.totals = queries.totals_of(run)
    run.save()


@atomic
def decide_row(
    *, actor: Actor, row: StagedRow, decision: str, today: date, expected_version: int
) -> StagedRow:
    """Settle a doubtful row: use it, skip it, or say of whom it speaks. An empty decision takes the answer back."""
    run = row.run
    permissions.may_change_run(actor, run).or_refuse()
    _check_open(run)
    if decision not in {"", *row.offers}:
        raise Refusal(_("Questa risposta non è tra quelle possibili: ricarica la pagina."))
    row.decision = decision
    kind_named(run.kind).plan(Plan(actor, run, [row], today))
    row.save_if_unchanged(expected_version)
    _count(run)
    audit.record(actor, "import_row_decided", run, row=row.row, decision=decision)
    return row


@atomic
def answer_question(*, actor: Actor, run: ImportRun, key: str, answer: str) -> ImportRun:
    """Answer a question about the whole file; `check_again` follows."""
    permissions.may_change_run(actor, run).or_refuse()
    _check_open(run)
    question = next((one for one in kind_named(run.kind).questions(actor, run) if one.key == key), None)
    if question is None or answer not in {"", *(value for value, _label in question.answers)}:
        raise Refusal(_("Questa risposta non è tra quelle possibili: ricarica la pagina."))
    run.answers = {**run.answers, key: answer}
    run.save(update_fields=["answers", "changed_at"])
    audit.record(actor, "import_question_answered", run, answer=answer)
    return run


@atomic
def check_again(*, actor: Actor, run: ImportRun, today: date, tick: Tick = silent) -> ImportRun:
    """Plan the staged rows again: after an answer, or when a centre or a person was added meanwhile."""
    permissions.may_change_run(actor, run).or_refuse()
    if run.state == RunState.READING:
        run.state = RUN_TRANSITIONS.after("stage", RunState(run.state))
    _check_open(run)
    plan_run(actor=actor, run=run, today=today, tick=tick)
    return run


def _check_open(run: ImportRun) -> None:
    if not run.is_open:
        raise Refusal(_("Questa importazione non è più aperta: le righe non si cambiano."))


# --- applying ------------------------------------------------------------------------------------------


def may_apply(run: ImportRun) -> Decision:
    """Say whether nothing about the file itself stops it."""
    stopping = [one for one in run.notes if one["level"] == Level.ERROR]
    return no(sentences(stopping)[0]) if stopping else YES


@atomic
def apply_run(*, actor: Actor, run: ImportRun, today: date, now: datetime, tick: Tick = silent) -> ImportRun:
    """Apply every good row in this one transaction: all of them, or nothing. Applied again, it changes nothing."""
    permissions.may_change_run(actor, run).or_refuse()
    locked: ImportRun = ImportRun.objects.select_for_update().get(pk=run.pk)
    locked.state = RUN_TRANSITIONS.after("apply", RunState(locked.state))
    may_apply(locked).or_refuse()
    rows = list(locked.rows.order_by("row"))
    plan = Plan(actor, locked, rows, today, tick)
    kind = kind_named(locked.kind)
    kind.plan(plan)
    kind.apply(plan)
    locked.applied_at, locked.failure = now, ""
    _forget_contents(rows, holds_persons=kind.holds_persons)
    StagedRow.objects.bulk_update(rows, [*_PLANNED, "fields", "cells"], batch_size=CHUNK)
    _count(locked)
    audit.record(actor, "import_applied", locked, kind=locked.kind, totals=locked.totals)
    return locked


def _forget_contents(rows: Sequence[StagedRow], *, holds_persons: bool) -> None:
    """What has been applied lives in its own record; what rows say of persons is not kept a second time."""
    for row in rows:
        row.cells = []
        if holds_persons:
            row.fields, row.offers = {}, []
            row.messages = [] if row.status == RowStatus.OK else row.messages


@atomic
def start_reading(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Leave the checking of a long file to the worker."""
    permissions.may_change_run(actor, run).or_refuse()
    return _move(run, "read_again")


@atomic
def start_applying(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Leave the applying to the worker."""
    permissions.may_change_run(actor, run).or_refuse()
    return _move(run, "start")


@atomic
def stop_applying(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Come back from an applying that was stopped or broke: nothing of it is stored."""
    permissions.may_change_run(actor, run).or_refuse()
    stopped = _move(run, "stop")
    audit.record(actor, "import_stopped", run)
    return stopped


@atomic
def stop_reading(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Come back from a reading that was stopped or broke: the rows are as they were."""
    permissions.may_change_run(actor, run).or_refuse()
    return _move(run, "stage")


@atomic
def fail_run(*, actor: Actor, run: ImportRun, sentence: str) -> ImportRun:
    """Say why a file left to the worker could not be read."""
    permissions.may_change_run(actor, run).or_refuse()
    run.failure = sentence[:400]
    return _move(run, "fail")


@atomic
def discard_run(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Throw the staged rows away: nothing of the file is kept but that it was discarded."""
    permissions.may_change_run(actor, run).or_refuse()
    discarded = _move(run, "discard")
    discarded.rows.all().delete()
    discarded.totals, discarded.notes, discarded.answers = {}, [], {}
    discarded.columns, discarded.mapping = [], {}
    discarded.save()
    audit.record(actor, "import_discarded", run)
    return discarded


def _move(run: ImportRun, verb: str) -> ImportRun:
    locked: ImportRun = ImportRun.objects.select_for_update().get(pk=run.pk)
    locked.state = RUN_TRANSITIONS.after(verb, RunState(locked.state))
    locked.failure = run.failure
    locked.save()
    run.state = locked.state
    return locked


# --- the operator at the command line ------------------------------------------------------------------


def operator(organisation: Organisation | None = None) -> Actor:
    """Return who imports from the command line: in the name of a body, or for every province when none is given."""
    role, provinces = roles.PREFECTURE_OFFICER, frozenset(Province.objects.values_list("pk", flat=True))
    if organisation is not None:
        held = list(organisation.roles.filter(province__isnull=False).values_list("kind", "province_id"))
        role = _role_of({kind for kind, _province in held})
        provinces = frozenset(province for _kind, province in held)
    return Actor(
        user_id=None,
        name="riga di comando",
        role=role,
        organisation_id=organisation.pk if organisation else None,
        organisation_name=str(organisation or ""),
        provinces=provinces,
    )


def _role_of(held: Collection[str]) -> roles.Role:
    """The role in which a body imports: one that only gives homes does it as their manager."""
    if OrganisationKind.PREFECTURE in held:
        return roles.PREFECTURE_OFFICER
    if OrganisationKind.HOUSING_AGENCY in held and OrganisationKind.RECEPTION_MANAGER not in held:
        return roles.HOUSING_MANAGER
    return roles.CENTRE_COORDINATOR
