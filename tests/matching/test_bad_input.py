"""Every wrong table is refused with a sentence that names file and row, and leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ali.cli.main import main
from ali.matching import Instance, InstanceProblem, NothingToMatch, solve

from .conftest import tables

Content = dict[str, dict[str, list[Any]]]
Spoil = Callable[[Content], object]


def sound() -> Content:
    return tables(
        [("a", 1, "man"), ("b", 1, "man"), ("f", 3, "family")],
        [("m", "men", 1), ("w", "whole", 3)],
        [("a", "m", 10), ("b", "m", 12), ("f", "w", 30), ("a", "w", 5)],
        [("q", 4, "m"), ("q", 4, "w")],
        [("f", "w", "pin"), ("a", "w", "forbid")],
    )


def add(content: Content, table: str, *values: Any) -> None:
    for column, value in zip(content[table].values(), values, strict=True):
        column.append(value)


def put(content: Content, table: str, column: str, row: int, value: Any) -> None:
    content[table][column][row] = value


WRONG: dict[str, tuple[Spoil, str]] = {
    "unknown household": (
        lambda c: put(c, "arcs", "household", 1, "x"),
        "arcs, riga 2: «x» non è in households",
    ),
    "unknown dwelling": (
        lambda c: put(c, "arcs", "dwelling", 2, "x"),
        "arcs, riga 3: «x» non è in dwellings",
    ),
    "arc twice": (lambda c: add(c, "arcs", "a", "m", 9), "arcs, riga 5: la coppia a - m è già alla riga 1"),
    "negative weight": (lambda c: put(c, "arcs", "weight", 3, -5), "arcs, riga 4: «weight» vale -5"),
    "zero weight": (lambda c: put(c, "arcs", "weight", 0, 0), "arcs, riga 1: «weight» vale 0"),
    "household twice": (
        lambda c: put(c, "households", "household", 1, "a"),
        "households, riga 2: «a» è già alla riga 1",
    ),
    "no persons": (lambda c: put(c, "households", "persons", 2, 0), "households, riga 3: «persons» vale 0"),
    "unknown group": (
        lambda c: put(c, "households", "group", 2, "team"),
        "households, riga 3: «team» in «group»",
    ),
    "unknown mode": (lambda c: put(c, "dwellings", "mode", 0, "tent"), "dwellings, riga 1: «tent» in «mode»"),
    "no beds": (lambda c: put(c, "dwellings", "beds", 1, 0), "dwellings, riga 2: «beds» vale 0"),
    "nameless dwelling": (
        lambda c: put(c, "dwellings", "dwelling", 1, ""),
        "dwellings, riga 2: manca il valore",
    ),
    "missing number": (
        lambda c: put(c, "arcs", "weight", 1, None),
        "arcs, riga 2: manca il numero di «weight»",
    ),
    "no arcs": (lambda c: [column.clear() for column in c["arcs"].values()], "arcs: la tabella non ha righe"),
    "missing column": (lambda c: c["dwellings"].pop("beds"), "dwellings: manca la colonna «beds»"),
    "pin without arc": (
        lambda c: put(c, "pins", "household", 0, "b"),
        "pins, riga 1: l'abbinamento obbligato b - w",
    ),
    "two pins": (
        lambda c: [add(c, "arcs", "b", "w", 3), add(c, "pins", "b", "w", "pin")],
        "pins, riga 3: l'alloggio w",
    ),
    "pinned twice": (
        lambda c: [add(c, "pins", "a", "m", "pin"), add(c, "pins", "a", "m", "pin")],
        "pins, riga 4: il nucleo a è già obbligato",
    ),
    "pinned and forbidden": (lambda c: add(c, "pins", "f", "w", "forbid"), "insieme obbligata e vietata"),
    "unlawful pin": (
        lambda c: put(c, "households", "persons", 2, 4),
        "pins, riga 1: l'arco f - w non è utilizzabile",
    ),
    "pins above quota": (
        lambda c: [put(c, "quotas", "limit_persons", row, 2) for row in range(2)],
        "pins, riga 1: gli obblighi superano la quota q",
    ),
    "two limits": (
        lambda c: put(c, "quotas", "limit_persons", 1, 9),
        "quotas, riga 2: la quota q ha già un altro limite",
    ),
    "quota row twice": (
        lambda c: add(c, "quotas", "q", 4, "m"),
        "quotas, riga 3: l'alloggio m compare due volte",
    ),
    "negative quota": (
        lambda c: put(c, "quotas", "limit_persons", 0, -1),
        "quotas, riga 1: «limit_persons» vale -1",
    ),
}


def with_jobs() -> Content:
    return sound() | {
        "openings": {"opening": ["o", "p"], "posts": [1, 2]},
        "job_arcs": {
            "household": ["a", "a", "f"], "person": [0, 0, 1], "opening": ["o", "p", "p"], "weight": [5, 6, 7],
            "income_eur": [500, 600, 700],
        },
        "commutes": {"dwelling": ["m", "w"], "opening": ["o", "p"], "minutes": [10, 20]},
    }  # fmt: skip


WRONG_JOBS: dict[str, tuple[Spoil, str]] = {
    "unknown opening": (
        lambda c: put(c, "job_arcs", "opening", 2, "x"),
        "job_arcs, riga 3: «x» non è in openings",
    ),
    "unknown seeker": (
        lambda c: put(c, "job_arcs", "household", 0, "x"),
        "job_arcs, riga 1: «x» non è in households",
    ),
    "job twice": (
        lambda c: put(c, "job_arcs", "opening", 1, "o"),
        "job_arcs, riga 2: la riga ripete la riga 1",
    ),
    "worthless job": (lambda c: put(c, "job_arcs", "weight", 1, 0), "job_arcs, riga 2: «weight» vale 0"),
    "negative income": (
        lambda c: put(c, "job_arcs", "income_eur", 0, -1),
        "job_arcs, riga 1: «income_eur» vale -1",
    ),
    "no posts": (lambda c: put(c, "openings", "posts", 1, 0), "openings, riga 2: «posts» vale 0"),
    "opening twice": (
        lambda c: put(c, "openings", "opening", 1, "o"),
        "openings, riga 2: «o» è già alla riga 1",
    ),
    "commute twice": (
        lambda c: add(c, "commutes", "m", "o", 12),
        "commutes, riga 3: la riga ripete la riga 1",
    ),
    "commute from nowhere": (
        lambda c: put(c, "commutes", "dwelling", 1, "x"),
        "commutes, riga 2: «x» non è in dwellings",
    ),
    "pin that no job can carry": (
        lambda c: c["arcs"].update(needs_income_eur=[0, 0, 900, 0]),
        "pins, riga 1: il nucleo f è obbligato, ma nessun lavoro",
    ),
    "no commutes": (lambda c: c.pop("commutes"), "commutes.parquet: manca il file"),
}


@pytest.mark.parametrize("case", WRONG_JOBS)
def test_wrong_table_of_jobs_is_refused_by_file_and_row(case: str) -> None:
    spoil, sentence = WRONG_JOBS[case]
    content = with_jobs()
    spoil(content)

    with pytest.raises(InstanceProblem) as refused:
        solve(Instance.from_columns(content), model="joint")

    assert sentence in str(refused.value)


@pytest.mark.parametrize("case", WRONG)
def test_wrong_table_is_refused_by_file_and_row(case: str) -> None:
    spoil, sentence = WRONG[case]
    content = sound()
    solve(Instance.from_columns(content), model="shared")  # sound before it is spoilt
    spoil(content)

    with pytest.raises(InstanceProblem) as refused:
        solve(Instance.from_columns(content), model="shared")

    assert sentence in str(refused.value)


def test_no_usable_arc_is_said_with_the_first_reason() -> None:
    content = tables([("f", 5, "family")], [("w", "whole", 3)], [("f", "w", 10)])

    with pytest.raises(
        NothingToMatch, match=r"nessuna delle 1 coppie .* ha 5 persone e l'alloggio 3 posti letto"
    ):
        Instance.from_columns(content)


def write_csv(folder: Path, content: Content) -> None:
    folder.mkdir()
    for name, columns in content.items():
        rows = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("arcs.csv", "", "arcs.csv: il file è vuoto"),
        ("arcs.csv", "household,dwelling,weight\n", "arcs.csv: la tabella non ha righe"),
        (
            "arcs.csv",
            "household,dwelling,weight\na,m,ten\n",
            "arcs.csv, riga 2: «ten» in «weight» non è un numero intero",
        ),
        ("arcs.csv", "household,dwelling,weight\na,m,1\na,m,2,3\n", "arcs.csv: il file non si legge"),
        ("dwellings.csv", "dwelling,mode,beds\nm,men,2.5\n", "dwellings.csv, riga 2: «2.5» in «beds»"),
        ("households.parquet", "not a table", "households.parquet: il file non si legge"),
    ],
)
def test_file_that_cannot_be_read_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, sentence: str
) -> None:
    write_csv(tmp_path / "instance", sound())
    (tmp_path / "instance" / file).write_text(text, encoding="utf-8")

    status = main(
        ["match", "solve", str(tmp_path / "instance"), "--model", "whole", "--out", str(tmp_path / "result")]
    )

    assert status == 2
    assert sentence in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


def test_csv_header_is_row_one(tmp_path: Path) -> None:
    content = sound()
    put(content, "arcs", "weight", 0, -1)
    write_csv(tmp_path / "instance", content)

    with pytest.raises(InstanceProblem, match=r"arcs\.csv, riga 2: «weight» vale -1"):
        Instance.read(tmp_path / "instance")


def test_missing_file_and_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InstanceProblem, match="non esiste"):
        Instance.read(tmp_path / "nowhere")
    pq.write_table(pa.table({"household": ["a"]}), tmp_path / "households.parquet")
    with pytest.raises(InstanceProblem, match=r"dwellings\.parquet: manca il file"):
        Instance.read(tmp_path)


def test_result_never_replaces_a_foreign_folder(tmp_path: Path, small: Instance) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x", encoding="utf-8")

    with pytest.raises(InstanceProblem, match="contiene altro"):
        solve(small, model="shared").write(tmp_path / "letters")

    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["dear.txt"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"model": "family"}, "non è un modello"),
        ({"model": "joint"}, "openings.parquet: manca il file"),
        ({"budget": "huge"}, "impegno"),
        ({"keep_bonus": -1}, "negativo"),
    ],
)
def test_unknown_choice_is_refused(small: Instance, words: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InstanceProblem, match=sentence):
        solve(small, **({"model": "whole"} | words))
