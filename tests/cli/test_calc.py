import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ali.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
HOME = {"net_area_m2": 66, "bedrooms_m2": [14.2, 9.5, 8.8], "studio": False}
pytestmark = pytest.mark.django_db


def calc(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["calc", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_answer_has_the_rule_and_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = calc(capsys, "capacity", "--json", json.dumps(HOME))

    answer = json.loads(out)
    assert (status, answer["capacity"], answer["binding"]) == (0, 3, "bedrooms")
    assert "1975" in answer["rule"]["source"]


def test_list_names_the_calculations(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = calc(capsys, "--list")

    assert status == 0
    assert {"capacity", "affordability"} <= set(out.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nothing", "--json", "{}"], "Non esiste un calcolo «nothing»"),
        (["capacity"], "Mancano i dati"),
        (["capacity", "--json", "{"], "non sono JSON leggibile"),
        (["capacity", "--json", "[1]"], "oggetto JSON"),
        (["affordability", "--json", '{"net_income": NaN, "rent": 1}'], "«NaN» non è un numero"),
        (["affordability", "--json", '{"net_income": 1000, "rent": -5}'], ""),
        (["capacity", "--json", '{"net_area_m2": "molti"}'], ""),
    ],
)
def test_wrong_input_ends_with_2_and_an_italian_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    status, out, err = calc(capsys, *words)

    assert (status, out) == (2, "")
    assert sentence in err
    assert err.strip()


def test_works_on_a_bare_machine_without_settings_or_database(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("ALI_", "DJANGO_"))}
    bare |= {"PYTHONPATH": str(ROOT / "src"), "ALI_DATA_DIR": str(tmp_path / "nothing-here")}

    done = subprocess.run(
        [sys.executable, "-m", "ali.cli.main", "calc", "capacity", "--json", json.dumps(HOME)],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["capacity"] == 3
    assert list((tmp_path / "nothing-here").iterdir()) == []
