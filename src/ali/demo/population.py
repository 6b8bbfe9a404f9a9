"""An invented population in reception: the same seed and day always give the same people.

Nobody here exists. Distributions come from public statistics (data/README.md); names, dates, identifiers,
incomes and outcomes are drawn by chance. Nothing here knows the database: `Population` is plain records.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from types import MappingProxyType

from ali.demo import courses, exits, families, livelihoods, naming, tables
from ali.demo.centres import Places, towns_wheel
from ali.demo.chance import Wheel, days_after, days_before, stream
from ali.demo.courses import Course
from ali.demo.exits import Fate
from ali.demo.families import Member
from ali.demo.identifiers import Registry
from ali.demo.shapes import (
    ArrivalSpec,
    CentreSpec,
    ExitSpec,
    HouseholdSpec,
    IdentifierSpec,
    JobSpec,
    MoneySpec,
    NeedSpec,
    PermitSpec,
    PersonSpec,
    Population,
    ResidenceSpec,
    StaySpec,
)
from ali.demo.tables import Country

NEEDS = Wheel(
    {
        "ground_floor": 30,
        "step_free": 18,
        "near_health_service": 28,
        "private_room": 16,
        "protected_address": 8,
    }
)
# Where children are born in reception: the hospital of the chief town.
DAYS_IN_HOSPITAL = 3
BIRTH_TOWN, BIRTH_TOWN_CODE = "Padova", "G224"
ARRIVALS_A_WEEK_PER_THOUSAND = 8
LONGEST_EXIT_DAYS = 60
WITH_WORK = frozenset({"employer_lodging", "found_alone"})


@dataclass(frozen=True, slots=True)
class _Plan:
    """A household before anyone in it has a face."""

    country: Country
    kind: str
    adults: int
    children: int

    @property
    def persons(self) -> int:
        return self.adults + self.children


def invent_population(
    *,
    seed: int,
    people: int,
    today: date,
    centres: Sequence[CentreSpec],
    exit_days: int = 30,
    leaving_share: float = exits.LEAVING_SHARE,
    fates: Mapping[str, float] = MappingProxyType(exits.ALL_FATES),
) -> Population:
    """That many people, in households, hosted in those (invented) centres.

    `exit_days` is the demo value of the local parameter: days from the delivery of the permit to the exit.
    `leaving_share` of them leave, each with one of the `fates` (shares).
    """
    if not 1 <= exit_days <= LONGEST_EXIT_DAYS:
        raise ValueError(f"exit_days must be between 1 and {LONGEST_EXIT_DAYS}, not {exit_days}")
    places = Places(stream(seed, "places"), centres)
    plans = list(_invent_plans(stream(seed, "plans"), people))
    drawn = _assign_fates(stream(seed, "fates"), plans, max(1, round(people * leaving_share)), fates)
    maker = _Maker(seed=seed, today=today, centres=centres, places=places, exit_days=exit_days)
    for number, (plan, fate) in enumerate(zip(plans, drawn, strict=True), start=1):
        maker.add_household(number, plan, fate)
    return Population(
        seed=seed,
        today=today,
        persons=tuple(maker.persons),
        households=tuple(maker.households),
        arrivals=_invent_arrivals(stream(seed, "arrivals"), people, today, centres),
    )


def _invent_plans(chance: Random, people: int) -> Iterator[_Plan]:
    countries = tables.countries()
    nations = Wheel({iso3: country.weight for iso3, country in countries.items()})
    kinds = {iso3: families.household_wheel(country) for iso3, country in countries.items()}
    left = people
    while left > 0:
        country = countries[nations.spin(chance)]
        kind = kinds[country.iso3].spin(chance)
        adults, children = families.adults_and_children(chance, kind)
        if adults + children > left:
            kind, adults, children = "single", 1, 0
        left -= adults + children
        yield _Plan(country, kind, adults, children)


def _assign_fates(
    chance: Random, plans: Sequence[_Plan], quota: int, shares: Mapping[str, float]
) -> list[str]:
    """Who leaves: households of countries that are often recognised come first, so many persons and no more."""
    fates = [exits.name_other_fate(chance, plan.country) for plan in plans]
    # Weighted sampling without replacement (Efraimidis and Spirakis): the larger the weight, the larger the key.
    keys = [chance.random() ** (1 / plan.country.protected_share) for plan in plans]
    order = sorted(range(len(plans)), key=lambda index: (-keys[index], index))
    candidates = [index for index in order if fates[index] != "temporary"]
    given = dict.fromkeys(shares, 0)
    for index in candidates:
        name = max(shares, key=lambda fate: shares[fate] * quota - given[fate])
        if shares[name] * quota - given[name] <= 0:
            break
        given[name] += plans[index].persons
        fates[index] = name
    return fates


def _invent_arrivals(
    chance: Random, people: int, today: date, centres: Sequence[CentreSpec]
) -> tuple[ArrivalSpec, ...]:
    """Groups announced for the next weeks."""
    arrivals = []
    for week in range(5):
        left = round(people * ARRIVALS_A_WEEK_PER_THOUSAND / 1000)
        while left > 0:
            group = min(left, chance.randint(1, 5))
            arrives_on = today + timedelta(days=7 * week + chance.randint(1, 6))
            note = chance.choice(("Sbarco, gruppo di esempio", "Trasferimento da altra provincia, esempio"))
            arrivals.append(ArrivalSpec(chance.choice(centres).key, arrives_on, group, note))
            left -= group
    return tuple(sorted(arrivals, key=lambda arrival: (arrival.arrives_on, arrival.centre)))


class _Maker:
    """Turns plans into households and persons, one stream of chance for each concern."""

    def __init__(
        self, *, seed: int, today: date, centres: Sequence[CentreSpec], places: Places, exit_days: int
    ) -> None:
        self.today = today
        self.exit_days = exit_days
        self.centres = {centre.key: centre for centre in centres}
        self.centre_keys = tuple(self.centres)
        self.places = places
        self.registry = Registry(stream(seed, "identifiers"))
        self.towns = towns_wheel()
        self.fates = stream(seed, "courses")
        self.faces = stream(seed, "faces")
        self.papers = stream(seed, "papers")
        self.lives = stream(seed, "lives")
        self.persons: list[PersonSpec] = []
        self.households: list[HouseholdSpec] = []

    def add_household(self, number: int, plan: _Plan, fate_name: str) -> None:
        fate = exits.invent_fate(self.fates, fate_name, plan.country, self.today, self.exit_days)
        family = families.Family(
            self.faces,
            plan.country,
            self.today,
            fate.course.expressed,
            may_be_born_here=fate.exit is None
            or (fate.exit.origin_on is None and fate.exit.state == "expected"),
        )
        members = family.invent(plan.kind, plan.adults, plan.children)
        key = f"H{number:05d}"
        household = _Household(self, key, plan, fate, members)
        persons = [
            household.person(member, len(self.persons) + step) for step, member in enumerate(members, start=1)
        ]
        self.persons += persons
        self.households.append(
            HouseholdSpec(
                key=key,
                kind=plan.kind,
                members=tuple(person.key for person in persons),
                is_by_wish=plan.kind in families.BY_WISH,
                preferred_municipalities=self._preferences(persons),
            )
        )

    def _preferences(self, persons: Sequence[PersonSpec]) -> tuple[str, ...]:
        """Near work, or anywhere, or one town they name."""
        jobs = [person.job.municipality for person in persons if person.job.municipality]
        if jobs:
            return tuple(dict.fromkeys(jobs))
        return (self.towns.spin(self.lives).istat,) if self.lives.random() < 0.25 else ()


class _Household:
    """What the members of one household share: centre, course, exit, mother tongue."""

    def __init__(self, maker: _Maker, key: str, plan: _Plan, fate: Fate, members: tuple[Member, ...]) -> None:
        self.maker = maker
        self.key = key
        self.country = plan.country
        self.fate = fate
        self.course: Course = fate.course
        self.today = maker.today
        self.members = members
        chance = maker.lives
        self.mother_tongue = plan.country.mother_tongues.spin(chance)
        self.centre = maker.centres[maker.places.take(_group(members), len(members))]
        self.stays = self._invent_stays(chance)
        self.is_reserved = chance.random() < 0.006
        self.needs = {id(member): self._invent_needs(chance, member) for member in members}
        needs_the_comune = plan.children > 0 or any(self.needs.values())
        is_told = needs_the_comune and fate.exit is not None and chance.random() < 0.55
        self.told_on = (
            max(self.stays[-1].entered_on, days_before(chance, self.today, 1, 45)) if is_told else None
        )
        self.months = (self.today - self.course.expressed).days // 30

    def _invent_stays(self, chance: Random) -> tuple[StaySpec, ...]:
        entered = min(days_after(chance, self.course.expressed, 0, 30), days_before(chance, self.today, 0, 2))
        entered = max(entered, self.course.expressed)
        days = (self.today - entered).days
        if days < 90 or chance.random() > 0.14:
            return (StaySpec(self.centre.key, entered),)
        moved = days_after(chance, entered, 20, days - 60)
        elsewhere = chance.choice(self.maker.centre_keys)
        if elsewhere == self.centre.key:
            return (StaySpec(self.centre.key, entered),)
        return (StaySpec(elsewhere, entered, moved), StaySpec(self.centre.key, moved))

    def _invent_needs(self, chance: Random, member: Member) -> tuple[NeedSpec, ...]:
        if not member.is_adult:
            return ()
        years = (self.today - member.born_on).days // 365
        needs = []
        if member.sex == "F" and years < 42 and chance.random() < 0.07:
            due_on = self.today + timedelta(days=chance.randint(5, 230))
            needs.append(NeedSpec("pregnancy", min(self.today, due_on - timedelta(days=200)), due_on))
        if chance.random() < 0.05 + max(0, years - 40) * 0.012:
            needs.append(NeedSpec(NEEDS.spin(chance), days_before(chance, self.today, 5, 200)))
        return tuple(needs)

    def person(self, member: Member, number: int) -> PersonSpec:
        maker, chance = self.maker, self.maker.lives
        sex_on_papers = member.sex
        if member.is_adult and maker.papers.random() < 0.003:
            sex_on_papers = "F" if member.sex == "M" else "M"
        education = livelihoods.invent_education(chance, self.country, member, self.today)
        languages = livelihoods.invent_languages(
            chance,
            self.country,
            member,
            self.today,
            mother_tongue=self.mother_tongue,
            education=education,
            months=self.months,
        )
        procedure = courses.procedure_of(maker.papers, self.course, self.today, self._language_of_papers())
        home_on = member.born_on + timedelta(days=DAYS_IN_HOSPITAL)
        procedure = courses.not_before(procedure, home_on)
        permits = tuple(
            courses.not_before(permit, home_on)
            for permit in courses.permits_of(maker.papers, self.course, self.today, maker.registry)
        )
        stays = _since(self.stays, home_on)
        identifiers = tuple(
            courses.not_before(one, home_on)
            for one in self._identifiers(member, sex_on_papers, permits)
            if one.valid_to is None or one.valid_to > home_on
        )
        job, money = self._livelihood(member)
        exit_ = self._exit()
        ties = livelihoods.invent_ties(chance, self.months)
        return PersonSpec(
            key=f"P{number:05d}",
            household=self.key,
            relation=member.relation,
            names=(member.name, *naming.invent_aliases(maker.papers, member.name)),
            sex=member.sex,
            sex_on_papers=sex_on_papers,
            born_on=member.born_on,
            birth_precision=member.birth_precision,
            birth_country="ITA" if self._is_born_here(member) else self.country.iso3,
            birth_place=BIRTH_TOWN
            if self._is_born_here(member)
            else maker.papers.choice(self.country.cities),
            citizenships=(self.country.iso3,),
            education=education,
            languages=languages,
            identifiers=identifiers,
            procedure=procedure,
            permits=permits,
            stays=stays,
            residence=self._residence(stays[-1].entered_on),
            exit=exit_,
            job=job,
            money=money,
            needs=self.needs[id(member)],
            ties=ties if member.is_adult else 0,
            gaps=livelihoods.gaps_of(
                is_adult=member.is_adult,
                has_definitive_code=any(found.kind == "codice_fiscale" for found in identifiers),
                permits=permits,
                income_cents=job.net_monthly_cents,
                italian=languages[-1].level,
                ties=ties,
                solution=exit_.solution.kind if exit_ else "none",
            ),
            competent_municipality=self.centre.municipality,
            municipality_told_on=max(self.told_on, home_on) if self.told_on else None,
            is_reserved=self.is_reserved,
            is_adult=member.is_adult,
        )

    def _is_born_here(self, member: Member) -> bool:
        return member.born_on > self.course.expressed

    def _language_of_papers(self) -> str:
        common = [code for code, _ in self.country.other_languages if code in {"eng", "fra", "ara"}]
        return self.maker.papers.choice([self.mother_tongue, *common])

    def _livelihood(self, member: Member) -> tuple[JobSpec, MoneySpec]:
        if not member.is_adult:
            return JobSpec(), MoneySpec()
        chance, course = self.maker.lives, self.course
        protected_on = course.protected_on if course.protection else None
        if course.is_temporary:
            protected_on = course.requested
        may_work_on = livelihoods.may_work_on(course.formalised, protected_on)
        solution = self.fate.exit.solution.kind if self.fate.exit else "none"
        wheel = "leaving" if self.fate.exit else "waiting"
        if member.relation == "head" and (solution in WITH_WORK or self._provides(chance)):
            wheel = "at_work"
        job = livelihoods.invent_job(chance, wheel, self.today, may_work_on, self.maker.towns)
        return job, livelihoods.invent_money(chance, job, self.today)

    def _provides(self, chance: Random) -> bool:
        """Who leaves with a family has mostly found work for it."""
        return self.fate.exit is not None and len(self.members) > 1 and chance.random() < 0.6

    def _exit(self) -> ExitSpec | None:
        """The household's exit with this person's own decree number."""
        drawn, chance = self.fate.exit, self.maker.papers
        if drawn is None or drawn.decreed_on is None:
            return drawn
        return replace(
            drawn,
            decree_number=f"{chance.randint(1, 9999)}/{drawn.decreed_on.year}",
            decree_protocol=f"{chance.randint(1, 999999):07d}",
            notified_language=self._language_of_papers() if drawn.notified_on else "",
        )

    def _residence(self, entered: date) -> ResidenceSpec:
        chance = self.maker.papers
        since = days_after(chance, max(entered, self.course.formalised or entered), 15, 120)
        if since >= self.today or chance.random() < 0.12:
            return ResidenceSpec("none")
        kind = "individual" if chance.random() < 0.04 else "collective"
        return ResidenceSpec(kind, self.centre.municipality, since)

    def _identifiers(
        self, member: Member, sex_on_papers: str, permits: tuple[PermitSpec, ...]
    ) -> tuple[IdentifierSpec, ...]:
        registry, chance = self.maker.registry, self.maker.papers
        found = [IdentifierSpec("sga", registry.sga(), self.stays[0].entered_on)]
        formalised = self.course.formalised
        if formalised is not None and formalised <= self.today:
            if chance.random() < 0.93:
                found.append(IdentifierSpec("vestanet", registry.vestanet(courses.OFFICE), formalised))
            if chance.random() < 0.82:
                found.append(IdentifierSpec("cui", registry.cui(), formalised))
        return (*found, *self._codes(member, sex_on_papers, permits))

    def _codes(
        self, member: Member, sex_on_papers: str, permits: tuple[PermitSpec, ...]
    ) -> Iterator[IdentifierSpec]:
        """First (often) the provisional code of eleven digits, later the definitive one in its place."""
        chance, began = self.maker.papers, self.course.formalised or self.course.requested
        if began is None or began >= self.today:
            return
        definitive_on = days_after(chance, began, 45, 260)
        if any(permit.kind != "RA" and permit.delivered_on for permit in permits):
            definitive_on = min(definitive_on, permits[-1].delivered_on or definitive_on)
        has_definitive = definitive_on <= self.today and chance.random() < 0.93
        provisional_on = days_after(chance, began, 1, 25)
        if chance.random() < (0.45 if has_definitive else 0.8) and provisional_on < min(
            definitive_on, self.today
        ):
            yield IdentifierSpec(
                "codice_fiscale_provisional",
                self.maker.registry.provisional(),
                provisional_on,
                definitive_on if has_definitive else None,
            )
        if has_definitive:
            code = self.maker.registry.codice_fiscale(
                family=member.name.family,
                given=member.name.given,
                sex=sex_on_papers,
                born_on=member.born_on,
                birthplace=BIRTH_TOWN_CODE if self._is_born_here(member) else self.country.cadastral_code,
            )
            yield IdentifierSpec("codice_fiscale", code, definitive_on)


def _group(members: tuple[Member, ...]) -> str:
    sexes = {member.sex for member in members}
    if len(sexes) > 1 or not all(member.is_adult for member in members):
        return "families"
    return "men" if sexes == {"M"} else "women"


def _since(stays: tuple[StaySpec, ...], home_on: date) -> tuple[StaySpec, ...]:
    """The stays of somebody born meanwhile: from the day the child comes home."""
    return tuple(
        replace(stay, entered_on=max(stay.entered_on, home_on))
        for stay in stays
        if stay.left_on is None or stay.left_on > home_on
    )
