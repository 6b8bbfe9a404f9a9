"""What the tests of the engine share: the independent verifier, and tables by hand."""

import importlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ali.matching import Instance, Result
from ali.matching.instance import FAMILY

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="session")
def verifiers() -> Iterator[dict[str, ModuleType]]:
    """The verifiers that know nothing of the engine, as they are in benchmarks/."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield {name: importlib.import_module(name) for name in ("verify_matching", "verify_together")}


@pytest.fixture(scope="session")
def verifier(verifiers: dict[str, ModuleType]) -> ModuleType:
    """The one given to the project."""
    return verifiers["verify_matching"]


Verify = Callable[[Result, Path], dict[str, Any]]


@pytest.fixture
def verify(verifiers: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]) -> Verify:
    """Write instance and result, let the verifier judge, give its answer."""

    def judged(result: Result, folder: Path) -> dict[str, Any]:
        result.write(folder / "result")
        instance = result.instance.folder or folder / "instance"
        if result.changed:
            instance = folder / "result" / "instance"
        elif result.instance.folder is None:
            instance.mkdir(parents=True, exist_ok=True)
            result.instance.write(instance)
        capsys.readouterr()
        solved = result.instance
        requests = bool(((solved.persons > 1) & (solved.group != FAMILY)).any())
        verifier = verifiers["verify_together" if requests else "verify_matching"]
        verifier.main(["verify", str(instance), str(folder / "result")])
        return dict(json.loads(capsys.readouterr().out))

    return judged


def tables(
    households: list[tuple[str, int, str]],
    dwellings: list[tuple[str, str, int]],
    arcs: list[tuple[str, str, int]],
    quotas: list[tuple[str, int, str]] = [],  # noqa: B006  only read
    pins: list[tuple[str, str, str]] = [],  # noqa: B006  only read
) -> dict[str, dict[str, list[Any]]]:
    """Columns from rows, in the order of the format."""
    rows: dict[str, tuple[list[str], list[Any]]] = {
        "households": (["household", "persons", "group"], households),
        "dwellings": (["dwelling", "mode", "beds"], dwellings),
        "arcs": (["household", "dwelling", "weight"], arcs),
        "quotas": (["quota", "limit_persons", "dwelling"], quotas),
        "pins": (["household", "dwelling", "kind"], pins),
    }
    return {
        name: {column: [row[i] for row in content] for i, column in enumerate(columns)}
        for name, (columns, content) in rows.items()
        if content or name not in {"quotas", "pins"}
    }


@pytest.fixture
def small() -> Instance:
    """Five households, three dwellings: by hand the best shared plan is worth 210."""
    return Instance.from_columns(
        tables(
            [("A", 1, "man"), ("B", 1, "man"), ("G", 1, "woman"), ("K", 1, "woman"), ("F", 2, "family")],
            [("O", "open", 2), ("M", "men", 1), ("W", "whole", 2)],
            [
                ("A", "O", 50), ("B", "O", 40), ("G", "O", 60), ("K", "O", 45), ("F", "O", 100),
                ("A", "M", 30), ("B", "M", 35), ("F", "W", 70), ("G", "W", 65),
            ],
        )
    )  # fmt: skip
