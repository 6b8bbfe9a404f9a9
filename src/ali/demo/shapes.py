"""What the invented world is made of: plain frozen records that know nothing of the database.

Amounts are euro cents, municipalities ISTAT codes, states ISO 3166 alpha-3, languages ISO 639-3.
Every date that lies after the day the world was invented for is a plan, and its field says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

LABEL = "Dati di esempio: persone inventate"

NAME_KINDS = ("main", "transliteration", "swapped", "shortened")
BIRTH_PRECISIONS = ("day", "year", "estimated")
EDUCATION_LEVELS = ("none", "primary", "secondary", "tertiary")
LANGUAGE_LEVELS = ("A0", "A1", "A2", "B1", "B2", "C2")
IDENTIFIER_KINDS = ("codice_fiscale", "codice_fiscale_provisional", "cui", "vestanet", "sga")
NEED_KINDS = (
    "pregnancy",
    "ground_floor",
    "step_free",
    "near_health_service",
    "private_room",
    "protected_address",
)
HOUSEHOLD_KINDS = (
    "single",
    "couple",
    "couple_with_children",
    "single_mother",
    "single_father",
    "siblings",
    "friends",
    "parent_and_adult_child",
)
RELATIONS = ("head", "spouse", "child", "sibling", "friend", "adult_child")
# domain.md 1.3, in order. "none" is for temporary protection, which has no asylum procedure.
PROCEDURE_STATES = (
    "none",
    "expressed",
    "formalised",
    "dublin",
    "awaiting_hearing",
    "heard",
    "decided",
    "notified",
    "appealed",
    "court_decided",
    "permit_requested",
    "permit_issued",
)
OUTCOMES = ("", "RIF", "SUSS", "SPEC", "DIN")
PERMIT_TYPES = ("RA", "AS", "PS", "PSP18", "PSP20", "PSP23", "PT")
PERMIT_STATES = (
    "requested",
    "appointment",
    "fingerprints",
    "printing",
    "ready",
    "delivered",
    "renewing",
    "expired",
    "replaced",
)
EXIT_STATES = (
    "expected",
    "proposed",
    "communicated",
    "decreed",
    "notified",
    "extended",
    "suspended",
    "stayed_beyond",
)
DATED_EXIT_STATES = ("communicated", "decreed", "notified", "extended", "stayed_beyond")
EXIT_CAUSES = ("recognised", "other_permit", "denied", "voluntary")
EXIT_EVENTS = ("", "decision_notified", "permit_delivered", "appeal_deadline", "court_decision", "decree")
SOLUTIONS = (
    "none",
    "sai_asked",
    "sai_offered",
    "sai_refused",
    "found_alone",
    "relatives",
    "network_home",
    "employer_lodging",
    "shelter",
    "other_province",
)
CONTRACTS = ("none", "traineeship", "seasonal", "fixed_term", "permanent")
GAPS = ("papers", "income", "home", "language", "network")
CENTRE_KINDS = ("CC", "UA")
DWELLING_MODES = ("whole", "men", "women", "open")
DWELLING_STATES = ("found", "works", "free", "partly_occupied", "occupied")
ACCESSIBILITY = ("accessible", "visitable", "adaptable", "none")
GUEST_RULES = ("men", "women", "families", "mixed")


@dataclass(frozen=True, slots=True)
class Municipality:
    istat: str
    name: str
    province: str
    cadastral_code: str
    population: int
    cap: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class CentreSpec:
    """A reception centre. `is_invented` is false for what an imported contract describes."""

    key: str
    name: str
    kind: str
    manager: str
    municipality: str
    municipality_name: str
    province: str
    address: str
    places: int
    lat: float
    lon: float
    guests: str = "mixed"
    is_invented: bool = True


@dataclass(frozen=True, slots=True)
class ArrivalSpec:
    """People announced for a centre who are not there yet."""

    centre: str
    arrives_on: date
    persons: int
    note: str


@dataclass(frozen=True, slots=True)
class NameSpec:
    """A missing first name is an empty `given`: some people have one name only."""

    given: str
    family: str
    kind: str = "main"

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class LanguageSpec:
    code: str
    level: str
    is_mother_tongue: bool = False


@dataclass(frozen=True, slots=True)
class IdentifierSpec:
    kind: str
    value: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class NeedSpec:
    """An operational need (what the home must offer), never a diagnosis."""

    kind: str
    since: date
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProcedureSpec:
    """One person's asylum procedure. Only `hearing_on` may lie ahead, when it is booked."""

    state: str
    regime: str
    expressed_on: date | None = None
    formalised_on: date | None = None
    hearing_on: date | None = None
    decided_on: date | None = None
    outcome: str = ""
    decision_number: str = ""
    notified_on: date | None = None
    notified_language: str = ""
    notified_with_mediator: bool = False
    appeal_deadline_on: date | None = None
    appealed_on: date | None = None
    is_suspensive: bool | None = None
    court_decided_on: date | None = None
    court_outcome: str = ""
    protection_from: str = ""


@dataclass(frozen=True, slots=True)
class PermitSpec:
    """A permit to stay. Only `appointment_on` (booked) and `expires_on` may lie ahead."""

    kind: str
    regime: str
    state: str
    office: str
    requested_on: date
    receipt_number: str
    number: str = ""
    appointment_on: date | None = None
    fingerprints_on: date | None = None
    printing_on: date | None = None
    ready_on: date | None = None
    delivered_on: date | None = None
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class StaySpec:
    centre: str
    entered_on: date
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class ResidenceSpec:
    """`kind`: collective (convivenza), individual or none."""

    kind: str
    municipality: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class ExtensionSpec:
    """`answer`: granted, refused or pending."""

    asked_by: str
    asked_on: date
    days: int
    reason: str
    answer: str
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class SuspensionSpec:
    court: str
    number: str
    suspended_on: date


@dataclass(frozen=True, slots=True)
class SolutionSpec:
    kind: str
    decided_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExitSpec:
    """One person's way out of reception.

    `due_on` is the day to show: the date given for dated exits, the forecast for expected ones.
    `awaited_event` has not happened yet and `awaited_on` is its forecast; `origin_event` has happened.
    A suspended exit keeps `original_on` and has no `due_on`.
    """

    state: str
    cause: str
    solution: SolutionSpec
    due_on: date | None = None
    original_on: date | None = None
    reason: str = ""
    awaited_event: str = ""
    awaited_on: date | None = None
    origin_event: str = ""
    origin_on: date | None = None
    proposed_on: date | None = None
    communicated_on: date | None = None
    decree_number: str = ""
    decree_protocol: str = ""
    decreed_on: date | None = None
    notified_on: date | None = None
    notified_language: str = ""
    notified_with_mediator: bool = False
    has_signed: bool | None = None
    extension: ExtensionSpec | None = None
    suspension: SuspensionSpec | None = None
    nights_beyond: int = 0
    nights_paid_by: str = ""

    @property
    def is_dated(self) -> bool:
        return self.state in DATED_EXIT_STATES


@dataclass(frozen=True, slots=True)
class JobSpec:
    """`net_monthly_cents` is what comes in from this contract in a usual month."""

    contract: str = "none"
    employer: str = ""
    sector: str = ""
    municipality: str = ""
    weekly_hours: int = 0
    net_monthly_cents: int = 0
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class MoneySpec:
    """`other_income_cents` is a month of odd jobs or family help, not to be counted as stable."""

    other_income_cents: int = 0
    savings_cents: int = 0
    debts_cents: int = 0
    remittances_monthly_cents: int = 0
    isee_cents: int | None = None
    isee_expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """Nobody: a person put together by chance. `sex_on_papers` may differ from `sex`: ask, do not reject."""

    key: str
    household: str
    relation: str
    names: tuple[NameSpec, ...]
    sex: str
    sex_on_papers: str
    born_on: date
    birth_precision: str
    birth_country: str
    birth_place: str
    citizenships: tuple[str, ...]
    education: str
    languages: tuple[LanguageSpec, ...]
    identifiers: tuple[IdentifierSpec, ...]
    procedure: ProcedureSpec
    permits: tuple[PermitSpec, ...]
    stays: tuple[StaySpec, ...]
    residence: ResidenceSpec
    exit: ExitSpec | None
    job: JobSpec
    money: MoneySpec
    needs: tuple[NeedSpec, ...]
    ties: int
    gaps: tuple[str, ...]
    competent_municipality: str
    municipality_told_on: date | None
    is_reserved: bool
    is_adult: bool
    is_invented: bool = True

    @property
    def name(self) -> NameSpec:
        return self.names[0]

    @property
    def stay(self) -> StaySpec:
        return self.stays[-1]

    @property
    def permit(self) -> PermitSpec | None:
        return self.permits[-1] if self.permits else None

    @property
    def net_income_cents(self) -> int:
        return self.job.net_monthly_cents + self.money.other_income_cents

    @property
    def italian(self) -> str:
        return next((language.level for language in self.languages if language.code == "ita"), "A0")

    def age_on(self, day: date) -> int:
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


@dataclass(frozen=True, slots=True)
class HouseholdSpec:
    """`is_by_wish`: adults who are not a family in law and ask to live together."""

    key: str
    kind: str
    members: tuple[str, ...]
    is_by_wish: bool
    preferred_municipalities: tuple[str, ...]


@dataclass(frozen=True)
class Population:
    seed: int
    today: date
    persons: tuple[PersonSpec, ...]
    households: tuple[HouseholdSpec, ...]
    arrivals: tuple[ArrivalSpec, ...]
    label: str = LABEL

    @cached_property
    def by_key(self) -> dict[str, PersonSpec]:
        return {person.key: person for person in self.persons}

    def leaving(self, days: int = 90) -> Iterator[PersonSpec]:
        """Who should be out by then, those already beyond their date included."""
        limit = self.today + timedelta(days=days)
        for person in self.persons:
            if person.exit is not None and person.exit.due_on is not None and person.exit.due_on <= limit:
                yield person


@dataclass(frozen=True, slots=True)
class OccupantSpec:
    """Who sleeps in a bed today, without a name. `group`: man, woman or child."""

    group: str
    since: date
    leaves_on: date | None = None


@dataclass(frozen=True, slots=True)
class BedSpec:
    """`free_on` is empty while nobody is expected to leave; `free_certainty`: sure or expected."""

    key: str
    occupant: OccupantSpec | None
    free_on: date | None
    free_certainty: str = ""


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """`kind`: bedroom, living, kitchen, bathroom, corridor or studio. Areas in m2, heights in metres."""

    key: str
    kind: str
    area_m2: float
    height_m: float
    window_m2: float
    beds: tuple[BedSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class DwellingSpec:
    """`mode`: whole, men, women or open. `rent_cents` is a month, per dwelling or per bed (`rent_per`)."""

    key: str
    unit: str
    floor: int
    mode: str
    state: str
    holder: str
    rooms: tuple[RoomSpec, ...]
    net_area_m2: float
    is_studio: bool
    bathrooms: int
    accessibility: str
    heating: str
    energy_class: str
    contract: str
    rent_cents: int
    rent_per: str
    condominium_cents: int
    utilities_cents: int
    deposit_months: int
    entry_other_cents: int
    works_end_on: date | None = None
    is_market: bool = False
    is_matchable: bool = True

    @property
    def beds(self) -> tuple[BedSpec, ...]:
        return tuple(bed for room in self.rooms for bed in room.beds)

    @property
    def bedroom_areas_m2(self) -> tuple[float, ...]:
        return tuple(room.area_m2 for room in self.rooms if room.kind in {"bedroom", "studio"})

    def free_beds(self, by: date) -> int:
        """Beds that someone may enter by that day."""
        if not self.is_matchable:
            return 0
        return sum(1 for bed in self.beds if bed.free_on is not None and bed.free_on <= by)


@dataclass(frozen=True, slots=True)
class BuildingSpec:
    """`origin`: agency, private, municipal, parish or confiscated; the last may wait for `assigned_on`."""

    key: str
    name: str
    origin: str
    owner: str
    address: str
    municipality: str
    municipality_name: str
    cap: str
    lat: float
    lon: float
    built: str
    floors: int
    has_lift: bool
    dwellings: tuple[DwellingSpec, ...]
    transferred_on: date | None = None
    assigned_on: date | None = None
    is_invented: bool = True


@dataclass(frozen=True, slots=True)
class Homes:
    seed: int
    today: date
    buildings: tuple[BuildingSpec, ...]
    label: str = LABEL

    @property
    def dwellings(self) -> tuple[DwellingSpec, ...]:
        return tuple(dwelling for building in self.buildings for dwelling in building.dwellings)

    def free_beds(self, days: int = 90) -> int:
        limit = self.today + timedelta(days=days)
        return sum(dwelling.free_beds(limit) for dwelling in self.dwellings)
