from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock, spreadsheets
from ali.core.decisions import NotAllowed, Refusal
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.core.uploads import refused_upload_of
from ali.imports import progress, queries, services, tasks
from ali.imports.forms import ColumnsForm, UploadForm
from ali.imports.kinds import ImportKind, kind_named, kinds, kinds_for
from ali.imports.models import ImportRun, StagedRow, sentences
from ali.imports.rejected import rejected_rows
from ali.imports.states import Answer, Effect, RowStatus, RunState

EXAMPLES = 3
EXAMPLE_ROWS = 40
TONES = {
    RowStatus.OK: "success",
    RowStatus.DOUBTFUL: "warning",
    RowStatus.SKIPPED: "neutral",
    RowStatus.ERROR: "danger",
}
STATE_TONES = {
    RunState.STAGED: "warning",
    RunState.APPLIED: "success",
    RunState.FAILED: "danger",
    RunState.READING: "info",
    RunState.APPLYING: "info",
}


@requires(P.IMPORT)
def run_list(request: StaffRequest) -> HttpResponse:
    """What was imported, when, by whom, and what became of it."""
    runs = ImportRun.objects.visible_to(request.actor).select_related("sender", "asked_by")
    slice_ = take_page(request, runs.order_by("-created_at", "-pk"))
    rows = [
        {"run": run, "kind": _kind_label(run), "tone": STATE_TONES.get(RunState(run.state), "neutral")}
        for run in slice_.rows
    ]
    return page(request, "imports/run_list.html", fragment="results", rows=rows, slice=slice_)


def _kind_label(run: ImportRun) -> str:
    return next((str(kind.label) for kind in kinds() if kind.name == run.kind), run.kind)


# --- a new file ----------------------------------------------------------------------------------------


@requires(P.IMPORT)
def run_add(request: StaffRequest) -> HttpResponse:
    """Choose a file; it is read at once, or by the worker when it is long. Nothing of an unreadable file is kept."""
    offered = kinds_for(request.actor)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        senders=queries.senders_for(request.actor),
        offered=offered,
        initial={"kind": request.GET.get("kind", "")},
    )
    if request.method == "POST":
        if announced := refused_upload_of(request):
            form.errors.pop("file", None)
            form.add_error("file", services.too_big(announced))
        if form.is_valid():
            run = _stage(request, form)
            if run is not None:
                return HttpResponseRedirect(_after_staging(run))
    return page(
        request,
        "imports/run_add.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        kinds=offered,
        breadcrumb=[*_start_of_path(), {"label": _("Nuova importazione"), "url": ""}],
    )


def _stage(request: StaffRequest, form: UploadForm) -> ImportRun | None:
    upload: UploadedFile = form.cleaned_data["file"]
    kind, sender = kind_named(form.cleaned_data["kind"]), form.cleaned_data["sender"]
    try:
        if (upload.size or 0) > services.INLINE_BYTES:
            return _leave_to_worker(request, kind, sender, upload)
        return services.stage_file(
            actor=request.actor,
            kind=kind.name,
            source=upload.file,  # type: ignore[arg-type]  # an open binary file
            name=upload.name or "",
            today=clock.today(),
            sender=sender,
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return None


def _leave_to_worker(request: StaffRequest, kind: ImportKind, sender: Any, upload: UploadedFile) -> ImportRun:
    services.refuse_unreadable(upload.file, upload.size or 0, opens=kind.opens)  # type: ignore[arg-type]  # an open binary file
    run = services.open_run(actor=request.actor, kind=kind, file_name=upload.name or "", sender=sender)
    default_storage.save(tasks.stored_name(run.public_id), upload)
    tasks.read_file.enqueue(str(run.public_id), request.actor.grant_key)
    return run


def _after_staging(run: ImportRun) -> str:
    """The columns first, the first time that a sender uses a layout."""
    kind = kind_named(run.kind)
    known = queries.remembered_mapping(run.kind, run.sender, run.signature) is not None
    if run.state == RunState.STAGED and kind.targets and not known:
        return _url("columns", run)
    return _url("detail", run)


# --- columns -------------------------------------------------------------------------------------------


@requires(P.IMPORT)
def run_columns(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Which column is which field: guessed, corrected once, remembered for the sender."""
    run = _run_or_404(request, public_id)
    kind = kind_named(run.kind)
    if not kind.targets:
        raise Http404
    if not run.is_open:
        return HttpResponseRedirect(_url("detail", run))
    form = ColumnsForm(
        request.POST or None,
        columns=run.columns,
        targets=kind.targets,
        mapping=run.mapping,
        examples=_examples(run),
    )
    if request.method == "POST" and form.is_valid():
        return _choose(request, run, form.chosen())
    audit.record_read(request.actor, "import_read", run)
    return page(
        request,
        "imports/run_columns.html",
        status=422 if request.method == "POST" else 200,
        run=run,
        form=form,
        notes=_notes(run),
        breadcrumb=[*_path_of(run), {"label": _("Colonne"), "url": ""}],
        cancel=_url("detail", run),
    )


def _examples(run: ImportRun) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {column: [] for column in run.columns}
    for cells in run.rows.order_by("row").values_list("cells", flat=True)[:EXAMPLE_ROWS]:
        for column, cell in zip(run.columns, cells, strict=False):
            value = cell.get("date", "") if isinstance(cell, dict) else str(cell).strip()
            if value and value not in found[column] and len(found[column]) < EXAMPLES:
                found[column].append(value[:40])
    return found


def _choose(request: StaffRequest, run: ImportRun, chosen: Mapping[str, str]) -> HttpResponse:
    def act() -> None:
        services.choose_columns(
            actor=request.actor, run=run, chosen=chosen, expected_version=version_of(request)
        )
        if _is_long(run):
            tasks.read_again.enqueue(str(run.public_id), request.actor.grant_key, dict(chosen))
        else:
            services.read_again(actor=request.actor, run=run, chosen=chosen, today=clock.today())

    return _done(request, run, act)


# --- rows ----------------------------------------------------------------------------------------------


@requires(P.IMPORT)
def run_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Every row with what it says, what is odd about it and what applying it would do; the questions; the buttons."""
    run = _run_or_404(request, public_id)
    kind = kind_named(run.kind)
    status = request.GET.get("status", "")
    slice_ = take_page(request, _asked_rows(run, status, request.GET.get("effect", "")).order_by("row"))
    names = _names_of_offered(request, kind, slice_.rows) if run.is_open else {}
    persons = list(names) if kind.holds_persons else []
    audit.record_read(request.actor, "import_read", run, persons=persons)
    return page(
        request,
        "imports/run_detail.html",
        fragment="results",
        run=run,
        kind=kind,
        tone=STATE_TONES.get(RunState(run.state), "neutral"),
        has_fields=_has_fields(run, kind),
        rows=[_row(run, kind, row, names) for row in slice_.rows],
        slice=slice_,
        tabs=_tabs(run, status),
        asked=status,
        effects=_effects(run),
        notes=_notes(run),
        questions=_questions(request, run, kind),
        refused=services.may_apply(run).reason,
        progress=_progress(run),
        breadcrumb=[*_start_of_path(), {"label": run.file_name, "url": ""}],
        wide=True,
    )


def _asked_rows(run: ImportRun, status: str, effect: str) -> QuerySet[StagedRow]:
    """The rows of one status, or of one effect, or all of them."""
    if status in RowStatus.values:
        return run.rows.filter(status=status)
    return run.rows.filter(effect=effect) if effect in Effect.values else run.rows.all()


def _has_fields(run: ImportRun, kind: ImportKind) -> bool:
    """What rows said of persons is forgotten once they are applied."""
    return run.is_open or not kind.holds_persons


def _row(run: ImportRun, kind: ImportKind, row: StagedRow, names: Mapping[UUID, str]) -> dict[str, Any]:
    said = {name: kind.in_words(name, row.fields.get(name)) for name in kind.shown}
    return {
        "row": row,
        "tone": TONES[RowStatus(row.status)],
        "title": " ".join(said[name] for name in kind.title if said.get(name)),
        "cells": [
            (kind.shown[name], value) for name, value in said.items() if value and name not in kind.title
        ],
        "messages": [
            {"text": text, "column": message.get("column", ""), "level": message["level"]}
            for text, message in zip(sentences(row.messages), row.messages, strict=True)
        ],
        "offers": _offers(row, names) if run.is_open and (row.offers or row.decision) else [],
        "decide_url": reverse("imports:row_decide", args=[run.public_id, row.row]),
    }


def _offers(row: StagedRow, names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """The possible answers, with the one given."""
    labels: dict[str, str] = {str(answer): str(answer.label) for answer in Answer}
    listed = list(dict.fromkeys([*row.offers, *([row.decision] if row.decision else [])]))
    return [
        {
            "value": value,
            "label": labels.get(value) or _("è %(name)s") % {"name": names.get(_uuid(value), "?")},
            "chosen": value == row.decision,
        }
        for value in listed
    ]


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        return UUID(int=0)


def _names_of_offered(
    request: StaffRequest, kind: ImportKind, rows: Sequence[StagedRow]
) -> Mapping[UUID, str]:
    ids = {_uuid(value) for row in rows for value in [*row.offers, row.decision] if len(value) == 36}
    return kind.persons(request.actor, ids) if ids else {}


def _tabs(run: ImportRun, status: str) -> list[dict[str, Any]]:
    here = _url("detail", run)
    labels = [
        ("", _("Tutte")),
        (RowStatus.OK, _("Bene")),
        (RowStatus.DOUBTFUL, _("Da controllare")),
        (RowStatus.SKIPPED, _("Saltate")),
        (RowStatus.ERROR, _("Con errori")),
    ]
    return [
        {
            "label": label,
            "href": f"{here}?status={value}" if value else here,
            "current": value == status,
            "count": run.totals.get(value or "rows", 0),
            "icon": "",
        }
        for value, label in labels
    ]


def _effects(run: ImportRun) -> list[dict[str, Any]]:
    """How many rows are new, change something, change nothing, are left out."""
    applied = run.state == RunState.APPLIED
    labels = {
        Effect.NEW: _("aggiunte") if applied else _("da aggiungere"),
        Effect.CHANGED: _("aggiornate") if applied else _("da aggiornare"),
        Effect.SAME: _("già uguali"),
        Effect.NONE: _("lasciate fuori"),
    }
    return [
        {
            "value": run.totals.get(f"effect_{effect}", 0),
            "label": label,
            "href": f"{_url('detail', run)}?effect={effect}#results",
        }
        for effect, label in labels.items()
    ]


def _notes(run: ImportRun) -> list[dict[str, Any]]:
    tones = {"error": "danger", "warning": "warning", "ask": "warning"}
    return [
        {"text": text, "tone": tones.get(note["level"], "info")}
        for text, note in zip(sentences(run.notes), run.notes, strict=True)
    ]


def _questions(request: StaffRequest, run: ImportRun, kind: ImportKind) -> list[dict[str, Any]]:
    if not run.is_open:
        return []
    return [
        {
            "question": question,
            "text": question.text or _("(senza nome)"),
            "add_url": _add_url(question.add_url_name, question.text, run),
        }
        for question in kind.questions(request.actor, run)
    ]


def _add_url(name: str, text: str, run: ImportRun) -> str:
    if not name:
        return ""
    return f"{reverse(name)}?{urlencode({'name': text, 'next': _url('detail', run)})}"


@requires(P.IMPORT)
def run_rejected(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The rows with errors as a table, to send back to whoever made the file."""
    run = _run_or_404(request, public_id)
    if not run.is_open:
        raise Http404
    audit.record_read(request.actor, "import_read", run)
    return spreadsheets.download(rejected_rows(run), f"da-correggere-{clock.today():%Y%m%d}")


@requires(P.IMPORT)
@require_POST
def row_decide(request: StaffRequest, public_id: UUID, row: int) -> HttpResponse:
    """Settle a doubtful row."""
    run = _run_or_404(request, public_id)
    staged = get_object_or_404(run.rows.select_related("run__sender"), row=row)
    decision = request.POST.get("decision", "")
    return _done(
        request,
        run,
        lambda: services.decide_row(
            actor=request.actor,
            row=staged,
            decision=decision,
            today=clock.today(),
            expected_version=version_of(request),
        ),
        status=request.POST.get("status", ""),
    )


@requires(P.IMPORT)
@require_POST
def run_answer(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Answer a question about the whole file."""
    run = _run_or_404(request, public_id)

    def act() -> None:
        services.answer_question(
            actor=request.actor,
            run=run,
            key=request.POST.get("key", ""),
            answer=request.POST.get("answer", ""),
        )
        _check(request, run)

    return _done(request, run, act)


@requires(P.IMPORT)
@require_POST
def run_check(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Plan the rows again."""
    run = _run_or_404(request, public_id)
    return _done(request, run, lambda: _check(request, run))


def _check(request: StaffRequest, run: ImportRun) -> None:
    if _is_long(run):
        services.start_reading(actor=request.actor, run=run)
        tasks.check_again.enqueue(str(run.public_id), request.actor.grant_key)
    else:
        services.check_again(actor=request.actor, run=run, today=clock.today())


# --- what becomes of it --------------------------------------------------------------------------------


@requires(P.IMPORT)
@require_POST
def run_apply(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Apply the good rows: at once, or by the worker when they are many."""
    run = _run_or_404(request, public_id)

    def act() -> None:
        if _is_long(run):
            services.start_applying(actor=request.actor, run=run)
            tasks.apply_run.enqueue(str(run.public_id), request.actor.grant_key)
        else:
            services.apply_run(actor=request.actor, run=run, today=clock.today(), now=clock.now())
            messages.success(request, _("Importazione applicata."))

    return _done(request, run, act)


@requires(P.IMPORT)
@require_POST
def run_stop(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Ask the worker to stop; when it gives no sign of life, bring the run to rest from here."""
    run = _run_or_404(request, public_id)

    def act() -> None:
        progress.ask_to_stop(run.public_id)
        if progress.progress_of(run.public_id).is_alive:
            messages.info(request, _("Il lavoro si ferma alla prossima riga: nulla viene salvato."))
        elif run.state == RunState.APPLYING:
            services.stop_applying(actor=request.actor, run=run)
        elif run.state == RunState.READING and run.rows.exists():
            services.stop_reading(actor=request.actor, run=run)
        elif run.state == RunState.READING:
            services.discard_run(actor=request.actor, run=run)

    return _done(request, run, act)


@requires(P.IMPORT)
@require_POST
def run_discard(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Throw the staged rows away."""
    run = _run_or_404(request, public_id)

    def act() -> None:
        services.discard_run(actor=request.actor, run=run)
        default_storage.delete(tasks.stored_name(run.public_id))
        messages.success(request, _("Importazione scartata: del file non resta nulla."))

    return _done(request, run, act)


@requires(P.IMPORT)
def run_progress(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """How far the worker is: what the page asks every two seconds."""
    run = _run_or_404(request, public_id)
    return page(request, "imports/_progress.html", run=run, progress=_progress(run))


def _progress(run: ImportRun) -> dict[str, Any] | None:
    """What `<c-progress>` draws while the worker works."""
    if not run.is_working:
        return {"state": "done", "result_url": _url("detail", run)}
    far = progress.progress_of(run.public_id)
    detail = _("%(done)d righe di %(total)d") % {"done": far.done, "total": far.total} if far.total else ""
    return {
        "state": "running",
        "value": far.percent if far.total else None,
        "detail": detail or _("In attesa del lavoro in coda"),
        "poll_url": _url("progress", run),
        "cancel_url": _url("stop", run),
    }


# --- shared --------------------------------------------------------------------------------------------


def _run_or_404(request: StaffRequest, public_id: UUID) -> ImportRun:
    run: ImportRun = get_object_or_404(
        ImportRun.objects.visible_to(request.actor).select_related("sender", "asked_by"), public_id=public_id
    )
    return run


def _is_long(run: ImportRun) -> bool:
    return int(run.totals.get("rows", 0)) > services.INLINE_ROWS


def _done(
    request: StaffRequest, run: ImportRun, act: Callable[[], object], *, status: str = ""
) -> HttpResponse:
    """Do it, say why not when it is refused, and go back to the run."""
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    url = _url("detail", run)
    return HttpResponseRedirect(f"{url}?status={status}" if status in RowStatus.values else url)


def _url(name: str, run: ImportRun) -> str:
    return reverse(f"imports:run_{name}", args=[run.public_id])


def _start_of_path() -> list[dict[str, str]]:
    return [{"label": _("Importazioni"), "url": reverse("imports:run_list")}]


def _path_of(run: ImportRun) -> list[dict[str, str]]:
    return [*_start_of_path(), {"label": run.file_name, "url": _url("detail", run)}]
