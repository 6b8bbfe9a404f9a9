from datetime import date

import pytest

from ali.housing.availability import End, Freedom, freedom

READY = date(2026, 1, 1)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([], Freedom(READY, is_sure=True)),
        ([End(MAY, is_sure=True)], Freedom(MAY, is_sure=True)),
        ([End(MAY, is_sure=False)], Freedom(MAY, is_sure=False)),
        ([End(MAY, is_sure=False), End(JUNE, is_sure=True)], Freedom(JUNE, is_sure=True)),
        ([End(JUNE, is_sure=True), End(JUNE, is_sure=False)], Freedom(JUNE, is_sure=False)),
        ([End(MAY, is_sure=True), End(None, is_sure=False)], Freedom(None, is_sure=True)),
    ],
)
def test_bed_is_free_after_the_last_who_sleeps_there(ends: list[End], expected: Freedom) -> None:
    assert freedom(ends, ready_on=READY, is_ready_sure=True) == expected


def test_bed_is_not_free_before_the_home_is_ready() -> None:
    assert freedom([End(MAY, is_sure=True)], ready_on=JUNE, is_ready_sure=False) == Freedom(
        JUNE, is_sure=False
    )
    assert freedom([], ready_on=None, is_ready_sure=True).on is None
