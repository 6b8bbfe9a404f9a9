import pytest

from ali.rules.values import shipped_rules
from ali.rules.wording import PARTS, group_label, value_in_words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (30, "giorni", "30 giorni"),
        (0.3, "quota del reddito", "30%"),
        (2.7, "m2", "2,7 m2"),
        (None, "giorni", "da stabilire"),
        (False, "", "no"),
        ([90, 30, 0], "giorni", "90, 30, 0"),
        ({"green_up_to": 0.3}, "quota del reddito", "verde fino a (quota): 30%"),
    ],
)
def test_value_reads_as_people_write_it(value: object, unit: str, words: str) -> None:
    assert value_in_words(value, unit) == words


@pytest.mark.parametrize("rule", shipped_rules(), ids=lambda rule: rule.code)
def test_every_shipped_rule_can_be_read(rule) -> None:
    assert group_label(rule.code) != rule.code.split(".")[0]
    assert rule.sentence.endswith(".")
    assert rule.source
    if isinstance(rule.value, dict):
        assert set(rule.value) <= set(PARTS)
