"""The throw-away server: it serves one command, passes its result on, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.rules.repository import ROOT

HARNESS = [sys.executable, str(ROOT / "tools" / "postgres.py"), "run", "--"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")), reason="PostgreSQL non installato"
    ),
]


def folders(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("ali-postgres-*"))


def open_temp(tmp_path: Path) -> dict[str, str]:
    """A temporary folder that the server's user may enter; pytest closes its own to others."""
    for part in (tmp_path, *tmp_path.parents[:2]):
        part.chmod(0o755)
    return {**os.environ, "TMPDIR": str(tmp_path)}


def test_command_reaches_the_server_and_its_result_comes_back(tmp_path: Path) -> None:
    ask = "import os, psycopg; print(psycopg.connect(os.environ['ALI_DATABASE_URL']).execute('select 1+1').fetchone()); raise SystemExit(7)"

    said = subprocess.run(
        [*HARNESS, sys.executable, "-c", ask],
        env=open_temp(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stdout.strip()) == (7, "(2,)"), said.stderr
    assert folders(tmp_path) == []


def test_termination_stops_the_server_and_removes_its_files(tmp_path: Path) -> None:
    running = subprocess.Popen([*HARNESS, "sleep", "60"], env=open_temp(tmp_path))
    until = time.monotonic() + 30
    while not list(tmp_path.glob("ali-postgres-*/data/postmaster.pid")) and time.monotonic() < until:
        time.sleep(0.1)
    postmaster = int((folders(tmp_path)[0] / "data" / "postmaster.pid").read_text().splitlines()[0])

    running.send_signal(signal.SIGTERM)

    assert running.wait(30) == 128 + signal.SIGTERM
    assert folders(tmp_path) == []
    assert not Path(f"/proc/{postmaster}").exists()
