"""Points of a map: few travel one by one, many are gathered, a province stays light."""

import json

import pytest

from ali.core.maps import MOST, Mark, box_of, collection


def _marks(count: int) -> list[Mark]:
    return [
        Mark(
            latitude=45.2 + (number * 7919 % 5000) / 10_000,
            longitude=11.6 + (number * 104_729 % 6000) / 10_000,
            label=f"Via di una strada dal nome lungo {number}, Reggio nell'Emilia",
            href=f"/case/019a9d3c-0000-7000-8000-{number:012d}/",
            note="12 alloggi, 3 posti liberi oggi",
            tone="ok" if number % 50 == 0 else "taken",
        )
        for number in range(count)
    ]


def test_few_points_travel_one_by_one() -> None:
    answer = collection(_marks(3))

    assert answer["grid"] is False
    assert [one["properties"]["tone"] for one in answer["features"]] == ["ok", "taken", "taken"]


def test_forty_thousand_points_stay_light_and_none_is_lost() -> None:
    answer = collection(_marks(40_000))

    counted = sum(one["properties"].get("count", 1) for one in answer["features"])
    assert answer["grid"] is True
    assert counted == 40_000
    assert len(answer["features"]) <= MOST
    assert len(json.dumps(answer)) <= 150_000


def test_as_many_points_as_travel_alone_stay_light_too() -> None:
    assert len(json.dumps(collection(_marks(MOST)))) <= 150_000


def test_going_nearer_shows_the_points_themselves() -> None:
    answer = collection(_marks(40_000), box_of("11.60,45.20,11.61,45.21"))

    assert 0 < len(answer["features"]) <= MOST
    assert answer["grid"] is True
    assert any("href" in one["properties"] for one in answer["features"])


@pytest.mark.parametrize("text", ["", "a,b,c,d", "12,45,11,46", "1,2,3", "nan,1,2,3"])
def test_a_wrong_rectangle_is_none(text: str) -> None:
    assert box_of(text) is None
