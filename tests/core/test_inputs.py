from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

from ali.core.inputs import DayField, EurosField, MeasureField
from ali.core.money import show_euros
from ali.core.text import in_text


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("240", 24_000),
        ("1.150,50", 115_050),
        ("1150.50", 115_050),
        ("1.150", 115_000),
        ("€ 1.150", 115_000),
        ("0,5", 50),
        ("", 0),
    ],
)
def test_euros_are_read_as_people_write_them(typed: str, cents: int) -> None:
    assert EurosField(required=False).clean(typed) == cents


@pytest.mark.parametrize("typed", ["molti", "-1", "1,2,3", "99999999999", "NaN"])
def test_wrong_euros_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        EurosField(required=False).clean(typed)


def test_stored_cents_are_shown_as_euros() -> None:
    field = EurosField()

    assert (field.prepare_value(115_050), field.prepare_value(24_000)) == ("1150,50", "240")
    assert field.prepare_value("12,3x") == "12,3x"


@pytest.mark.parametrize("typed", ["14,2", "14.2"])
def test_measures_take_comma_and_point(typed: str) -> None:
    assert str(MeasureField(max_digits=5, decimal_places=1).clean(typed)) == "14.2"


@pytest.mark.parametrize("language", ["it", "en"])
def test_numbers_and_days_are_written_alike_in_every_language(language: str) -> None:
    with translation.override(language):
        assert show_euros(115_050) == "1.150,50 €"
        assert EurosField().prepare_value(115_050) == "1150,50"
        assert str(MeasureField(max_digits=5, decimal_places=1).clean("14,2")) == "14.2"
        assert DayField().clean("07/05/1998") == date(1998, 5, 7)


@pytest.mark.parametrize(("language", "said"), [("it", "7 maggio 1998"), ("en", "7 May 1998")])
def test_months_have_a_capital_letter_in_english_alone(language: str, said: str) -> None:
    with translation.override(language):
        assert in_text(date_format(date(1998, 5, 7), "j F Y")) == said
        assert Template("{{ day|date:'j F Y' }}").render(Context({"day": date(1998, 5, 7)})) == said
