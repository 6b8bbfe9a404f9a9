from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ali.core.decisions import Refusal
from ali.housing.capacity import Standard, calculate, capacity_of, people_by_area, people_by_bedrooms
from ali.rules.values import shipped_rules

DM1975 = Standard.from_rule(next(rule for rule in shipped_rules() if rule.code == "housing.standard"))


@pytest.mark.parametrize(
    ("area", "people"),
    [
        ("0", 0),
        ("13.9", 0),
        ("27.9", 1),
        ("28", 2),
        ("45", 3),
        ("56", 4),
        ("65.9", 4),
        ("66", 5),
        ("76", 6),
        ("95", 7),
    ],
)
def test_area_holds_fourteen_each_then_ten(area: str, people: int) -> None:
    assert people_by_area(DM1975, Decimal(area)) == people


@pytest.mark.parametrize(
    ("sizes", "people"),
    [(["14.2", "9.5", "8.8"], 3), (["14"], 2), (["13.9"], 1), (["9"], 1), (["8.9"], 0), ([], 0)],
)
def test_bedrooms_hold_two_one_or_nobody(sizes: list[str], people: int) -> None:
    assert people_by_bedrooms(DM1975, [Decimal(size) for size in sizes]) == people


@pytest.mark.parametrize(
    ("area", "people"), [("27.9", 0), ("28", 1), ("37.9", 1), ("38", 2), ("60", 2), ("20", 0)]
)
def test_studio_has_its_own_sizes(area: str, people: int) -> None:
    found = capacity_of(DM1975, area=Decimal(area), bedrooms=[], is_studio=True)

    assert (found.people, found.binding) == (people, "studio")


@pytest.mark.django_db
def test_calculator_names_what_binds_and_cites_the_rule() -> None:
    answer = calculate({"net_area_m2": 66, "bedrooms_m2": [14.2, 9.5, 8.8], "studio": False})

    assert (answer["capacity"], answer["binding"]) == (3, "bedrooms")
    assert answer["allowed"] == {"area": 5, "bedrooms": 3}
    assert answer["source"] == "DM Sanità 5 luglio 1975, artt. 1-3"
    assert answer["validity"] == {"from": "1975-07-18", "to": None}
    assert answer["blocks"] is False


def test_standard_only_warns_and_an_act_blocks() -> None:
    sizes = {"area": Decimal(66), "bedrooms": [Decimal(14), Decimal(14)], "is_studio": False}

    by_standard = capacity_of(DM1975, **sizes)
    by_act = capacity_of(DM1975, **sizes, max_people=3)
    by_office = capacity_of(DM1975, **sizes, standard_blocks=True)

    assert by_standard.warns(5)
    assert not by_standard.blocks(5)
    assert (by_act.people, by_act.binding, by_act.blocks_above) == (3, "limit", 3)
    assert by_act.blocks(4)
    assert by_office.blocks_above == 4


def test_generous_act_blocks_above_itself_while_the_standard_warns() -> None:
    found = capacity_of(DM1975, area=Decimal(28), bedrooms=None, is_studio=False, max_people=4)

    assert (found.people, found.binding, found.blocks_above) == (2, "area", 4)
    assert found.warns(3)
    assert not found.blocks(3)


@given(
    st.decimals(0, 500, places=1),
    st.lists(st.decimals(1, 40, places=1), max_size=8),
    st.none() | st.integers(0, 12),
)
def test_more_room_never_holds_fewer(area: Decimal, sizes: list[Decimal], limit: int | None) -> None:
    smaller = capacity_of(DM1975, area=area, bedrooms=sizes, is_studio=False, max_people=limit)
    larger = capacity_of(
        DM1975, area=area + 1, bedrooms=[*sizes, Decimal(9)], is_studio=False, max_people=limit
    )

    assert 0 <= smaller.people <= larger.people
    assert smaller.people == min(smaller.allowed.values())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"net_area_m2": -1},
        {"net_area_m2": "molti"},
        {"net_area_m2": True},
        {"net_area_m2": "NaN"},
        {"net_area_m2": 50, "bedrooms_m2": 9},
        {"net_area_m2": 50, "bedrooms_m2": ["camera"]},
        {"net_area_m2": 50, "studio": "sì"},
        {"net_area_m2": 50, "max_people": 2.5},
        {"net_area_m2": 50, "day": "domani"},
    ],
)
def test_wrong_input_is_refused_with_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal, match=r"«|Manca"):
        calculate(wrong)
