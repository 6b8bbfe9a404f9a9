from typing import Any

import pytest

from ali.allocation.deliberation import Ballot, Deliberation, Majority, deliberate
from ali.allocation.states import ItemOutcome as Outcome
from ali.allocation.states import VoteKind

HALF = Majority(votes=0.5, quorum=0.5)
NOBODY, ABSTAINED = VoteKind.NOBODY, VoteKind.ABSTAINED


def ballots(*choices: Any, chair: int | None = None) -> list[Ballot]:
    """One ballot for each choice: a household's number, or a kind of vote. `chair`: whose place is the chair's."""
    return [
        Ballot(
            VoteKind.CANDIDATE if isinstance(one, int) else one,
            one if isinstance(one, int) else None,
            place == chair,
        )
        for place, one in enumerate(choices)
    ]


@pytest.mark.parametrize(
    ("cast", "eligible", "expected"),
    [
        (ballots(1, 1, 2), 3, Deliberation(Outcome.CHOSEN, 1)),
        (ballots(1, 1, ABSTAINED), 3, Deliberation(Outcome.CHOSEN, 1)),
        (ballots(NOBODY, NOBODY, 1), 3, Deliberation(Outcome.NOBODY)),
        (ballots(1, 2, chair=1), 2, Deliberation(Outcome.CHOSEN, 2, by_chair=True)),
        (ballots(1, NOBODY, chair=1), 2, Deliberation(Outcome.NOBODY, by_chair=True)),
        (ballots(1, 2, ABSTAINED, chair=2), 3, Deliberation(Outcome.DEFERRED)),
        (ballots(1, 2), 2, Deliberation(Outcome.DEFERRED)),
        (ballots(1, 1, 2, 3), 4, Deliberation(Outcome.DEFERRED)),
        (ballots(ABSTAINED, ABSTAINED), 3, Deliberation(Outcome.DEFERRED)),
        (ballots(1), 2, Deliberation(Outcome.NO_QUORUM)),
        (ballots(1, 1), 4, Deliberation(Outcome.NO_QUORUM)),
        (ballots(1, 1, 1), 5, Deliberation(Outcome.CHOSEN, 1)),
        ([], 0, Deliberation(Outcome.NO_QUORUM)),
    ],
)
def test_votes_decide_by_majority_quorum_and_the_chair(
    cast: list[Ballot], eligible: int, expected: Deliberation
) -> None:
    assert deliberate(cast, eligible, HALF) == expected


def test_two_thirds_is_another_rule() -> None:
    assert deliberate(ballots(1, 1, 2), 3, Majority(votes=2 / 3, quorum=0.5)).outcome == Outcome.DEFERRED
