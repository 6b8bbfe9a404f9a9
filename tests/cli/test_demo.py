"""`ali demo`: a database of its own, one at a time, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ali.cli import demo
from ali.cli.main import main


def test_settings_of_real_data_stay_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ALI_MODE", "production")
    monkeypatch.setenv("ALI_DATABASE_URL", "postgresql://somebody@db/real")

    variables = demo.environment(tmp_path)

    assert variables["ALI_MODE"] == "demo"
    assert variables["ALI_DATABASE_URL"] == ""
    assert variables["ALI_DATA_DIR"] == str(tmp_path)


def test_reset_throws_away_the_demonstration_alone(tmp_path: Path) -> None:
    for name in ("ali.sqlite3", "ali.sqlite3-wal", "note.txt"):
        (tmp_path / name).touch()
    (tmp_path / "cache").mkdir()

    demo.forget(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_two_demonstrations_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        demo.only_one(tmp_path),
        pytest.raises(demo.CannotRun, match="già in funzione"),
        demo.only_one(tmp_path),
    ):
        pass


def test_busy_port_is_said_before_anything_is_filled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALI_DATA_DIR", str(tmp_path))
    keep_signals(monkeypatch)
    with socket.socket() as busy:
        busy.bind((demo.HOST, 0))
        busy.listen()
        port = busy.getsockname()[1]

        status = main(["demo", "--port", str(port)])

    assert status == demo.BAD_INPUT
    assert f"La porta {port} è occupata" in capsys.readouterr().err
    assert not (tmp_path / "demo" / "ali.sqlite3").exists()


@pytest.mark.parametrize("people", ["0", "-5", "duemila", "10000000"])
def test_impossible_number_of_people_is_refused(people: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo", f"--people={people}"])

    assert "un numero intero da 20 a 100000" in capsys.readouterr().err


def test_end_of_one_process_ends_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keep_signals(monkeypatch)
    children = demo.Children(demo.environment(tmp_path))
    for name, seconds in (("lunga", 60), ("breve", 0)):
        children.running[name] = subprocess.Popen(
            [sys.executable, "-c", f"import time; time.sleep({seconds})"]
        )

    with pytest.raises(demo.CannotRun, match="«breve»"), children:
        children.watch()

    assert all(child.poll() is not None for child in children.running.values())


def keep_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run in one process: its signals stay as they are."""
    monkeypatch.setattr(demo.signal, "signal", lambda number, handler: None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with socket.create_connection((demo.HOST, port), timeout=1):
            return True
    except OSError:
        return False


@pytest.mark.django_db
def test_demonstration_starts_serves_and_leaves_nothing_running(tmp_path: Path) -> None:
    port = free_port()
    words = [sys.executable, "-m", "ali.cli.main", "demo", "--people", "40", "--port", str(port)]
    log = tmp_path / "log"
    with log.open("w") as said:
        running = subprocess.Popen(
            words, env={**os.environ, "ALI_DATA_DIR": str(tmp_path)}, stdout=said, stderr=said
        )
        until = time.monotonic() + 90
        while "Apri http" not in log.read_text() and running.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        served = answers(port)
        running.send_signal(signal.SIGTERM)

        status = running.wait(60)

    assert served, log.read_text()
    assert status == 0
    assert "Dimostrazione fermata" in log.read_text()
    assert not answers(port)
