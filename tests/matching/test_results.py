"""A result folder: the verifier accepts it, the same input gives the same bytes, a re-run moves few."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from ali.cli.main import main
from ali.matching import Instance, solve

from .conftest import BENCHMARKS, Verify


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 households and 40 dwellings with quotas and pins, by the generator of the benchmarks."""
    folder = tmp_path_factory.mktemp("generated") / "instance"
    words = ["--households", "120", "--dwellings", "40", "--seed", "7", "--quotas", "--pins"]
    subprocess.run([sys.executable, str(BENCHMARKS / "make_instance.py"), str(folder), *words], check=True)
    return folder


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The population of `generated` alone, in CSV."""
    folder = tmp_path_factory.mktemp("plain") / "instance"
    words = ["--households", "120", "--dwellings", "40", "--seed", "8", "--csv"]
    subprocess.run([sys.executable, str(BENCHMARKS / "make_instance.py"), str(folder), *words], check=True)
    return folder


@pytest.mark.parametrize("model", ["whole", "shared"])
def test_verifier_accepts_the_folder_of_the_command(
    generated: Path, tmp_path: Path, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["match", "solve", str(generated), "--model", model, "--out", str(tmp_path / "result")])

    words = [sys.executable, str(BENCHMARKS / "verify_matching.py"), str(generated), str(tmp_path / "result")]
    judged = json.loads(subprocess.run(words, capture_output=True, text=True, check=False).stdout)
    certificate = json.loads(capsys.readouterr().out)
    assert status == 0
    assert judged["ok"], judged["problems"]
    assert judged["objective"] == certificate["objective"]
    assert certificate["gap"] < 0.05


@pytest.fixture(scope="session")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 households, 40 dwellings and 60 openings, with quotas and pins."""
    folder = tmp_path_factory.mktemp("at-work") / "instance"
    words = [
        "--households",
        "120",
        "--dwellings",
        "40",
        "--seed",
        "7",
        "--quotas",
        "--pins",
        "--model",
        "joint",
    ]
    subprocess.run([sys.executable, str(BENCHMARKS / "make_instance.py"), str(folder), *words], check=True)
    return folder


def test_verifier_accepts_homes_and_jobs_with_quotas_and_pins(
    at_work: Path, tmp_path: Path, verify: Verify
) -> None:
    result = solve(Instance.read(at_work), model="joint")

    judged = verify(result, tmp_path)
    assert judged["ok"], judged["problems"]
    assert judged["jobs"] == result.certificate["persons_with_job"] > 0
    assert result.gap < 0.05


def test_whole_without_pins_and_quotas_has_no_gap(plain: Path, verify: Verify, tmp_path: Path) -> None:
    result = solve(Instance.read(plain), model="whole")

    assert result.gap == 0
    assert verify(result, tmp_path)["ok"]


def test_csv_instance_with_a_bonus_is_written_with_numbers(
    plain: Path, verify: Verify, tmp_path: Path
) -> None:
    instance = Instance.read(plain)
    first = solve(instance, model="shared")

    result = solve(instance, model="shared", previous=first.homes(), keep_bonus=3)

    assert verify(result, tmp_path)["ok"]
    assert result.certificate["moved"] == 0


@pytest.mark.parametrize("model", ["whole", "shared", "joint"])
def test_same_input_gives_the_same_bytes_on_any_number_of_threads(
    at_work: Path, tmp_path: Path, model: str
) -> None:
    folders = []
    for threads in ("1", "2"):
        folder = tmp_path / f"on-{threads}"
        variables = {"NUMBA_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
        words = [
            "-m",
            "ali.cli.main",
            "match",
            "solve",
            str(at_work),
            "--model",
            model,
            "--out",
            str(folder),
        ]
        subprocess.run(
            [sys.executable, *words], check=True, env=os.environ | variables, stdout=subprocess.DEVNULL
        )
        folders.append(_content(folder))
    assert folders[0] == folders[1]


def _content(folder: Path) -> dict[str, object]:
    content: dict[str, object] = {path.name: path.read_bytes() for path in folder.glob("*.parquet")}
    certificate = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    del certificate["cpu_seconds"], certificate["startup_seconds"]
    content.update(certificate)
    return content


def test_keep_bonus_moves_fewer_and_certifies_the_instance_it_solved(
    generated: Path, tmp_path: Path, verify: Verify
) -> None:
    first = solve(Instance.read(generated), model="shared")
    content = {table.stem: pq.read_table(table).to_pydict() for table in generated.glob("*.parquet")}
    shaken = np.random.default_rng(3).integers(-40, 40, len(content["arcs"]["weight"]))
    content["arcs"]["weight"] = (np.array(content["arcs"]["weight"]) + shaken).tolist()
    changed = Instance.from_columns(content)

    free = solve(changed, model="shared", previous=first.homes())
    faithful = solve(changed, model="shared", previous=first.homes(), keep_bonus=200)

    assert faithful.certificate["moved"] < free.certificate["moved"]
    assert faithful.certificate["objective_without_bonus"] > 0.95 * free.objective
    assert verify(faithful, tmp_path)["ok"]


def test_command_reruns_from_a_previous_result(generated: Path, tmp_path: Path) -> None:
    main(["match", "solve", str(generated), "--model", "shared", "--out", str(tmp_path / "first")])

    words = ["--from", str(tmp_path / "first"), "--keep-bonus", "50", "--out", str(tmp_path / "second")]
    assert main(["match", "solve", str(generated), "--model", "shared", *words]) == 0

    certificate = json.loads((tmp_path / "second" / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["moved"] == 0
    assert (tmp_path / "second" / "instance" / "arcs.parquet").is_file()


def test_new_result_replaces_an_old_one_whole(small: Instance, tmp_path: Path) -> None:
    previous = solve(small, model="shared")
    solve(small, model="shared", previous=previous.homes(), keep_bonus=5).write(tmp_path / "result")

    solve(small, model="whole").write(tmp_path / "result")

    names = {path.name for path in tmp_path.rglob("*")}
    assert names == {"result", "assignment.parquet", "certificate.json", "dwelling_prices.parquet"}


def test_progress_is_told_and_may_stop_the_run(small: Instance, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(stage: str, share: float) -> None:
        assert 0 <= share <= 1
        raise Stopped(stage)

    with pytest.raises(Stopped):
        solve(small, model="shared", progress=stop)


def test_light_door_does_not_load_the_engine() -> None:
    code = (
        "import sys, ali.matching, ali.cli.match; sys.exit('numba' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
