"""`ali import`: what it prints, what it stores, how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ali.cli.main import main
from ali.imports.models import ImportRun
from ali.places.services import load_places
from ali.reception.models import Contract

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / "src/ali/reception/data/contracts_pd_vi_ro_re_bs.csv"
ROW_KEYS = ["row", "cig", "status", "is_reception", "kind", "places", "municipalities", "manager"]
ROW_KEYS += ["start", "end", "confidence", "messages"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["import", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_dry_run_of_contracts_accounts_for_every_row_without_a_database(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("ALI_", "DJANGO_"))}
    bare |= {"PYTHONPATH": str(ROOT / "src"), "ALI_DATA_DIR": str(tmp_path / "nothing")}

    done = subprocess.run(
        [sys.executable, "-m", "ali.cli.main", "import", "anac", str(CONTRACTS), "--dry-run", "--json"],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )

    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr, list(report)) == (0, "", ["rows", "totals"])
    assert [row["row"] for row in report["rows"]] == list(range(2, 474))
    assert all(list(row) == ROW_KEYS for row in report["rows"])
    totals = report["totals"]
    assert totals["rows"] == 472
    assert sum(totals[status] for status in ("ok", "doubtful", "skipped", "error")) == 472
    assert list((tmp_path / "nothing").iterdir()) == []


@pytest.mark.django_db
def test_contracts_are_applied_once(capsys: pytest.CaptureFixture[str]) -> None:
    load_places()

    first, said, _ = run(capsys, "anac", str(CONTRACTS))
    stored = Contract.objects.count()
    again, said_again, _ = run(capsys, "anac", str(CONTRACTS), "--json")

    report = json.loads(said_again)
    assert (first, again, stored) == (0, 0, Contract.objects.count())
    assert f"{stored} nuove" in said
    assert (report["totals"]["effect_new"], report["totals"]["effect_same"]) == (0, stored)
    assert {row["effect"] for row in report["rows"]} == {"same", "none"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["anac", "/non/esiste.csv"], "Il file «esiste.csv» non esiste."),
        (["anac", __file__, "--dry-run"], "non è quello dei contratti ANAC"),
        (["nothing", __file__], "Non si importa niente con il nome «nothing»"),
        (["anac", str(CONTRACTS), "--organisation", "Nessuno"], "Non c'è nessuna organizzazione «Nessuno»"),
        (["anac", str(CONTRACTS), "--column", "senza segno"], "scrivi --column campo=colonna"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_stores_nothing(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    status, out, err = run(capsys, *words)

    assert (status, out) == (2, "")
    assert sentence in err
    assert not ImportRun.objects.exists()


def test_a_row_with_errors_ends_with_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    header, row = CONTRACTS.read_text(encoding="utf-8").splitlines()[:2]
    wrong = tmp_path / "contratti.csv"
    wrong.write_text(f"{header}\n{row.replace(row[:10], 'CORTO', 1)}\n", encoding="utf-8")

    status, out, _ = run(capsys, "anac", str(wrong), "--dry-run")

    assert status == 1
    assert "Riga 2: errore" in out
    assert "Il CIG «CORTO» non è valido" in out
