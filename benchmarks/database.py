"""A database with many invented people to measure on: `with filled("sqlite", 20_000) as variables:`.

The one on SQLite is kept in var/bench and built again when the day, the tables or the generator change; the one on
PostgreSQL lives in a throw-away server. `python benchmarks/database.py sqlite 20000` says what building it costs.
"""

import contextlib
import hashlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "bench"
MADE_FROM = ("src/ali/*/migrations/*.py", "src/ali/demo/**/*.py", "src/ali/demo/data/*.csv")
KINDS = ("sqlite", "postgresql")


@contextlib.contextmanager
def filled(kind: str, people: int) -> Iterator[dict[str, str]]:
    """Give the environment variables of a process that works on a database of that many people."""
    if kind not in KINDS:
        raise ValueError(f"{kind}: uno di {', '.join(KINDS)}")
    with _on_postgresql(people) if kind == "postgresql" else _on_sqlite(people) as variables:
        yield variables


@contextlib.contextmanager
def _on_sqlite(people: int) -> Iterator[dict[str, str]]:
    folder = FOLDER / f"sqlite-{people}"
    stamp, wanted = folder / "made-from", _fingerprint()
    variables = _variables(folder, "")
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        fill(variables, people)
        stamp.write_text(wanted)
    yield variables


@contextlib.contextmanager
def _on_postgresql(people: int) -> Iterator[dict[str, str]]:
    sys.path.insert(0, str(ROOT / "tools"))
    import postgres  # noqa: PLC0415  it stands beside, not in a package

    folder = FOLDER / "postgresql"
    with postgres.server() as address:
        variables = _variables(folder, address)
        fill(variables, people)
        yield variables
    shutil.rmtree(folder, ignore_errors=True)


def _variables(folder: Path, address: str) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    ours = {"ALI_MODE": "demo", "ALI_DATA_DIR": str(folder), "ALI_DATABASE_URL": address}
    return {**os.environ, **ours, "DJANGO_SETTINGS_MODULE": "ali.config.settings"}


def fill(variables: dict[str, str], people: int) -> None:
    """Fill the empty database that `variables` name."""
    words = [sys.executable, "-m", "ali.cli.main", "fill_demo", "--people", str(people)]
    subprocess.run(words, env=variables, check=True, stdout=subprocess.DEVNULL)


def _fingerprint() -> str:
    said = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for pattern in MADE_FROM:
        for path in sorted(ROOT.glob(pattern)):
            said.update(path.read_bytes())
    return said.hexdigest()


def main(kind: str, people: int) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with filled(kind, people):
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{kind}, {people} persone: {seconds:.1f} secondi di processore del programma")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
