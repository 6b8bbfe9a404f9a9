"""What a long import leaves to the worker: it goes on when the page is closed, and can be stopped."""

import logging
from collections.abc import Callable, Mapping
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files.storage import default_storage
from django_tasks import task

from ali.accounts.actors import Actor, actor_for
from ali.core import clock
from ali.core.decisions import Refusal
from ali.imports import services
from ali.imports.kinds import kind_named
from ali.imports.models import ImportRun
from ali.imports.progress import ImportStopped, Ticker
from ali.imports.states import RunState

log = logging.getLogger(__name__)


def stored_name(run: UUID) -> str:
    """Where the file of a run waits to be read; it is deleted as soon as it has been."""
    return f"imports/{run}"


@task()
def read_file(run_id: str, grant: str) -> None:
    """Read a file that was too long for the page, and stage its rows."""
    _with_run(run_id, grant, RunState.READING, _read_file)
    default_storage.delete(stored_name(UUID(run_id)))


def _read_file(actor: Actor, run: ImportRun, tick: Ticker) -> None:
    with default_storage.open(stored_name(run.public_id)) as file:
        table = services.read_upload(
            cast(BinaryIO, file.file),
            limits=services.limits(),
            name=run.file_name,
            opens=kind_named(run.kind).opens,
        )
    tick.total = len(table.rows)
    services.stage_table(actor=actor, run=run, table=table, today=clock.today(), tick=tick)


@task()
def read_again(run_id: str, grant: str, chosen: Mapping[str, str]) -> None:
    """Read the staged cells of a long file under other columns."""
    _with_run(
        run_id,
        grant,
        RunState.READING,
        lambda actor, run, tick: services.read_again(
            actor=actor, run=run, chosen=chosen, today=clock.today(), tick=tick
        ),
    )


@task()
def check_again(run_id: str, grant: str) -> None:
    """Plan the rows of a long file again."""
    _with_run(
        run_id,
        grant,
        RunState.READING,
        lambda actor, run, tick: services.check_again(actor=actor, run=run, today=clock.today(), tick=tick),
    )


@task()
def apply_run(run_id: str, grant: str) -> None:
    """Apply a long run in one transaction: all of it, or nothing."""
    _with_run(
        run_id,
        grant,
        RunState.APPLYING,
        lambda actor, run, tick: services.apply_run(
            actor=actor, run=run, today=clock.today(), now=clock.now(), tick=tick
        ),
    )


def _with_run(
    run_id: str, grant: str, state: RunState, work: Callable[[Actor, ImportRun, Ticker], object]
) -> None:
    """Do the work as the person who asked for it; whatever stops it, the run comes to rest and says why."""
    run = ImportRun.objects.select_related("asked_by", "sender").get(public_id=run_id)
    actor = actor_for(run.asked_by, grant) if run.asked_by else None
    if actor is None or run.state != state:
        return
    try:
        work(actor, run, Ticker(run.public_id, int(run.totals.get("rows", 0))))
    except ImportStopped:
        _come_to_rest(actor, run, state, "")
    except Refusal as refusal:
        _come_to_rest(actor, run, state, str(refusal))
    except Exception:
        _come_to_rest(actor, run, state, str(services.BROKEN))
        log.exception("import %s broke while %s", run_id, state)
        raise


def _come_to_rest(actor: Actor, run: ImportRun, state: RunState, sentence: str) -> None:
    """Nothing of the work is stored: a file is as unread, rows are staged as before."""
    run = ImportRun.objects.get(pk=run.pk)
    if run.state != state:
        return
    run.failure = sentence[:400]
    if state == RunState.APPLYING:
        services.stop_applying(actor=actor, run=run)
    elif run.rows.exists():
        services.stop_reading(actor=actor, run=run)
    elif sentence:
        services.fail_run(actor=actor, run=run, sentence=sentence)
    else:
        services.discard_run(actor=actor, run=run)
