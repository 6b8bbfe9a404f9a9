"""A throw-away PostgreSQL server for the tests.

    tools/postgres.py run -- COMMAND ...     runs COMMAND with ALI_DATABASE_URL pointing at a fresh, empty server

The server listens on 127.0.0.1 on a free port, keeps its files in a temporary folder, gives up durability for speed,
and is stopped and removed at the end, also after a failure or a SIGTERM. PostgreSQL refuses to run as root: then it
runs as `postgres` or `nobody`, outside the clone because /root may be closed to other users. See ADR 2.
"""

import argparse
import contextlib
import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import debian

NAME = "ali"
PREFIX = "ali-postgres-"
START_SECONDS = 60
STOP_SECONDS = 20
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "timezone": "UTC",
}
PR_SET_PDEATHSIG = 1


class ServerProblem(Exception):
    """A sentence for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """Who runs the server; None of both when we are not root and run it ourselves."""

    uid: int | None
    gid: int | None

    @property
    def switch(self) -> dict[str, object]:
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def find_binaries(*, install: bool = True) -> Path:
    """The folder of initdb and postgres, newest version first; installs the Debian package when root."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    if not install:
        raise ServerProblem("il pacchetto postgresql è installato ma non trovo initdb.")
    install_server()
    return find_binaries(install=False)


def install_server() -> None:
    """Install the Debian package without letting it create and start a server of its own."""
    why = "per le prove su PostgreSQL"
    if os.geteuid() != 0:
        debian.install("postgresql", why=why)
    debian.install("postgresql-common", why=why)
    settings = Path("/etc/postgresql-common/createcluster.conf")
    before = settings.read_text() if settings.exists() else ""
    settings.write_text(before + "\ncreate_main_cluster = false\n")
    try:
        debian.install("postgresql", why=why)
    finally:
        settings.write_text(before)


def choose_account() -> Account:
    if os.geteuid() != 0:
        return Account(None, None)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return Account(found.pw_uid, found.pw_gid)
    raise ServerProblem("PostgreSQL non gira come root e non c'è un utente postgres o nobody.")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a fresh server and give its address; it is gone afterwards."""
    binaries = find_binaries()
    account = choose_account()
    forget_dead_servers()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=open_folder(account)))
    process = None
    try:
        password = secrets.token_urlsafe(18)
        create_cluster(binaries, folder, account, password)
        process, port = start(binaries, folder, account)
        address = f"postgresql://{NAME}:{password}@127.0.0.1:{port}"
        create_database(binaries, address)
        yield f"{address}/{NAME}"
    finally:
        if process is not None:
            stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def open_folder(account: Account) -> str:
    """A temporary folder whose parents the server's user may enter."""
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        if account.uid is None or all(
            part.stat().st_mode & 0o001 for part in [Path(folder), *Path(folder).parents]
        ):
            return folder
    raise ServerProblem("nessuna cartella temporanea è aperta all'utente di PostgreSQL.")


def forget_dead_servers() -> None:
    """Remove folders left by a run that was killed; its server ended with it."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def create_cluster(binaries: Path, folder: Path, account: Account, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    if account.uid is not None and account.gid is not None:
        os.chown(folder, account.uid, account.gid)
        os.chown(secret, account.uid, account.gid)
    options = [
        "--no-sync",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--auth=scram-sha-256",
        f"--username={NAME}",
    ]
    command = [binaries / "initdb", "-D", folder / "data", f"--pwfile={secret}", *options]
    said = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=plain_environment(),
        **account.switch,
    )
    if said.returncode:
        raise ServerProblem(f"initdb non ha creato la base dati: {said.stderr.strip()}")


def start(binaries: Path, folder: Path, account: Account) -> tuple[subprocess.Popen[bytes], int]:
    """Start on a free port; another process may take the port first, so try again."""
    log = folder / "log"
    for _attempt in range(5):
        port = free_port()
        options = [part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}")]
        with log.open("ab") as said:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", folder / "data", "-p", str(port), *options],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - no threads here
                env=plain_environment(),
                **account.switch,
            )
        if answers(binaries, process, port):
            return process, port
        stop(process)
    raise ServerProblem(f"PostgreSQL non parte: {log.read_text(errors='replace')[-1500:]}")


def plain_environment() -> dict[str, str]:
    """No PG* variable of the person's own shell reaches the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def end_with_parent() -> None:
    """If we are killed without a chance to clean up, the kernel asks the server for a fast shutdown."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(binaries: Path, process: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + START_SECONDS
    ask = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-d", "postgres", "-U", NAME]
    while time.monotonic() < until and process.poll() is None:
        if subprocess.run(ask, check=False).returncode == 0:
            return process.poll() is None
        time.sleep(0.1)
    return False


def create_database(binaries: Path, address: str) -> None:
    ask = [binaries / "psql", "-X", "-q", "-d", f"{address}/postgres", "-c", f"CREATE DATABASE {NAME}"]
    said = subprocess.run(ask, capture_output=True, text=True, check=False)
    if said.returncode:
        raise ServerProblem(f"la base dati di prova non si crea: {said.stderr.strip()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then immediate, then the end of the whole process group."""
    for how in (signal.SIGINT, signal.SIGQUIT):
        if process.poll() is not None:
            return
        process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(command: list[str]) -> int:
    """Run a command beside a fresh server; signals reach it, then the server ends."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, leave)
    with server() as address:
        child = subprocess.Popen(command, env={**os.environ, "ALI_DATABASE_URL": address})
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(STOP_SECONDS)
            if child.poll() is None:
                child.kill()


def leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main() -> int:
    parser = argparse.ArgumentParser(description="PostgreSQL temporaneo per le prove")
    parser.add_argument("action", choices=["run", "find"])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    command = asked.command[1:] if asked.command[:1] == ["--"] else asked.command
    try:
        if asked.action == "find":
            print(find_binaries())
            return 0
        return run(command)
    except (ServerProblem, debian.CannotInstall) as problem:
        print(f"PostgreSQL non disponibile: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
