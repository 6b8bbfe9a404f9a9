"""The throw-away server: it serves one command, passes its result on, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.repository import ROOT

HARNESS = [sys.executable, str(ROOT / "tools" / "postgres.py"), "run", "--"]
PID_FILE = "ali-postgres-*/data/postmaster.pid"

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")), reason="PostgreSQL non installato"
    ),
]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that the server's user may enter; pytest closes its own to others."""
    with tempfile.TemporaryDirectory(prefix="ali-harness-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def inside(folder: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(folder)}


def test_command_reaches_the_server_and_its_result_comes_back(open_folder: Path) -> None:
    ask = "import os, psycopg; print(psycopg.connect(os.environ['ALI_DATABASE_URL']).execute('select 1+1').fetchone()); raise SystemExit(7)"

    said = subprocess.run(
        [*HARNESS, sys.executable, "-c", ask],
        env=inside(open_folder),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stdout.strip()) == (7, "(2,)"), said.stderr
    assert list(open_folder.iterdir()) == []


def test_termination_stops_the_server_and_removes_its_files(open_folder: Path) -> None:
    running = subprocess.Popen([*HARNESS, "sleep", "60"], env=inside(open_folder))
    until = time.monotonic() + 30
    while not (found := list(open_folder.glob(PID_FILE))) and time.monotonic() < until:
        time.sleep(0.1)
    postmaster = int(found[0].read_text().splitlines()[0])

    running.send_signal(signal.SIGTERM)

    assert running.wait(30) == 128 + signal.SIGTERM
    assert list(open_folder.iterdir()) == []
    assert not Path(f"/proc/{postmaster}").exists()
