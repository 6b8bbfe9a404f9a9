"""How feasible a lead looks: a list of items with their points, each to be read; people decide, not the sum."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ali.rules.values import RuleValue, rule_in_force
from ali.scouting.states import ITEMS, OBSTACLES, Answer

WEIGHTS = "scouting.feasibility"
_PART = {Answer.YES: 2, Answer.PARTLY: 1, Answer.NO: 0}  # halves of the item's points


@dataclass(frozen=True)
class Item:
    """One item: what was seen, how many points of how many."""

    code: str
    label: str
    answer: str
    answer_label: str
    points: float
    most: int
    is_obstacle: bool


@dataclass(frozen=True)
class Feasibility:
    """The items of a visit with their points; what nobody could see counts neither for nor against."""

    items: tuple[Item, ...]
    rule: RuleValue

    @property
    def points(self) -> float:
        return sum(item.points for item in self.items if item.answer)

    @property
    def most(self) -> int:
        return sum(item.most for item in self.items if item.answer)

    @property
    def unknown(self) -> list[Item]:
        """What is still to be understood."""
        return [item for item in self.items if not item.answer]

    @property
    def obstacles(self) -> list[Item]:
        """What stops a project until it is solved."""
        return [item for item in self.items if item.is_obstacle]

    @property
    def share(self) -> int | None:
        """Points of a hundred among what is known; None when nothing is."""
        return round(100 * self.points / self.most) if self.most else None


def feasibility_of(answers: Mapping[str, str], day: date, province: str, municipality: str) -> Feasibility:
    """Return the reading of a visit's answers with the weights in force there. One query."""
    rule = rule_in_force(WEIGHTS, day=day, province=province, municipality=municipality)
    return Feasibility(
        tuple(_item(code, answers.get(code, ""), int(rule.value.get(code, 1))) for code in ITEMS), rule
    )


def _item(code: str, answer: str, weight: int) -> Item:
    known = answer if answer in Answer.values else ""
    return Item(
        code=code,
        label=str(ITEMS[code]),
        answer=known,
        answer_label=str(Answer(known).label) if known else "",
        points=weight * _PART[Answer(known)] / 2 if known else 0,
        most=weight,
        is_obstacle=known == Answer.NO and code in OBSTACLES,
    )
