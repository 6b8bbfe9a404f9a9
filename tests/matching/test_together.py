"""The extended referee: what it accepts, and what it refuses."""

from pathlib import Path

from ali.matching import Instance, solve

from .conftest import Verify, tables


def test_request_takes_its_beds_or_none(verify: Verify, tmp_path: Path) -> None:
    """Two brothers (90) and a man alone (50): three beds hold all, two hold the brothers or one bed is lost."""
    people = [("brothers", 2, "man"), ("a", 1, "man"), ("b", 1, "man")]
    arcs = [("brothers", "m", 90), ("a", "m", 50), ("b", "m", 30)]

    for beds, worth in ((1, 50), (2, 90), (3, 140), (4, 170)):
        folder = tmp_path / str(beds)
        folder.mkdir()
        result = solve(Instance.from_columns(tables(people, [("m", "men", beds)], arcs)), model="shared")
        assert (result.objective, result.gap) == (worth, 0.0)
        assert verify(result, folder)["ok"]


def test_referee_counts_the_beds_of_a_request(verify: Verify, tmp_path: Path) -> None:
    people = [("sisters", 2, "woman"), ("a", 1, "woman")]
    arcs = [("sisters", "w", 40), ("a", "w", 50)]
    result = solve(Instance.from_columns(tables(people, [("w", "women", 2)], arcs)), model="shared")
    result.assignment[:] = 0

    problems = " ".join(verify(result, tmp_path)["problems"])

    assert "more persons than beds" in problems
    assert "false objective" in problems
