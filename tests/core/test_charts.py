from ali.core.charts import describe_days, weeks_chart


def week(solved: int, unsolved: int) -> dict[str, object]:
    return {"label": "2/3", "with_solution": solved, "without": unsolved, "href": "/uscite/"}


def test_the_tallest_week_fills_the_height() -> None:
    chart = weeks_chart([week(3, 1), week(1, 0)])

    assert (chart.bars[0].without_y, chart.bars[0].without_height) == ("0.00", "25.00")
    assert (chart.bars[0].with_y, chart.bars[0].with_height) == ("25.00", "75.00")
    assert chart.bars[1].with_height == "25.00"


def test_weeks_without_exits_have_no_height() -> None:
    assert weeks_chart([week(0, 0)]).bars[0].with_height == "0.00"


def test_no_weeks_no_bars() -> None:
    assert weeks_chart([]).bars == []


def test_days_left_are_told_in_words() -> None:
    told = [describe_days(days) for days in (-1, 0, 1, 7, 8, 31)]

    assert [one.label for one in told] == [
        "da 1 giorno",
        "oggi",
        "1 giorno",
        "7 giorni",
        "8 giorni",
        "31 giorni",
    ]
    assert [one.tone for one in told] == ["past", "now", "now", "now", "soon", "later"]


def test_no_date_has_no_tone() -> None:
    assert describe_days(None).tone == "none"
