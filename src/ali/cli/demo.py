"""`ali demo`: the product on invented data, in the foreground, with a database of its own.

This process only looks after the others: one fills the database and leaves, then the web server and the worker run
until Ctrl-C, or until one of them ends.
"""

import argparse
import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction

ROOT = Path(__file__).resolve().parents[3]
HOST = "127.0.0.1"
READY_SECONDS = 40
STOP_SECONDS = 25
BAD_INPUT = 2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
DO_ONE_THING = frozenset({"preparazione", "file statici"})


class CannotRun(Exception):
    """A sentence for the person at the terminal."""


class Stopped(Exception):
    """Somebody asked us to end."""


def register(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `demo`."""
    demo = subparsers.add_parser("demo", help="prova il prodotto su dati inventati")
    demo.add_argument("--people", type=_people, metavar="N", help="persone in accoglienza (2000)")
    demo.add_argument("--seed", type=int, metavar="N", help="seme dei dati inventati")
    demo.add_argument("--port", type=int, default=8000, metavar="N", help="porta su questa macchina (8000)")
    demo.add_argument(
        "--reset", action="store_true", help="ricomincia da oggi, buttando quanto è stato fatto"
    )
    demo.add_argument("--no-serve", action="store_true", help="prepara i dati e finisce")
    demo.set_defaults(handler=run)


def _people(text: str) -> int:
    if not text.isdigit() or not 20 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError("un numero intero da 20 a 100000")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Prepare the data, then serve until stopped."""
    folder = Path(os.environ.get("ALI_DATA_DIR") or ROOT / "var") / "demo"
    for number in SIGNALS:
        signal.signal(number, _stop)
    try:
        with only_one(folder):
            return _prepare_and_serve(arguments, folder)
    except CannotRun as problem:
        print(str(problem), file=sys.stderr)
        return BAD_INPUT
    except Stopped:
        print("\nDimostrazione fermata.", flush=True)
        return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    # Once: what follows is an orderly end that a second Ctrl-C must not cut.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def _prepare_and_serve(arguments: argparse.Namespace, folder: Path) -> int:
    if not arguments.no_serve:
        check_port(arguments.port)
    if arguments.reset:
        forget(folder)
    words = ["fill_demo"]
    words += ["--people", str(arguments.people)] if arguments.people is not None else []
    words += ["--seed", str(arguments.seed)] if arguments.seed is not None else []
    with Children(environment(folder)) as children:
        status = children.start("preparazione", words).wait()
        if status or arguments.no_serve:
            return status
        # Fingerprinted and compressed, as in production.
        if children.start("file statici", ["collectstatic", "--noinput", "--verbosity", "0"]).wait():
            raise CannotRun("I file delle pagine non sono pronti: le righe qui sopra dicono perché.")
        server = children.start("server web", ["serve", "--port", str(arguments.port)])
        # Silent: what a task has to say is kept with its result.
        children.start("lavori in attesa", ["work", "--quiet"])
        wait_until_ready(server, arguments.port)
        print(f"\nApri http://{HOST}:{arguments.port}/  (Ctrl-C per fermare)", flush=True)
        children.watch()
    return 1


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Two demonstrations must not write the same database."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            raise CannotRun(
                "Una dimostrazione è già in funzione in questa cartella: usa quella, o fermala con Ctrl-C."
            ) from busy
        yield


def check_port(port: int) -> None:
    """Say at once that the port is taken, not after having filled the database."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as busy:
            raise CannotRun(
                f"La porta {port} è occupata o non si può usare: scegline un'altra, per esempio «make demo PORT={8080 if port != 8080 else 8090}»."
            ) from busy


def forget(folder: Path) -> None:
    """Throw away what a demonstration left: its database, its files."""
    for path in folder.glob("ali.sqlite3*"):
        path.unlink()
    for name in ("cache", "files", "static"):
        shutil.rmtree(folder / name, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    """The settings of the demonstration: whatever this machine uses for real data stays out of it."""
    ours = {
        "ALI_MODE": "demo",
        "ALI_DATA_DIR": str(folder),
        "ALI_DATABASE_URL": "",
        "ALI_SECRET_KEY": "demo-only-not-secret",
        "ALI_ALLOWED_HOSTS": f"{HOST},localhost",
        "ALI_TRUSTED_ORIGINS": "",
        "ALI_EMAIL_HOST": "",
        "ALI_DEBUG": "0",
        "ALI_COLLECTED_STATIC": "1",
        "DJANGO_SETTINGS_MODULE": "ali.config.settings",
        "GUNICORN_CMD_ARGS": "--log-level warning",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **ours}


def wait_until_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when the server answers."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)
    raise CannotRun("Il server web non è partito: le righe qui sopra dicono perché.")


class Children:
    """Our processes: none outlives us."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, *_error: object) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child in self.running.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def start(self, name: str, words: Sequence[str]) -> "subprocess.Popen[bytes]":
        """Start `ali` with these words. Ctrl-C reaches us alone: we end the others in order."""
        child = subprocess.Popen(  # noqa: S603  our own interpreter
            [sys.executable, "-m", "ali.cli.main", *words],
            env=self.variables,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  no threads here
        )
        self.running[name] = child
        return child

    def watch(self) -> None:
        """Return never; raise when one of the processes ends by itself."""
        while True:
            for name, child in self.running.items():
                if child.poll() is not None and name not in DO_ONE_THING:
                    raise CannotRun(
                        f"Si è fermato il processo «{name}» (esito {child.returncode}): fermo anche il resto."
                    )
            time.sleep(0.5)


def _end_with_parent() -> None:
    """If we are killed without a chance to clean up, the kernel asks the child to end. Only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
