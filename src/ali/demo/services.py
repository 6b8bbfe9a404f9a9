"""Fill an empty database with the invented territory, people and homes."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ali.accounts.actors import SYSTEM, Actor, actor_for
from ali.accounts.models import User
from ali.accounts.roles import PREFECTURE_OFFICER
from ali.allocation.models import Round
from ali.allocation.services import rounds
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.demo.centres import invent_centres
from ali.demo.exits import HORIZON_DAYS
from ali.demo.filling.agreements import add_agreements
from ali.demo.filling.bodies import PROVINCE, Bodies, add_bodies
from ali.demo.filling.census import add_census
from ali.demo.filling.committee import hold_committee
from ali.demo.filling.contracts import import_contracts
from ali.demo.filling.hosting import add_centres, add_departures, add_exits, add_stays, reserved_places
from ali.demo.filling.lodging import Tenant, add_homes, holder_of
from ali.demo.filling.parameters import EXIT_DAYS, add_parameters
from ali.demo.filling.persons import Group, People, add_people
from ali.demo.filling.proposals import start_proposals
from ali.demo.filling.rents import add_rents
from ali.demo.filling.tenancies import add_tenancies
from ali.demo.filling.upkeep import add_upkeep
from ali.demo.filling.works import add_works
from ali.demo.history import Departure, invent_departures
from ali.demo.homes import HOLDERS, invent_homes
from ali.demo.population import invent_population
from ali.demo.shapes import LABEL, CentreSpec, Homes, Population
from ali.organisations.services import load_network
from ali.people.hooks import restart_clocks
from ali.people.models import Person
from ali.places.models import Dataset, Municipality
from ali.places.services import load_places
from ali.reception.models import Exit
from ali.reception.services import write_exit_deadlines
from ali.reception.states import ExitState
from ali.rules.services import load_shipped_rules

Tell = Callable[[str], None]
Now = Callable[[], datetime]
DATASET = "demo"
DEFAULT_PEOPLE = 2000
DEFAULT_SEED = 7
PLACES_PER_HUNDRED_PEOPLE = 95  # more people than places
CHUNK = 2000


class AlreadyFilled(Refusal):
    """The database holds people: the demonstration goes into an empty one."""


class AnotherSize(Refusal):
    """The demonstration that is there holds another number of people."""


@dataclass(frozen=True)
class World:
    """Everything invented, before any of it is written."""

    centres: tuple[CentreSpec, ...]
    population: Population
    departures: tuple[Departure, ...]
    homes: Homes

    def busiest_managers(self) -> list[str]:
        """Managers of reception, the one with most people leaving first."""
        manager_of = {centre.key: centre.manager for centre in self.centres}
        leaving = Counter(manager_of[person.stay.centre] for person in self.population.leaving(HORIZON_DAYS))
        return sorted(set(manager_of.values()), key=lambda name: (-leaving[name], name))

    def busiest_holders(self) -> list[str]:
        """Bodies with homes, the one with most free beds first."""
        limit = self.population.today + timedelta(days=HORIZON_DAYS)
        free = Counter(dict.fromkeys(HOLDERS, 0))
        for dwelling in self.homes.dwellings:
            free[holder_of(dwelling)] += dwelling.free_beds(limit)
        return sorted(free, key=lambda name: (-free[name], name))


def invent_world(*, seed: int, people: int, today: date) -> World:
    """Invent that many people in reception, where they live, who left before them, and the homes there are."""
    centres = invent_centres(seed=seed, places=max(8, people * PLACES_PER_HUNDRED_PEOPLE // 100))
    population = invent_population(
        seed=seed, people=people, today=today, centres=centres, exit_days=EXIT_DAYS
    )
    return World(
        centres=centres,
        population=population,
        departures=invent_departures(seed=seed, people=people, today=today, centres=centres),
        homes=invent_homes(seed=seed, today=today, leaving=sum(1 for _ in population.leaving(HORIZON_DAYS))),
    )


def prepare_demo(*, seed: int | None, people: int | None, today: date, now: Now, tell: Tell) -> None:
    """Fill the database the first time; afterwards keep what was done in it. `None` takes what is there, or the usual."""
    stored = Dataset.objects.filter(code=DATASET).first()
    if stored is None:
        seed_demo(seed=seed or DEFAULT_SEED, people=people or DEFAULT_PEOPLE, today=today, now=now, tell=tell)
    elif people is not None and people != stored.rows:
        raise AnotherSize(
            f"La dimostrazione salvata ha {stored.rows} persone: per averne {people} ricomincia da oggi "
            f"con «make demo-reset PEOPLE={people}»."
        )
    else:
        tell(f"Riprendo la dimostrazione salvata ({stored.source}).")
    if not Round.objects.exists():
        tell("Primo giro di abbinamento: la prima volta il motore si prepara per qualche secondo ...")
        solved = run_first_round(today=today, now=now)
        started = start_proposals(solved, actor_of(_officer()), now=now(), today=today)
        tell(f"Proposte avviate, in attesa dell'ente o del nucleo: {len(started)}.")
        if hold_committee(now=now(), today=today):
            tell("Comitato di assegnazione: una seduta con il verbale, una convocata.")


def run_first_round(*, today: date, now: Now) -> Round:
    """Ask for a round and solve it, as the officer of the prefecture would."""
    actor = actor_of(_officer())
    asked = rounds.open_round(actor=actor, province=PROVINCE, window_days=HORIZON_DAYS, today=today)
    return rounds.run_round(actor=actor, round_=asked, now=now)


def _officer() -> User:
    officers = User.objects.filter(is_invented=True, memberships__role=PREFECTURE_OFFICER.code)
    return officers.order_by("pk")[0]


def seed_demo(*, seed: int, people: int, today: date, now: Now, tell: Tell = lambda sentence: None) -> None:
    """Write the demonstration into an empty database: all of it or nothing."""
    load_places()
    load_network()
    load_shipped_rules()
    tell("Comuni, province, Stati, lingue, enti della rete e regole caricati.")
    with atomic():
        _seed(seed, people, today, now, tell)


def _seed(seed: int, people: int, today: date, now: Now, tell: Tell) -> None:
    if Person.objects.exists():
        raise AlreadyFilled(
            "La base dati contiene già persone: i dati di esempio vanno in una base dati vuota."
        )
    world = invent_world(seed=seed, people=people, today=today)
    bodies = add_bodies(managers=world.busiest_managers(), holders=world.busiest_holders(), today=today)
    add_parameters(today)
    run = import_contracts(actor_of(bodies.officer), today=today, now=now())
    tell(f"Contratti letti dai dati aperti dell'ANAC: {run.totals['rows']}.")
    present, gone = _write_people(world, bodies, seed, today)
    tell(f"Persone inventate: {len(present.persons)} in accoglienza, {len(gone.persons)} già uscite.")
    _write_homes(world, bodies, gone)
    tell(f"Alloggi inventati: {len(world.homes.dwellings)}.")
    tell(f"Affitti inventati: {add_tenancies(seed=seed, today=today)}.")
    tell(f"Conti del canone, con un anno di movimenti: {add_rents(seed=seed, today=today)}.")
    tell(f"Accordi con i proprietari: {add_agreements(seed=seed, today=today)}.")
    tell(f"Lavori inventati: {add_works(today)}.")
    tell(f"Case vuote nel censimento: {add_census(seed=seed, today=today, now=now())}.")
    tell(f"Segnalazioni di manutenzione: {add_upkeep(today=today)}.")
    for some in _chunks([person.pk for person in present.persons.values()]):
        restart_clocks(some, today=today)
    moved = Exit.objects.filter(state=ExitState.DONE, residence_declared_on__isnull=True)
    write_exit_deadlines(list(moved.order_by("pk").values_list("person_id", flat=True)), today)
    tell("Mancanze e scadenze calcolate.")
    Dataset.objects.create(
        code=DATASET, source=f"{LABEL}; seme {seed}, giorno {today.isoformat()}", licence="-", rows=people
    )
    audit.record(SYSTEM, "demo_filled", people=people, seed=seed)


def actor_of(user: User) -> Actor:
    """Return an invented user as the actor of the one role they have."""
    actor = actor_for(user)
    if actor is None:
        raise AlreadyFilled(f"{user.email} non ha più un incarico: ricomincia con «make demo-reset».")
    return actor


def _write_people(world: World, bodies: Bodies, seed: int, today: date) -> tuple[People, People]:
    """Write those in reception and those who have left."""
    population = world.population
    hosting = add_centres(
        world.centres,
        bodies=bodies,
        arrivals=population.arrivals,
        reserved=reserved_places(population.persons),
        seed=seed,
        today=today,
    )
    group = Group("present", population.households, population.by_key)
    present = add_people(group, seed=seed, today=today)
    add_stays(group, present, hosting, bodies=bodies, left={}, today=today)
    add_exits(group, present, hosting, bodies=bodies, seed=seed, today=today)
    left = {person.key: departure for departure in world.departures for person in departure.persons}
    past = Group(
        "past",
        [departure.household for departure in world.departures],
        {person.key: person for departure in world.departures for person in departure.persons},
    )
    gone = add_people(past, seed=seed, today=today)
    add_stays(past, gone, hosting, bodies=bodies, left=left, today=today)
    add_departures(left, past, gone, hosting, bodies=bodies, today=today)
    return present, gone


def _write_homes(world: World, bodies: Bodies, gone: People) -> None:
    """Write the homes; those who left for a home of the network live in one."""
    tenants = [
        Tenant(person=gone.persons[person.key].pk, sex=person.sex, since=departure.left_on)
        for departure in world.departures
        for person in departure.persons
        if departure.is_in_network_home and len(departure.persons) == 1
    ]
    names = dict(Municipality.objects.filter(province=PROVINCE).values_list("pk", "name"))
    add_homes(world.homes, bodies=bodies, municipalities=names, tenants=tenants)


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
