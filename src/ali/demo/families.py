"""Who lives with whom: the make-up of households, and the sex, birth and name of each member."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ali.demo import naming, tables
from ali.demo.chance import Wheel, days_before
from ali.demo.naming import Line
from ali.demo.shapes import NameSpec
from ali.demo.tables import Country

YEAR = 365.25
# Of the children of a woman who may still have them, those born since the family is in reception.
BORN_HERE_SHARE = 0.3
LATEST_MOTHERHOOD = 44 * YEAR
ADULT_DAYS = int(18 * YEAR) + 1
BY_WISH = frozenset({"friends"})
CHILDREN = Wheel({1: 42, 2: 36, 3: 16, 4: 6})
# Where birth dates are often not registered, or are only known by the year.
UNSURE_BIRTHS = frozenset({"AFG", "SOM", "SDN", "ERI", "MLI", "BFA", "GMB", "GIN", "ETH"})


@dataclass(frozen=True, slots=True)
class Member:
    relation: str
    sex: str
    born_on: date
    birth_precision: str
    name: NameSpec
    given: str
    line: Line
    is_adult: bool


def household_wheel(country: Country) -> Wheel[str]:
    """Mostly people alone; families where women and children come, brothers and friends where men come."""
    women, children = country.women_share, min(country.child_share, 0.25)
    together = 0.13 + 0.16 * women + 0.6 * children
    shares = {
        "couple": 0.06 + 0.5 * women,
        "couple_with_children": 0.9 * women + 3 * children,
        "single_mother": 0.9 * women + children,
        "single_father": 0.02,
        "siblings": 0.28,
        "friends": 0.28 * (1 - women),
        "parent_and_adult_child": 0.02 + 0.15 * women,
    }
    scale = together / sum(shares.values())
    return Wheel({"single": 1 - together, **{kind: share * scale for kind, share in shares.items()}})


def adults_and_children(chance: Random, kind: str) -> tuple[int, int]:
    match kind:
        case "couple" | "parent_and_adult_child":
            return 2, 0
        case "couple_with_children":
            return 2, CHILDREN.spin(chance)
        case "single_mother" | "single_father":
            return 1, CHILDREN.spin(chance)
        case "siblings" | "friends":
            return (3 if chance.random() < 0.15 else 2), 0
        case _:
            return 1, 0


class Family:
    """Draws the members of one household, oldest generation first."""

    def __init__(
        self,
        chance: Random,
        country: Country,
        today: date,
        arrived_on: date,
        *,
        may_be_born_here: bool = False,
    ) -> None:
        self.may_be_born_here = may_be_born_here
        self.chance = chance
        self.country = country
        self.today = today
        self.arrived_on = arrived_on
        self.members: list[Member] = []

    def invent(self, kind: str, adults: int, children: int) -> tuple[Member, ...]:
        match kind:
            case "couple" | "couple_with_children":
                self._couple(has_children=children > 0)
            case "single_mother":
                self._adult("head", "F", age_at_arrival=21)
            case "single_father":
                self._adult("head", "M", age_at_arrival=21)
            case "siblings":
                self._peers("sibling", adults, line=naming.invent_line(self.chance, self.country.iso3))
            case "friends":
                self._peers("friend", adults, line=None)
            case "parent_and_adult_child":
                self._parent_and_adult_child()
            case _:
                self._adult("head", self._sex_alone())
        for _ in range(children):
            self._child()
        return tuple(self.members)

    def _sex_alone(self) -> str:
        return "F" if self.chance.random() < 0.6 * self.country.women_share else "M"

    def _birth(self, sex: str, latest: date) -> date:
        age = tables.adult_ages()[self.country.iso3, sex].spin(self.chance) + self.chance.randrange(
            tables.BAND_YEARS
        )
        drawn = self.today - timedelta(days=int(age * YEAR) + self.chance.randrange(365))
        return drawn if drawn <= latest else days_before(self.chance, latest, 0, 700)

    def _adult(
        self,
        relation: str,
        sex: str,
        *,
        age_at_arrival: int = 18,
        line: Line | None = None,
        born_on: date | None = None,
    ) -> Member:
        latest = self.arrived_on - timedelta(days=int(age_at_arrival * YEAR) + 1)
        born = min(born_on, latest) if born_on else self._birth(sex, latest)
        return self._add(
            relation, sex, born, line or naming.invent_line(self.chance, self.country.iso3), is_adult=True
        )

    def _add(self, relation: str, sex: str, born_on: date, line: Line, *, is_adult: bool) -> Member:
        taken = frozenset({line.father, *(member.given for member in self.members)})
        given = naming.invent_given(self.chance, self.country.iso3, sex, taken)
        precision = self._precision()
        member = Member(
            relation=relation,
            sex=sex,
            born_on=born_on if precision == "day" else born_on.replace(month=1, day=1),
            birth_precision=precision,
            name=naming.compose(self.chance, iso3=self.country.iso3, sex=sex, given=given, line=line),
            given=given,
            line=line,
            is_adult=is_adult,
        )
        self.members.append(member)
        return member

    def _precision(self) -> str:
        luck = self.chance.random() / (2 if self.country.iso3 in UNSURE_BIRTHS else 1)
        if luck < 0.05:
            return "estimated"
        return "year" if luck < 0.11 else "day"

    def _couple(self, *, has_children: bool) -> None:
        age = 22 if has_children else 18
        husband = self._adult("head", "M", age_at_arrival=age)
        born = husband.born_on + timedelta(days=self.chance.randint(-2 * 365, 7 * 365))
        hers = naming.invent_line(self.chance, self.country.iso3)
        line = naming.wifes_line(self.country.iso3, hers, husband.line)
        self._adult("spouse", "F", age_at_arrival=age, born_on=born, line=line)

    def _peers(self, relation: str, adults: int, line: Line | None) -> None:
        sex = self._sex_alone()
        first = self._adult("head", sex, line=line)
        for _ in range(adults - 1):
            born = first.born_on + timedelta(
                days=self.chance.choice((-1, 1)) * self.chance.randint(400, 1900)
            )
            other = sex if relation == "friend" or self.chance.random() < 0.85 else "F" if sex == "M" else "M"
            self._adult(relation, other, line=line, born_on=born)

    def _parent_and_adult_child(self) -> None:
        is_mother = self.chance.random() < 0.8
        parent = self._adult("head", "F" if is_mother else "M", age_at_arrival=37)
        sex = parent.sex if self.chance.random() < 0.85 else "F" if parent.sex == "M" else "M"
        earliest = parent.born_on + timedelta(days=int(18.5 * YEAR))
        latest = self.arrived_on - timedelta(days=ADULT_DAYS)
        self._adult("adult_child", sex, born_on=self._between(earliest, latest), line=self._childrens_line())

    def _between(self, earliest: date, latest: date) -> date:
        return earliest + timedelta(days=self.chance.randint(0, max(0, (latest - earliest).days)))

    def _childrens_line(self) -> Line:
        """The names that come from both parents; one who is not here is invented for the purpose."""
        absent = naming.invent_line(self.chance, self.country.iso3)
        father = next((member for member in self.members if member.sex == "M"), None)
        mother = next((member for member in self.members if member.sex == "F"), None)
        mothers_family = mother.line.family if mother else absent.mothers_family
        if father is None:
            return absent.of_children(absent.father, mothers_family)
        return father.line.of_children(father.given, mothers_family)

    def _child(self) -> None:
        """A minor today, young enough for both parents, mostly already born on arrival."""
        sex = "F" if self.chance.random() < 0.48 else "M"
        parents = [member.born_on for member in self.members if member.is_adult]
        earliest = max(
            max(parents) + timedelta(days=ADULT_DAYS), self.today - timedelta(days=ADULT_DAYS - 30 - 365)
        )
        latest = self.arrived_on - timedelta(days=20)
        if self._is_born_here():
            self._add_child(sex, self._between(max(earliest, latest), self.today - timedelta(days=20)))
            return
        age = tables.child_ages()[self.country.iso3, sex].spin(self.chance) + self.chance.randrange(
            tables.BAND_YEARS
        )
        wanted = self.today - timedelta(days=int(age * YEAR) + self.chance.randrange(365))
        self._add_child(sex, wanted if earliest <= wanted <= latest else self._between(earliest, latest))

    def _is_born_here(self) -> bool:
        mother = next((member for member in self.members if member.is_adult and member.sex == "F"), None)
        if mother is None or not self.may_be_born_here or (self.today - self.arrived_on).days < 60:
            return False
        is_young = (self.today - mother.born_on).days < LATEST_MOTHERHOOD
        return is_young and self.chance.random() < BORN_HERE_SHARE

    def _add_child(self, sex: str, born: date) -> None:
        line = next((member.line for member in self.members if member.relation == "child"), None)
        self._add("child", sex, born, line or self._childrens_line(), is_adult=False)
