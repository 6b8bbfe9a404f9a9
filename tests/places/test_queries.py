import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from ali.places import queries
from ali.places.models import Municipality
from tests.factories.places import load_small_places, municipality

pytestmark = pytest.mark.django_db


def test_municipality_is_found_without_case_and_accents() -> None:
    load_small_places()

    assert queries.find_municipality("REGGIO NELL’EMILIA") == municipality("Reggio nell'Emilia")


def test_municipality_outside_the_province_is_not_found() -> None:
    load_small_places()

    assert queries.find_municipality("Padova", province="VI") is None


def test_present_municipality_wins_over_a_merged_one_of_the_same_name() -> None:
    present = municipality("Vicenza")
    Municipality.objects.create(
        istat="999001", name="Vicenza", folded="vicenza", province_id="VI", cadastral="X001", is_current=False
    )

    assert queries.find_municipality("Vicenza") == present
    assert queries.municipalities_by_name(["VI"])["vicenza"] == present


def test_two_present_municipalities_of_one_name_need_the_province() -> None:
    municipality("Vicenza")
    other = Municipality.objects.create(
        istat="999002", name="Vicenza", folded="vicenza", province_id="PD", cadastral="X002"
    )

    assert queries.find_municipality("Vicenza") is None
    assert "vicenza" not in queries.municipalities_by_name()
    assert queries.find_municipality("Vicenza", province="PD") == other


def test_list_of_a_province_leaves_merged_ones_out() -> None:
    gone = municipality("Cadoneghe")
    gone.is_current = False
    gone.save()

    assert [one.name for one in queries.municipalities_of("PD")] == ["Abano Terme", "Padova"]


def test_state_is_known_by_italian_and_english_name_and_by_codes() -> None:
    load_small_places()
    by_name = queries.states_by_name()

    assert {by_name[name] for name in ("costa d avorio", "cote d ivoire", "ci", "civ", "z313")} == {"404"}
    assert by_name["apolide"] == queries.STATELESS


def test_borders_are_bundled_for_the_five_provinces() -> None:
    for province in ("PD", "VI", "RO", "RE", "BS"):
        assert queries.borders_url(province).endswith(f"borders/comuni_{province}.geojson")
    assert queries.borders_url("NA").endswith("borders/province.geojson")
    assert queries.borders_url("../x").endswith("borders/province.geojson")


def test_borders_speak_of_the_municipalities_we_know() -> None:
    path = finders.find("borders/comuni_PD.geojson")
    assert isinstance(path, str)
    names = {
        one["properties"]["comune"] for one in json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    }

    assert {"Padova", "Abano Terme"} <= names
