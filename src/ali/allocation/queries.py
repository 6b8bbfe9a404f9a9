"""What a round and a shortlist read: households without a solution, homes with beds, as facts without names."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from ali.accounts.actors import Actor
from ali.allocation.eligibility import RULE_CODES, Parameters
from ali.allocation.facts import (
    FAMILY,
    MAN,
    MEN,
    MODES,
    OPEN,
    WOMAN,
    WOMEN,
    FreeBed,
    HomeFacts,
    HouseholdFacts,
    Known,
)
from ali.allocation.models import Criteria, Proposal, Round, RoundEntry
from ali.allocation.states import LIVE_STATES, UNDECIDED, Outcome, RoundState
from ali.housing.models import Bed, Dwelling, Occupancy
from ali.housing.queries import bedrooms_of, capacity_rules, ongoing
from ali.housing.states import Access, Unnamed
from ali.people.models import Household, Person
from ali.people.querysets import PersonQuerySet
from ali.reception.models import Exit, Stay
from ali.reception.states import WITHOUT_SOLUTION
from ali.rules.values import RuleValue, rule_in_force
from ali.work.affordability import BANDS
from ali.work.queries import stable_income

KM_EAST, KM_NORTH = 78.8, 111.2  # kilometres in a degree at 45 degrees north
MANY = 10**6


@dataclass(frozen=True)
class Candidate:
    """A household that leaves, with its facts and who is in it."""

    known: Known
    facts: HouseholdFacts
    members: tuple[int, ...]
    managers: frozenset[int]


@dataclass(frozen=True)
class Home:
    """A home with beds free in the window: its facts, and the beds that may be given, the first free first."""

    known: Known
    facts: HomeFacts
    manager: int
    municipality: str
    beds: tuple[FreeBed, ...]


def parameters_for(province: str, day: date) -> dict[str, RuleValue]:
    """Return the rules in force that the hard rules and the affordability band rest on."""
    return {code: rule_in_force(code, day=day, province=province) for code in (*RULE_CODES, BANDS)}


def criteria_in_force(province: str, day: date) -> Criteria | None:
    """Return the latest criteria of the territory, approved or not."""
    return (
        Criteria.objects.filter(
            province=province, is_draft=False, valid_from__lte=day, superseded_at__isnull=True
        )
        .order_by("-valid_from", "-pk")
        .first()
    )


def _grid(latitude: float | None, longitude: float | None) -> tuple[int, int]:
    return round((longitude or 0) * KM_EAST), round((latitude or 0) * KM_NORTH)


@dataclass
class _Leaving:
    """Rows of one household, being gathered."""

    leaves_on: int
    entered_on: int
    east: int
    north: int
    managers: set[int]


def _with_reserved() -> Q:
    """Return the condition of an exit «its household has a reserved member»: they are in no round, nor who is with them."""
    reserved = Person.objects.filter(household=OuterRef("person__household_id"), is_reserved=True)
    return Q(Exists(reserved))


def _leaving_households(
    actor: Actor, province: str, day: date, days: int, only: Iterable[int] | None
) -> dict[int, _Leaving]:
    exits = (
        Exit.objects.visible_to(actor, day)
        .open()
        .without_solution()
        .filter(stay__centre__municipality__province__prefecture=province)
        .exclude(_with_reserved())
    )
    if only is None:
        live = Proposal.objects.filter(household=OuterRef("person__household_id"), state__in=LIVE_STATES)
        exits = exits.within(day, days).filter(~Exists(live))
    else:
        exits = exits.filter(person__household__in=list(only))
    gathered: dict[int, _Leaving] = {}
    for household, leaves_on, entered_on, latitude, longitude, manager in exits.order_by("pk").values_list(
        "person__household_id",
        "leaves_on",
        "stay__entered_on",
        "stay__centre__municipality__latitude",
        "stay__centre__municipality__longitude",
        "stay__centre__manager_id",
    ):
        leaves = max(leaves_on or day + timedelta(days=days), day).toordinal()
        east, north = _grid(latitude, longitude)
        one = gathered.setdefault(household, _Leaving(leaves, entered_on.toordinal(), east, north, set()))
        one.leaves_on = min(one.leaves_on, leaves)
        one.entered_on = min(one.entered_on, entered_on.toordinal())
        one.managers.add(manager)
    return gathered


def _group(sexes: Sequence[str]) -> int:
    """Return the engine's group: one adult alone by sex (as they state it), everybody else a family."""
    if len(sexes) == 1 and sexes[0] in {"M", "F"}:
        return MAN if sexes[0] == "M" else WOMAN
    return FAMILY


def to_be_housed(household_ids: Collection[int]) -> PersonQuerySet:
    """Return the members who would move: those still in a centre, but for whoever already has a solution."""
    present = Stay.objects.filter(person=OuterRef("pk"), left_on__isnull=True)
    settled = Exit.objects.open().filter(person=OuterRef("pk")).exclude(solution__in=WITHOUT_SOLUTION)
    found: PersonQuerySet = Person.objects.filter(
        Exists(present), ~Exists(settled), household__in=list(household_ids)
    )
    return found


@dataclass(frozen=True)
class _Member:
    """What the rules need of one member."""

    pk: int
    sex: str
    is_minor: bool


def candidates(
    actor: Actor, *, province: str, day: date, days: int, only: Iterable[int] | None = None
) -> list[Candidate]:
    """Return the households that leave within `days` without a solution and without a live proposal, as the actor sees them.

    With `only`, those households whatever their day and their proposals. Reserved persons are in no round. Four queries.
    """
    leaving = _leaving_households(actor, province, day, days, only)
    members: dict[int, list[_Member]] = defaultdict(list)
    known: dict[int, Known] = {}
    step_free: set[int] = set()
    for person in (
        to_be_housed(leaving)
        .visible_to(actor, day)
        .select_related("household")
        .order_by("household_id", "birth_date", "pk")
    ):
        household = person.household
        members[household.pk].append(_Member(person.pk, person.sex, person.is_minor_on(day)))
        known.setdefault(household.pk, Known(household.pk, str(household.public_id), person.display_name))
        if household.needs_step_free:
            step_free.add(household.pk)
    incomes = stable_income([one.pk for rows in members.values() for one in rows], day, province)
    return [
        Candidate(
            known[household],
            _household_facts(leaving[household], rows, incomes, is_step_free=household in step_free, day=day),
            tuple(one.pk for one in rows),
            frozenset(leaving[household].managers),
        )
        for household, rows in sorted(members.items())
    ]


def _household_facts(
    leaving: _Leaving,
    members: Sequence[_Member],
    incomes: Mapping[int, int],
    *,
    is_step_free: bool,
    day: date,
) -> HouseholdFacts:
    return HouseholdFacts(
        persons=len(members),
        group=_group([one.sex for one in members]),
        income=sum(incomes.get(one.pk, 0) for one in members),
        step_free=int(is_step_free),
        leaves_on=leaving.leaves_on,
        waiting_days=max(day.toordinal() - leaving.entered_on, 0),
        minors=sum(one.is_minor for one in members),
        east=leaving.east,
        north=leaving.north,
    )


def _occupied_use(there: set[str]) -> int | None:
    """Return the use that those who live in an open home leave to others; None when they cannot share it, or nobody knows."""
    return {frozenset("M"): MEN, frozenset("F"): WOMEN}.get(frozenset(there))


def homes_on_offer(
    actor: Actor, *, province: str, day: date, days: int, only: Iterable[int] | None = None
) -> list[Home]:
    """Return the homes of the territory with beds free within `days`, as the actor sees them. Seven queries."""
    dwellings = (
        Dwelling.objects.visible_to(actor, day)
        .matchable()
        .filter(building__municipality__province__prefecture=province)
    )
    if only is not None:
        dwellings = dwellings.filter(pk__in=list(only))
    rows = {
        row.pk: row for row in dwellings.select_related("building__municipality__province").order_by("pk")
    }
    last = day + timedelta(days=days)
    total: Counter[int] = Counter()
    free: dict[int, list[FreeBed]] = defaultdict(list)
    for dwelling, free_from, is_sure, is_held in (
        Bed.objects.in_use()
        .filter(room__dwelling__in=list(rows))
        .order_by("pk")
        .values_list("room__dwelling_id", "free_from", "is_free_sure", "is_held")
    ):
        total[dwelling] += 1
        if free_from and free_from <= last and not is_held:
            free[dwelling].append(FreeBed(max(free_from, day).toordinal(), is_sure))
    there, rules, bedrooms = _who_is_there(rows, day), capacity_rules(day), bedrooms_of(rows)
    found = [
        _home(row, free[pk], total[pk], there[pk], rules.capacity(row, bedrooms.get(pk)).blocks_above)
        for pk, row in rows.items()
    ]
    return [home for home in found if home is not None]


_SAID = {Unnamed.MAN.value: "M", Unnamed.WOMAN.value: "F", Unnamed.FAMILY.value: "family"}


def _who_is_there(dwellings: Collection[int], day: date) -> Mapping[int, set[str]]:
    """Return the sexes of who lives there, is about to move in, or is awaited by a live proposal.

    Of those without a name, what the home's body has said of them; «?» when nobody knows.
    """
    found: dict[int, set[str]] = defaultdict(set)
    for dwelling, sex, who in (
        Occupancy.objects.filter(ongoing(day), bed__room__dwelling__in=list(dwellings))
        .order_by()
        .values_list("bed__room__dwelling_id", "person__sex", "who")
    ):
        found[dwelling].add(sex or _SAID.get(who, "?"))
    for dwelling, sex in (
        Proposal.objects.live()
        .filter(dwelling__in=list(dwellings))
        .order_by()
        .values_list("dwelling_id", "household__members__sex")
    ):
        found[dwelling].add(sex or "?")
    return found


def usable_beds(free: Iterable[FreeBed], total: int, most: int | None) -> list[FreeBed]:
    """Return the free beds that may be given, the first free first; `most` people may live in the home, None for any number.

    On any day those who still live there and the newcomers are at most `most`: of `total` beds, `total - most` must stay
    empty, and each day that leaves all the free beds but the first `total - most`.
    """
    in_order = sorted(free, key=lambda bed: (bed.day, not bed.is_sure))
    return in_order if most is None else in_order[max(total - most, 0) :]


def _as_offered(
    mode: int, beds: Sequence[FreeBed], total: int, there: set[str]
) -> tuple[int, list[FreeBed]] | None:
    """Return the use and the beds in which a home can be offered; None when it cannot.

    An open home in which somebody lives is offered to men or to women when all who live there are, bed by bed as beds
    free themselves; when they cannot share it or nobody has said who they are, only from the day on which the last has
    left, and then to anybody. So an open home that is offered as open has all its beds free from one day.
    """
    if mode != OPEN:
        return mode, list(beds)
    if not beds:
        return None
    use, all_leave = _occupied_use(there), len(beds) == total
    if use is not None and not (all_leave and len({bed.day for bed in beds}) == 1):
        return use, list(beds)
    if there and not all_leave:
        return None
    last = max(bed.day for bed in beds)
    is_sure = all(bed.is_sure for bed in beds)
    return OPEN, [FreeBed(last, is_sure) for _bed in beds]


def _home(
    row: Dwelling, free: Sequence[FreeBed], total: int, there: set[str], most: int | None
) -> Home | None:
    offered = _as_offered(MODES.index(row.mode), free, total, there)
    if not free or offered is None:
        return None
    mode, dated = offered
    beds = usable_beds(dated, total, most)
    east, north = _grid(row.building.latitude, row.building.longitude)
    facts = HomeFacts(
        mode=mode,
        beds=len(free),
        total_beds=total,
        max_people_left=MANY if most is None else max(most - (total - len(free)), 0),
        rent=row.rent_cents,
        condominium=row.condominium_cents,
        step_free=int(
            row.access in {Access.ACCESSIBLE, Access.VISITABLE} or row.floor == 0 or row.building.has_lift
        ),
        free_from=(beds or dated)[0].day,
        all_free_from=max(bed.day for bed in dated),
        east=east,
        north=north,
    )
    return Home(
        Known(row.pk, str(row.public_id), str(row)),
        facts,
        row.manager_id,
        row.building.municipality_id,
        tuple(beds),
    )


def kept_rules(parameters: Parameters) -> list[dict[str, object]]:
    """Return what a decision keeps of the rules applied."""
    return [rule.as_json() for rule in parameters.values()]


def weights_of(criteria: Criteria | None, default: dict[str, int]) -> dict[str, int]:
    """Return the criteria's weights, or the shipped ones."""
    return {**default, **criteria.weights} if criteria else default


def needs_mediator(actor: Actor, proposal: Proposal, today: date) -> bool:
    """Say whether the actor may hear the household only with a mediator: their body has the home too, and the rule asks it."""
    if actor.organisation_id != proposal.dwelling.manager_id:
        return False
    province = proposal.dwelling.building.municipality.province_id
    rule = rule_in_force("allocation.mediator_when_carer_has_home", day=today, province=province)
    return bool(rule.value)


@dataclass(frozen=True)
class Slip:
    """From when the beds of a proposal are free, against the day it says. `free_on` None: nobody knows any more."""

    is_late: bool
    free_on: date | None


def slipped_to(proposal: Proposal) -> Slip:
    """Say whether the beds kept for a proposal will be free later than it says. One query."""
    kept = proposal.holds.filter(is_live=True).order_by("pk")
    days: list[date | None] = list(kept.values_list("bed__free_from", flat=True))
    known = [day for day in days if day]
    if len(known) < len(days):
        return Slip(is_late=True, free_on=None)
    last = max(known, default=None)
    return Slip(last is not None and last > proposal.starts_on, last)


def changed_share(round_: Round) -> Counter[str]:
    """Count what people did with a round's suggestions: followed, changed, set aside, still open."""
    return Counter(
        round_.entries.filter(outcome=Outcome.PROPOSED).order_by().values_list("handling", flat=True)
    )


def open_suggestion(household: Household) -> RoundEntry | None:
    """Return what the latest round says of a household, when nobody has decided on it yet.

    However the officer arrives at a proposal, what the round had suggested is known and the change is counted.
    """
    latest = (
        RoundEntry.objects.filter(household=household, round__state=RoundState.SOLVED, round__is_trial=False)
        .order_by("-round_id")
        .first()
    )
    return latest if latest and latest.handling in UNDECIDED else None


def members_seen(
    actor: Actor, household_ids: Collection[int], *, for_lists: bool = False
) -> dict[int, list[Person]]:
    """Return the members of each household whom the actor sees; no reserved ones in lists. One query."""
    seen = Person.objects.visible_to(actor).filter(household__in=list(household_ids))
    if for_lists:
        seen = seen.filter(is_reserved=False)
    members: dict[int, list[Person]] = defaultdict(list)
    for person in seen.order_by("birth_date", "pk"):
        members[person.household_id].append(person)
    return dict(members)


def stopped_most(round_: Round) -> list[tuple[str, int]]:
    """Return the rules that stopped most homes, with how many households each stopped most. One query."""
    first = Counter(
        stopped[0]["code"]
        for stopped in round_.entries.filter(outcome=Outcome.NOT_HOUSED)
        .values_list("stopped_by", flat=True)
        .order_by()
        if stopped
    )
    return first.most_common()
