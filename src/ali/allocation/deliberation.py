"""What a committee has decided of a home, from its votes: the majority is a rule, a tie is settled by the chair's own vote."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from ali.allocation.states import ItemOutcome, VoteKind
from ali.rules.values import RuleValue

RULE = "allocation.committee_majority"


@dataclass(frozen=True)
class Majority:
    """More than this share of the votes cast, with more than this share of those who may vote taking part."""

    votes: float
    quorum: float

    @classmethod
    def from_rule(cls, rule: RuleValue) -> Self:
        return cls(float(rule.value["more_than"]), float(rule.value["quorum"]))


@dataclass(frozen=True)
class Ballot:
    """One vote that counts: for a household (its candidate's id), for nobody, or an abstention."""

    kind: str
    candidate: int | None = None
    is_chair: bool = False


@dataclass(frozen=True)
class Deliberation:
    """The outcome, whom it chooses, and whether the chair's vote settled a tie."""

    outcome: ItemOutcome
    candidate: int | None = None
    by_chair: bool = False


def deliberate(ballots: Sequence[Ballot], eligible: int, majority: Majority) -> Deliberation:
    """Return what the votes decide. Abstentions count for the quorum and not among the votes cast.

    `eligible`: the members who may vote on this home, those in conflict left out.
    """
    if not ballots or len(ballots) <= majority.quorum * eligible:
        return Deliberation(ItemOutcome.NO_QUORUM)
    cast = [one for one in ballots if one.kind != VoteKind.ABSTAINED]
    counts = Counter(one.candidate for one in cast)
    if not counts:
        return Deliberation(ItemOutcome.DEFERRED)
    most = max(counts.values())
    ahead = [choice for choice, votes in counts.items() if votes == most]
    if len(ahead) == 1:
        wins = most > majority.votes * len(cast)
        return _decided(ahead[0], by_chair=False) if wins else Deliberation(ItemOutcome.DEFERRED)
    chair: Any = next((one for one in cast if one.is_chair and one.candidate in ahead), None)
    return _decided(chair.candidate, by_chair=True) if chair else Deliberation(ItemOutcome.DEFERRED)


def _decided(candidate: int | None, *, by_chair: bool) -> Deliberation:
    outcome = ItemOutcome.NOBODY if candidate is None else ItemOutcome.CHOSEN
    return Deliberation(outcome, candidate, by_chair)
