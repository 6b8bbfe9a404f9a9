"""What the invented population promises, whatever the seed and the day."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache

import pytest
from codicefiscale import codicefiscale as reference
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.it import codicefiscale

from ali.demo import shapes, tables
from ali.demo.centres import invent_centres
from ali.demo.identifiers import codice_fiscale, homocode, luhn
from ali.demo.population import invent_population
from ali.demo.shapes import PersonSpec, Population

TODAY = date(2026, 11, 23)
SEEDS = (1, 2, 3)


@cache
def population(seed: int = 1, people: int = 2000, today: date = TODAY) -> Population:
    return invent_population(
        seed=seed,
        people=people,
        today=today,
        centres=invent_centres(seed=seed, places=max(4, people * 19 // 20)),
    )


def ordered(*days: date | None) -> bool:
    known = [day for day in days if day is not None]
    return known == sorted(known)


def test_same_seed_and_day_give_the_same_people() -> None:
    centres = invent_centres(seed=7, places=280)

    twice = [invent_population(seed=7, people=300, today=TODAY, centres=centres) for _ in range(2)]

    assert twice[0].persons == twice[1].persons
    assert twice[0].households == twice[1].households
    assert twice[0].arrivals == twice[1].arrivals


def test_another_seed_gives_other_people() -> None:
    assert population(1).persons[0] != population(2).persons[0]


def test_another_day_moves_every_date_with_it() -> None:
    later = population(today=TODAY + timedelta(days=7))

    assert [person.household for person in later.persons] == [
        person.household for person in population().persons
    ]
    assert all(
        person.stay.entered_on + timedelta(days=7) == moved.stay.entered_on
        for person, moved in zip(population().persons, later.persons, strict=True)
    )


@pytest.mark.parametrize("people", [1, 2, 7, 50, 333])
def test_there_are_exactly_as_many_people_as_asked(people: int) -> None:
    assert len(population(people=people).persons) == people


def test_everyone_is_labelled_invented() -> None:
    assert population().label == "Dati di esempio: persone inventate"
    assert all(person.is_invented for person in population().persons)


def test_real_managers_host_nobody() -> None:
    centre = invent_centres(seed=1, places=10)[0]
    real = shapes.CentreSpec(
        **{name: getattr(centre, name) for name in centre.__dataclass_fields__ if name != "is_invented"},
        is_invented=False,
    )

    with pytest.raises(ValueError, match="invented centres"):
        invent_population(seed=1, people=5, today=TODAY, centres=[real])


def test_every_invented_manager_says_example() -> None:
    assert all("Esempio" in centre.manager for centre in invent_centres(seed=1, places=500))


@pytest.mark.parametrize("seed", SEEDS)
def test_citizenships_follow_the_applications_in_italy(seed: int) -> None:
    counts = Counter(person.citizenships[0] for person in population(seed).persons)
    total = sum(country.weight for country in tables.countries().values())

    for iso3 in ("BGD", "PAK", "EGY", "TUN", "NGA"):
        share = tables.countries()[iso3].weight / total
        assert counts[iso3] / 2000 == pytest.approx(share, abs=0.03)
    assert len(counts) >= 30


@pytest.mark.parametrize("seed", SEEDS)
def test_most_people_are_young_men_alone(seed: int) -> None:
    people = population(seed)
    adults = [person for person in people.persons if person.is_adult]
    young_men = [person for person in adults if person.sex == "M" and person.age_on(TODAY) < 36]
    kinds = Counter(household.kind for household in people.households)

    assert len(young_men) / len(adults) > 0.6
    assert 0.76 <= kinds["single"] / len(people.households) <= 0.87
    assert set(kinds) == set(shapes.HOUSEHOLD_KINDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_in_nine_leaves_within_ninety_days_and_few_have_a_date(seed: int) -> None:
    people = population(seed)
    leaving = list(people.leaving())
    states = Counter(person.exit.state for person in leaving if person.exit)

    assert 0.08 <= len(leaving) / 2000 <= 0.14
    assert states["expected"] + states["proposed"] > sum(states[state] for state in shapes.DATED_EXIT_STATES)
    assert {*shapes.EXIT_STATES} == {*states, "suspended"}
    assert any(person.exit and person.exit.state == "suspended" for person in people.persons)


@pytest.mark.parametrize("seed", SEEDS)
def test_those_who_leave_mostly_have_no_solution_yet(seed: int) -> None:
    kinds = Counter(person.exit.solution.kind for person in population(seed).leaving() if person.exit)

    assert kinds["none"] > 0.35 * kinds.total()
    assert {"sai_asked", "found_alone", "relatives", "employer_lodging"} <= set(kinds)


@pytest.mark.parametrize("seed", SEEDS)
def test_words_come_from_the_closed_lists(seed: int) -> None:
    for person in population(seed).persons:
        assert person.procedure.state in shapes.PROCEDURE_STATES
        assert person.procedure.outcome in shapes.OUTCOMES
        assert person.education in shapes.EDUCATION_LEVELS
        assert person.job.contract in shapes.CONTRACTS
        assert person.relation in shapes.RELATIONS
        assert person.birth_precision in shapes.BIRTH_PRECISIONS
        assert {name.kind for name in person.names} <= set(shapes.NAME_KINDS)
        assert {found.kind for found in person.identifiers} <= set(shapes.IDENTIFIER_KINDS)
        assert {need.kind for need in person.needs} <= set(shapes.NEED_KINDS)
        assert set(person.gaps) <= set(shapes.GAPS)
        assert {language.level for language in person.languages} <= set(shapes.LANGUAGE_LEVELS)
        assert all(permit.kind in shapes.PERMIT_TYPES for permit in person.permits)
        assert all(permit.state in shapes.PERMIT_STATES for permit in person.permits)
        if person.exit:
            assert person.exit.state in shapes.EXIT_STATES
            assert person.exit.cause in shapes.EXIT_CAUSES
            assert person.exit.awaited_event in shapes.EXIT_EVENTS
            assert person.exit.origin_event in shapes.EXIT_EVENTS
            assert person.exit.solution.kind in shapes.SOLUTIONS


def check_dates(person: PersonSpec, today: date) -> None:
    procedure = person.procedure
    assert person.born_on < person.stays[0].entered_on <= today
    assert person.is_adult == (person.age_on(today) >= 18)
    assert procedure.expressed_on is not None
    assert procedure.expressed_on <= today
    assert person.born_on < procedure.expressed_on <= person.stays[0].entered_on
    assert ordered(
        procedure.expressed_on,
        procedure.formalised_on,
        procedure.hearing_on,
        procedure.decided_on,
        procedure.notified_on,
        procedure.appealed_on,
        procedure.court_decided_on,
    )
    for day in (
        procedure.formalised_on,
        procedure.decided_on,
        procedure.notified_on,
        procedure.appealed_on,
        procedure.court_decided_on,
    ):
        assert day is None or day <= today
    if procedure.appealed_on:
        assert procedure.appeal_deadline_on is not None
        assert procedure.appealed_on <= procedure.appeal_deadline_on


def check_permits(person: PersonSpec, today: date) -> None:
    for permit in person.permits:
        chain = (
            permit.requested_on,
            permit.fingerprints_on,
            permit.printing_on,
            permit.ready_on,
            permit.delivered_on,
        )
        assert ordered(*chain)
        assert all(day is None or day <= today for day in chain)
        assert ordered(permit.requested_on, permit.appointment_on)
        assert ordered(permit.issued_on, permit.expires_on)
    if person.permits and person.permits[-1].kind not in {"RA", "PT"}:
        protected_on = person.procedure.court_decided_on or person.procedure.notified_on
        assert protected_on is not None
        assert protected_on <= person.permits[-1].requested_on


def check_exit(person: PersonSpec, today: date) -> None:
    leaving = person.exit
    if leaving is None:
        return
    assert ordered(leaving.origin_on, leaving.communicated_on, leaving.decreed_on, leaving.notified_on)
    for day in (
        leaving.origin_on,
        leaving.proposed_on,
        leaving.communicated_on,
        leaving.decreed_on,
        leaving.notified_on,
    ):
        assert day is None or day <= today
    assert bool(leaving.decree_number) == (leaving.decreed_on is not None)
    assert leaving.awaited_on is None or leaving.awaited_on >= today
    if leaving.state == "stayed_beyond":
        assert leaving.due_on is not None
        assert leaving.nights_beyond == (today - leaving.due_on).days > 0
    elif leaving.state == "suspended":
        assert leaving.due_on is None
        assert leaving.suspension is not None
    elif leaving.due_on is not None:
        assert leaving.due_on >= today
    if leaving.origin_event == "permit_delivered":
        assert person.permit is not None
        assert person.permit.delivered_on == leaving.origin_on
    if leaving.extension:
        assert ordered(
            leaving.notified_on, leaving.extension.asked_on, leaving.extension.answered_on or today, today
        )
    if leaving.state == "extended":
        assert leaving.original_on is not None
        assert leaving.extension is not None
        assert leaving.due_on == leaving.original_on + timedelta(days=leaving.extension.days)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_date_is_impossible(seed: int) -> None:
    for person in population(seed).persons:
        check_dates(person, TODAY)
        check_permits(person, TODAY)
        check_exit(person, TODAY)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.dates(date(2024, 1, 1), date(2031, 12, 31)), st.integers(1, 60))
def test_no_date_is_impossible_on_any_day(seed: int, today: date, exit_days: int) -> None:
    centres = invent_centres(seed=seed, places=150)

    people = invent_population(seed=seed, people=160, today=today, centres=centres, exit_days=exit_days)

    for person in people.persons:
        check_dates(person, today)
        check_permits(person, today)
        check_exit(person, today)


def test_stays_follow_each_other_and_end_in_a_known_centre() -> None:
    centres = {centre.key for centre in invent_centres(seed=1, places=1900)}

    for person in population().persons:
        assert {stay.centre for stay in person.stays} <= centres
        assert person.stay.left_on is None
        for before, after in zip(person.stays, person.stays[1:], strict=False):
            assert before.left_on == after.entered_on > before.entered_on


def test_flats_are_never_overfull_and_some_collective_centres_are() -> None:
    centres = invent_centres(seed=1, places=1900)
    guests = Counter(person.stay.centre for person in population().persons)

    assert all(guests[centre.key] <= centre.places for centre in centres if centre.kind == "UA")
    assert any(guests[centre.key] > centre.places for centre in centres if centre.kind == "CC")
    assert any(guests[centre.key] < centre.places for centre in centres)


def test_members_of_a_household_share_centre_and_exit_day() -> None:
    people = population()

    for household in people.households:
        members = [people.by_key[key] for key in household.members]
        assert len({member.stay.centre for member in members}) == 1
        assert len({member.exit.due_on if member.exit else None for member in members}) == 1
        assert {member.household for member in members} == {household.key}


def test_parents_are_old_enough() -> None:
    people = population()

    for household in people.households:
        members = [people.by_key[key] for key in household.members]
        head = members[0]
        for child in (member for member in members if member.relation in {"child", "adult_child"}):
            assert (child.born_on - head.born_on).days > 16 * 365


def test_some_children_are_born_in_reception_and_some_women_expect_one() -> None:
    persons = population().persons
    babies = [one for one in persons if one.age_on(TODAY) == 0]
    born_here = [one for one in persons if one.birth_country == "ITA"]

    assert len(babies) > 15
    assert born_here
    assert all(one.birth_place == "Padova" and not one.is_adult for one in born_here)
    assert all(one.stays[0].entered_on > one.born_on for one in born_here)
    assert any(need.kind == "pregnancy" for one in persons for need in one.needs)


def test_children_neither_work_nor_miss_an_income() -> None:
    for child in (person for person in population().persons if not person.is_adult):
        assert child.net_income_cents == 0
        assert not {"income", "network"} & set(child.gaps)


@pytest.mark.parametrize("seed", SEEDS)
def test_money_stays_within_what_is_lived(seed: int) -> None:
    for person in population(seed).persons:
        assert 0 <= person.net_income_cents <= 160_000
        assert 0 <= person.money.savings_cents <= 300_000
        if person.job.contract == "none":
            assert person.job.net_monthly_cents == 0
        else:
            assert person.job.starts_on is not None
            assert person.job.starts_on < TODAY
            assert person.job.ends_on is None or person.job.ends_on > TODAY


def test_every_identifier_has_its_check_digit_and_is_given_once() -> None:
    values = [(found.kind, found.value) for person in population().persons for found in person.identifiers]

    assert max(Counter(values).values()) == 1
    for kind, value in values:
        if kind in {"codice_fiscale", "codice_fiscale_provisional"}:
            assert codicefiscale.is_valid(value)
            assert len(value) == (16 if kind == "codice_fiscale" else 11)


def test_codes_agree_with_the_person_and_follow_in_time() -> None:
    both = 0
    for person in population().persons:
        codes = {found.kind: found for found in person.identifiers}
        definitive = codes.get("codice_fiscale")
        provisional = codes.get("codice_fiscale_provisional")
        if definitive:
            assert codicefiscale.get_gender(definitive.value) == person.sex_on_papers
            assert (
                definitive.value[6:8].translate(str.maketrans("LMNPQRSTUV", "0123456789"))
                == f"{person.born_on:%y}"
            )
        if definitive and provisional:
            both += 1
            assert provisional.valid_from < definitive.valid_from == provisional.valid_to
    assert both > 300


def test_codice_fiscale_agrees_with_an_independent_implementation() -> None:
    for family, given_name in (("Traoré", "Bakary"), ("Fo", "Li"), ("N'Guessan", "Aya"), ("Encü", "Şilan")):
        ours = codice_fiscale(
            family=family, given=given_name, sex="F", born_on=date(1999, 1, 1), birthplace="Z330"
        )

        theirs = reference.encode(
            lastname=family, firstname=given_name, gender="F", birthdate="01/01/1999", birthplace="Z330"
        )
        assert ours == theirs


def test_namesakes_get_letters_in_place_of_digits() -> None:
    code = codice_fiscale(family="Rossi", given="Mario", sex="M", born_on=date(1980, 1, 1), birthplace="H501")

    other = homocode(code, 1)

    assert code == "RSSMRA80A01H501U"
    assert other != code
    assert codicefiscale.is_valid(other)


def test_provisional_check_digit_follows_the_agency() -> None:
    assert luhn("0074311015") == "7"


def test_some_names_have_one_part_or_other_spellings() -> None:
    persons = population().persons

    assert any(not person.name.given for person in persons)
    assert 0.1 < sum(len(person.names) > 1 for person in persons) / len(persons) < 0.35
    assert all(person.name.family for person in persons)


def test_names_follow_the_customs_of_the_country() -> None:
    by_country: dict[str, list[PersonSpec]] = defaultdict(list)
    for person in population(people=6000).persons:
        by_country[person.citizenships[0]].append(person)

    assert all(" " in person.name.family for person in by_country["COL"])
    assert all(" " in person.name.family for person in by_country["SOM"])
    assert all(person.name.given != person.name.family for person in by_country["ERI"])
    assert not any(person.sex == "F" and person.name.family.endswith("skyi") for person in by_country["UKR"])


def test_children_carry_the_fathers_line() -> None:
    people = population(people=6000)
    for household in people.households:
        members = [people.by_key[key] for key in household.members]
        if household.kind == "couple_with_children" and members[0].citizenships[0] == "PER":
            father, mother, *children = members
            expected = f"{father.name.family.split()[0]} {mother.name.family.split()[0]}"
            assert {child.name.family for child in children} == {expected}


def test_uncertain_births_fall_on_the_first_of_january() -> None:
    precisions = Counter(person.birth_precision for person in population().persons)

    assert precisions["year"] > 50
    assert precisions["estimated"] > 50
    assert all(
        (person.born_on.month, person.born_on.day) == (1, 1)
        for person in population().persons
        if person.birth_precision != "day"
    )


def test_languages_have_a_mother_tongue_and_an_italian_level() -> None:
    for person in population().persons:
        codes = [language.code for language in person.languages]
        assert sum(language.is_mother_tongue for language in person.languages) == 1
        assert codes.count("ita") == 1
        assert len(codes) == len(set(codes))


def test_a_few_people_are_reserved_or_have_other_papers() -> None:
    persons = population(people=6000).persons

    assert 0 < sum(person.is_reserved for person in persons) < 120
    assert 0 < sum(person.sex != person.sex_on_papers for person in persons) < 60


def test_some_vulnerable_households_still_wait_for_the_comune_to_be_told() -> None:
    minors = [person for person in population().leaving() if not person.is_adult]

    assert {person.municipality_told_on is None for person in minors} == {True, False}


def test_announced_arrivals_lie_ahead() -> None:
    assert population().arrivals
    assert all(arrival.arrives_on > TODAY for arrival in population().arrivals)
    assert sum(arrival.persons for arrival in population().arrivals) == 5 * 16


def test_an_absurd_clock_is_refused() -> None:
    with pytest.raises(ValueError, match="exit_days"):
        invent_population(
            seed=1, people=5, today=TODAY, centres=invent_centres(seed=1, places=9), exit_days=90
        )
