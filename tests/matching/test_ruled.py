"""Rules beside the tables make the arcs, and say what a home that is not there yet would be."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ali.cli.main import main
from ali.matching import Instance, InstanceProblem, solve
from ali.matching.ruled import Ruled, build_instance, homes_alike

RULES: dict[str, Any] = {
    "numbers": {"share": 400},
    "definitions": {"cost": "home.rent_eur * (1 if home.mode == WHOLE else household.persons)"},
    "rules": [
        {"code": "beds", "condition": "household.persons <= home.beds", "missing": "household.persons - home.beds"},
        {"code": "group", "condition": "home.mode == WHOLE or home.mode == OPEN or household.group == home.mode - 1"},
        {
            "code": "rent", "condition": "cost * 1000 <= household.income_eur * share", "unit": "euro",
            "missing": "cost - household.income_eur * share // 1000", "sentence": "il canone è troppo alto",
        },
        {"code": "place", "condition": "household.territory == home.territory"},
    ],
    "value": "household.persons * (500 + household.waiting_days)",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four households, three homes, and the rules between them."""
    people = {
        "household": ["A", "B", "F", "G"], "persons": [1, 1, 3, 1], "group": ["man", "man", "family", "woman"],
        "income_eur": [900, 400, 1500, 800], "territory": ["PD", "PD", "PD", "VR"], "waiting_days": [10, 90, 30, 5],
        "priority": [1, 1, 0, 1],
    }  # fmt: skip
    homes = {
        "dwelling": ["M", "W", "V"], "mode": ["men", "whole", "women"], "beds": [1, 4, 2], "rent_eur": [300, 500, 200],
        "territory": ["PD", "PD", "VR"], "municipality": ["Padova", "Abano", "Verona"],
    }  # fmt: skip
    for name, columns in (("households", people), ("dwellings", homes)):
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    (tmp_path / "rules.json").write_text(json.dumps(RULES), encoding="utf-8")
    return tmp_path


def test_rules_make_the_arcs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "arcs", str(folder)]) == 0

    assert capsys.readouterr().out == "3 abbinamenti superano tutte le regole.\n"
    arcs = pq.read_table(folder / "arcs.parquet").to_pylist()
    assert [(row["household"], row["dwelling"], row["weight"]) for row in arcs] == [
        ("A", "M", 510),
        ("F", "W", 1590),
        ("G", "V", 505),
    ]


def test_home_not_there_yet_is_screened_by_the_rules(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_instance(folder)
    solve(Instance.read(folder), model="shared").write(folder / "result")
    new = ["--add-dwelling", "name=N,mode=men,beds=2,rent_eur=150,municipality=Padova"]

    status = main(["match", "whatif", str(folder), str(folder / "result"), *new, "--json"])

    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert told["gained"] == 590
    assert told["moves"] == [{"household": "B", "before": None, "after": "N"}]


def test_lower_rent_opens_a_home(folder: Path, capsys: pytest.CaptureFixture[str], verifier: Any) -> None:
    build_instance(folder)
    solve(Instance.read(folder), model="whole").write(folder / "result")
    words = ["--change-dwelling", "M,rent_eur=100,beds=2", "--out", str(folder / "changed")]

    assert main(["match", "whatif", str(folder), str(folder / "result"), *words]) == 0

    assert "B: senza casa → M" in capsys.readouterr().out
    assert verifier.main(["", str(folder / "changed" / "instance"), str(folder / "changed")]) == 0


def test_first_failing_rule_of_a_pair(folder: Path) -> None:
    ruled = Ruled.read(folder)

    assert ruled is not None
    failing = ruled.book.first_failing(ruled.pair(1, 0))
    assert failing is not None
    assert (failing.code, ruled.book.shortfall("rent", ruled.pair(1, 0))) == ("rent", 140)


def test_most_alike_home_is_in_the_same_place(folder: Path) -> None:
    build_instance(folder)
    instance = Instance.read(folder)

    assert homes_alike(instance, {"municipality": "Abano", "beds": "1"})[0] == 1
    assert homes_alike(instance, {"mode": "women"})[0] == 2
    assert homes_alike(instance, {"beds": "1", "rent_eur": "310"})[0] == 0


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"numbers": {"share": "40%"}}, "«numbers» deve contenere numeri interi"),
        ({"rules": [{"code": "beds"}]}, "regola 1: servono «code» e «condition»"),
        ({"rules": [{"code": "x", "condition": "home.colour == 1"}]}, "«home.colour» non è un dato"),
        ({"rules": "none"}, "serve un oggetto con l'elenco «rules»"),
        ({"value": "1 < 2"}, "deve essere un numero"),
        ({"rules": [{"code": "no", "condition": "household.persons > 9"}]}, "nessuna coppia supera tutte le regole"),
        ({"value": "0 - household.persons"}, "deve essere maggiore di 0"),
    ],
)  # fmt: skip
def test_wrong_rules_are_a_sentence(folder: Path, changed: dict[str, Any], says: str) -> None:
    (folder / "rules.json").write_text(json.dumps(RULES | changed), encoding="utf-8")

    with pytest.raises(InstanceProblem) as refusal:
        build_instance(folder)

    assert says in str(refusal.value)
    assert not (folder / "arcs.parquet").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "Manca il cambiamento da provare"),
        (["--pin", "A"], "vuole un nucleo e un alloggio"),
        (["--add-dwelling", "beds"], "«beds» non è nella forma nome=valore"),
        (["--add-dwelling", "beds=tre"], "«tre» in «beds» non è un numero intero"),
        (["--change-dwelling", "Z,beds=2"], "L'alloggio «Z» non è nell'istanza"),
        (["--change-dwelling", "M"], "vuole che cosa cambia"),
        (["--change-dwelling", "M,colour=2"], "«colour» non è un dato degli alloggi"),
        (["--add-household", "persons=1"], "vuole un nucleo a cui somiglia"),
    ],
)
def test_wrong_words_are_a_sentence(
    folder: Path, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    build_instance(folder)
    solve(Instance.read(folder), model="whole").write(folder / "result")

    status = main(["match", "whatif", str(folder), str(folder / "result"), *words])

    assert status == 2
    assert says in capsys.readouterr().err


def test_screening_agrees_with_the_arcs_of_the_folder(folder: Path) -> None:
    ruled = Ruled.read(folder)

    assert ruled is not None
    arcs = ruled.arcs()
    assert arcs.removed[[rule.code for rule in ruled.book.rules].index("place")].tolist() == [1, 1, 1, 2]
    assert np.array_equal(ruled.column_of(ruled.home(1, {}))[0], arcs.lists[1][0])
