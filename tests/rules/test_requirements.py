"""Requirements: pinned with hashes, no package index named, each with a reason."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
WANTED = sorted(REQUIREMENTS.glob("*.in"))
LOCKED = sorted(REQUIREMENTS.glob("*.txt"))


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9_.-]+)==(\S+)", path.read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", WANTED, ids=lambda path: path.name)
def test_each_requirement_says_why_it_is_there(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "-r"))]

    silent = [line for line in lines if not re.search(r"\s#\s\S+", line)]

    assert silent == []


@pytest.mark.parametrize("path", [*WANTED, *LOCKED], ids=lambda path: path.name)
def test_no_requirement_file_names_an_index(path: Path) -> None:
    named = re.findall(
        r"^--?(?:i|index-url|extra-index-url|find-links|f|trusted-host)\b.*|\w+://\S+|file:\S+",
        path.read_text(),
        re.MULTILINE,
    )

    assert named == []


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_every_pin_has_a_hash(path: Path) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", path.read_text())

    without = [block.splitlines()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]

    assert without == []


@pytest.mark.parametrize("name", ["bootstrap", "run", "dev"])
def test_every_wanted_requirement_is_locked(name: str) -> None:
    wanted = re.findall(r"^([A-Za-z0-9_.-]+)", (REQUIREMENTS / f"{name}.in").read_text(), re.MULTILINE)

    missing = {one.lower() for one in wanted if not one.startswith("-")} - pins(
        REQUIREMENTS / f"{name}.txt"
    ).keys()

    assert missing == set()


def test_tests_run_on_the_versions_that_users_get() -> None:
    run, dev = pins(REQUIREMENTS / "run.txt"), pins(REQUIREMENTS / "dev.txt")

    assert {name: dev.get(name) for name in run} == run
