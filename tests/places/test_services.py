from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import DjangoAssertNumQueries

from ali.places import services
from ali.places.models import Dataset, Language, Municipality, Province, State
from ali.places.services import load_places

pytestmark = pytest.mark.django_db


def test_loads_every_table_with_its_version() -> None:
    loaded = {table.code: table for table in load_places()}

    assert loaded["comuni"].added == 7906
    assert Municipality.objects.filter(is_current=True).count() == 7894
    assert Province.objects.count() == 110
    assert State.objects.get(istat="999").name == "Apolide"
    assert Language.objects.filter(for_mediation=True).count() == 71
    assert Dataset.objects.get(code="comuni").sha256 == loaded["comuni"].sha256


def test_naples_and_namibia_survive() -> None:
    load_places()

    assert Province.objects.get(code="NA").name == "Napoli"
    assert State.objects.get(iso2="NA").name == "Namibia"


def test_second_time_changes_nothing_and_asks_little(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    load_places()

    with django_assert_max_num_queries(6 * len(services.TABLES)):
        again = load_places()

    assert [(table.added, table.changed, table.retired) for table in again] == [(0, 0, 0)] * 4


def test_only_what_differs_is_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    load_places()
    content = (services.DATA / "province.csv").read_text(encoding="utf-8")
    (tmp_path / "province.csv").write_text(content.replace("Padova", "Patavium"), encoding="utf-8")
    monkeypatch.setattr(services, "DATA", tmp_path)
    monkeypatch.setattr(services, "TABLES", services.TABLES[:1])

    done = load_places()

    assert (done[0].added, done[0].changed) == (0, 1)
    assert Province.objects.get(code="PD").name == "Patavium"


def test_municipality_missing_from_a_newer_file_is_kept_as_no_longer_current(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    load_places()
    lines = (services.DATA / "comuni.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("028001,")]
    (tmp_path / "comuni.csv").write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setattr(services, "DATA", tmp_path)
    monkeypatch.setattr(services, "TABLES", services.TABLES[1:2])

    done = load_places()

    assert done[0].retired == 1
    assert not Municipality.objects.get(istat="028001").is_current


def test_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_places")

    assert "comuni: 7906 righe, 7906 nuove" in capsys.readouterr().out
