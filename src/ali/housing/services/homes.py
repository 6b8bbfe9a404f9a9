"""Adding and changing homes: a building, a dwelling in it, its rooms and beds, and the steps from found to given back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing import permissions
from ali.housing.models import Bed, Building, Dwelling, Occupancy, Room
from ali.housing.queries import ongoing, step_facts
from ali.housing.services.beds import lock_beds, refresh_and_tell, refresh_dwelling
from ali.housing.states import (
    DWELLING_TRANSITIONS,
    NOT_ASSIGNED,
    VERBS_WITH_REASON,
    Access,
    Channel,
    DwellingState,
    Mode,
    step_decision,
)
from ali.organisations.models import Organisation

# States a home may be added in: the others come from what happens there.
FIRST_STATES = (
    DwellingState.FOUND,
    DwellingState.VISITED,
    DwellingState.AGREED,
    DwellingState.WORKS,
    DwellingState.FREE,
)


class ImpossibleHome(Refusal):
    """Measures, costs or dates that cannot be."""


class BedInUse(Refusal):
    """A bed or a room with somebody in it, or kept for a proposal, cannot be removed."""


class StepNotPossible(Refusal):
    """The step cannot happen now."""


@dataclass(frozen=True)
class BuildingFacts:
    """Where a building is, and the Comune's procedure when it was confiscated."""

    municipality_id: str
    address: str
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    has_lift: bool = False
    is_confiscated: bool = False
    transferred_to_municipality_on: date | None = None
    assigned_on: date | None = None

    def check(self, today: date) -> None:
        """Raise `ImpossibleHome` when the procedure's days cannot be."""
        transferred, assigned = self.transferred_to_municipality_on, self.assigned_on
        if any(day and day > today for day in (transferred, assigned)):
            raise ImpossibleHome(_("Il trasferimento e l'assegnazione si scrivono quando sono avvenuti."))
        if assigned and (not transferred or assigned < transferred):
            raise ImpossibleHome(
                _("Un immobile confiscato si assegna dopo che il Comune l'ha ricevuto: controlla le date.")
            )


@dataclass(frozen=True)
class DwellingFacts:
    """A dwelling: use, measures, limits, when it is ready, costs in cents a month, whom to call."""

    net_area_m2: Decimal
    rent_cents: int
    label: str = ""
    channel: str = Channel.AGENCY
    mode: str = Mode.WHOLE
    is_studio: bool = False
    floor: int = 0
    access: str = Access.NONE
    max_people: int | None = None
    max_people_source: str = ""
    available_on: date | None = None
    is_available_sure: bool = True
    condominium_cents: int = 0
    utilities_cents: int = 0
    deposit_months: int = 2
    other_entry_cents: int = 0
    contact_name: str = ""
    contact_phone: str = ""
    minutes_to_station: int | None = None

    def check(self) -> None:
        """Raise `ImpossibleHome` when measures or costs cannot be."""
        if self.net_area_m2 <= 0:
            raise ImpossibleHome(_("La superficie deve essere più di zero metri quadrati."))
        if min(self.rent_cents, self.condominium_cents, self.utilities_cents, self.other_entry_cents) < 0:
            raise ImpossibleHome(_("Canone e spese non possono essere negativi."))
        if self.max_people is not None and not self.max_people_source.strip():
            raise ImpossibleHome(
                _(
                    "Scrivi quale atto o contratto fissa il massimo di persone: chi legge deve poterlo trovare."
                )
            )


@dataclass(frozen=True)
class RoomFacts:
    """A room and how many beds it has. `id` of an existing room of the dwelling, None for a new one."""

    kind: str
    area_m2: Decimal
    beds: int = 0
    label: str = ""
    height_m: Decimal | None = None
    window_m2: Decimal | None = None
    id: int | None = None

    def check(self) -> None:
        """Raise `ImpossibleHome` when the room cannot be."""
        if self.area_m2 <= 0:
            raise ImpossibleHome(_("Ogni stanza ha una superficie maggiore di zero."))
        if not 0 <= self.beds <= 20:
            raise ImpossibleHome(_("In una stanza ci possono essere da 0 a 20 letti."))


@atomic
def add_home(
    *,
    actor: Actor,
    building: Building | BuildingFacts,
    dwelling: DwellingFacts,
    rooms: Sequence[RoomFacts],
    state: DwellingState,
    today: date,
) -> Dwelling:
    """Add a dwelling of the actor's body, in a known building or in a new one, with its rooms and beds."""
    permissions.may_add_home(actor).or_refuse()
    dwelling.check()
    if state not in FIRST_STATES:
        raise ImpossibleHome(_("Una casa nuova è trovata, visitata, in accordo, in lavori o libera."))
    place = building if isinstance(building, Building) else _add_building(building, today)
    if state == DwellingState.FREE and place.awaits_assignment:
        raise ImpossibleHome(NOT_ASSIGNED)
    body = Organisation.objects.get(pk=actor.organisation_id or 0)
    made = Dwelling(building=place, manager=body, state=state, **asdict(dwelling))
    if state == DwellingState.FREE and made.available_on is None:
        made.available_on = today
    made.save()
    _write_rooms(made, rooms, today)
    if state == DwellingState.FREE and not Bed.objects.filter(room__dwelling=made).exists():
        raise ImpossibleHome(
            _("Una casa libera ha almeno un letto: scrivi quanti ce ne sono in ogni stanza.")
        )
    audit.record(actor, "home_added", made, state=state)
    return made


def _add_building(facts: BuildingFacts, today: date) -> Building:
    facts.check(today)
    return Building.objects.create(**asdict(facts))


@atomic
def change_home(
    *,
    actor: Actor,
    home: Dwelling,
    building: BuildingFacts,
    dwelling: DwellingFacts,
    expected_version: int,
    expected_building_version: int,
    today: date,
) -> Dwelling:
    """Change a dwelling and its building; the beds' dates follow the day the home is ready."""
    permissions.may_edit_home(actor, home).or_refuse()
    dwelling.check()
    building.check(today)
    place = home.building
    if {name: getattr(place, name) for name in asdict(building)} != asdict(building):
        for name, value in asdict(building).items():
            setattr(place, name, value)
        place.save_if_unchanged(expected_building_version)
        audit.record(actor, "building_changed", place)
    for name, value in asdict(dwelling).items():
        setattr(home, name, value)
    home.save_if_unchanged(expected_version)
    refresh_and_tell(home, today)
    audit.record(actor, "home_changed", home)
    return home


@atomic
def set_rooms(
    *, actor: Actor, home: Dwelling, rooms: Sequence[RoomFacts], expected_version: int, today: date
) -> Dwelling:
    """Write the rooms of a dwelling as they are now, with how many beds each has; what is left out is removed.

    A bed with somebody in it, or kept for a proposal, cannot go; one with a history stays as no longer in use.
    """
    permissions.may_edit_home(actor, home).or_refuse()
    home.save_if_unchanged(expected_version)
    _write_rooms(home, rooms, today)
    audit.record(actor, "rooms_changed", home, rooms=len(rooms), beds=sum(room.beds for room in rooms))
    return home


def _write_rooms(home: Dwelling, rooms: Sequence[RoomFacts], today: date) -> None:
    for facts in rooms:
        facts.check()
    beds = lock_beds([home.pk])[home.pk]
    existing = {room.pk: room for room in Room.objects.filter(dwelling=home, closed_on__isnull=True)}
    if any(facts.id is not None and facts.id not in existing for facts in rooms):
        raise ImpossibleHome(_("Una delle stanze non è più di questa casa: ricarica la pagina."))
    kept = {facts.id for facts in rooms}
    for pk, room in existing.items():
        if pk not in kept:
            _remove_beds([bed for bed in beds if bed.room_id == pk], today)
            _remove_room(room, today)
    numbers = count(1 + Bed.objects.filter(room__dwelling=home).count())
    for facts in rooms:
        room = _write_room(home, facts)
        mine = [bed for bed in beds if bed.room_id == room.pk]
        _remove_beds(_to_remove(mine, len(mine) - facts.beds, today), today)
        for _more in range(facts.beds - len(mine)):
            Bed.objects.create(room=room, label=_("Letto %(number)s") % {"number": next(numbers)})
    refresh_dwelling(home)


def _write_room(home: Dwelling, facts: RoomFacts) -> Room:
    values = {name: value for name, value in asdict(facts).items() if name not in {"id", "beds"}}
    room, _made = Room.objects.update_or_create(pk=facts.id, dwelling=home, defaults=values)
    return room


def _to_remove(beds: Sequence[Bed], how_many: int, today: date) -> list[Bed]:
    """Choose the beds to take away: empty ones, the newest first."""
    if how_many <= 0:
        return []
    slept_in = set(Occupancy.objects.filter(ongoing(today), bed__in=beds).values_list("bed_id", flat=True))
    newest = sorted(beds, key=lambda bed: (bed.is_held or bed.pk in slept_in, -bed.pk))
    return newest[:how_many]


def _remove_beds(beds: Sequence[Bed], today: date) -> None:
    slept_in = Occupancy.objects.filter(ongoing(today), bed__in=beds).exists()
    if slept_in or any(bed.is_held for bed in beds):
        raise BedInUse(
            _("Un letto con qualcuno, o tenuto per una proposta, non si può togliere: prima deve liberarsi.")
        )
    for bed in beds:
        try:
            with atomic():
                bed.delete()
        except ProtectedError:
            bed.closed_on = today
            bed.save(update_fields=["closed_on"])


def _remove_room(room: Room, today: date) -> None:
    """Delete a room; one whose beds have a history stays as no longer in use."""
    if Bed.objects.filter(room=room).exists():
        room.closed_on = today
        room.save(update_fields=["closed_on"])
    else:
        room.delete()


@atomic
def rename_bed(*, actor: Actor, bed: Bed, label: str, expected_version: int) -> Bed:
    """Give a bed the name that people use."""
    permissions.may_edit_home(actor, bed.room.dwelling).or_refuse()
    if not label.strip():
        raise ImpossibleHome(_("Scrivi come si chiama il posto letto."))
    bed.label = label.strip()
    bed.save_if_unchanged(expected_version, fields=["label"])
    audit.record(actor, "bed_renamed", bed.room.dwelling, bed=str(bed.public_id))
    return bed


@atomic
def take_step(
    *,
    actor: Actor,
    home: Dwelling,
    verb: str,
    expected_version: int,
    today: date,
    reason: str = "",
    ready_on: date | None = None,
) -> Dwelling:
    """Take a home a step further: visited, agreed, works, free, suspended, given back.

    `ready_on`: when works are expected to end. Suspending and giving back need a reason.
    """
    permissions.may_edit_home(actor, home).or_refuse()
    if verb not in DWELLING_TRANSITIONS.table:
        raise StepNotPossible(_("Questo passaggio non esiste."))
    lock_beds([home.pk])
    decision = step_decision(verb, step_facts(home, today))
    if not decision:
        raise StepNotPossible(decision.reason)
    if verb in VERBS_WITH_REASON and not reason.strip():
        raise StepNotPossible(_("Scrivi il motivo: resta nella storia della casa."))
    before = home.state
    home.state = DWELLING_TRANSITIONS.after(verb, DwellingState(home.state))
    _set_ready(home, verb, ready_on, today)
    home.save_if_unchanged(expected_version)
    refresh_dwelling(home)
    audit.record(actor, "home_step_taken", home, reason=reason.strip(), step=verb, before=before)
    return home


def _set_ready(home: Dwelling, verb: str, ready_on: date | None, today: date) -> None:
    """A free home is ready today at the latest; works make the day an expectation."""
    if verb == "make_free":
        home.available_on = min(home.available_on or today, today)
        home.is_available_sure = True
    if verb == "start_works":
        home.available_on, home.is_available_sure = ready_on, False


@atomic
def expect_ready(
    *, actor: Actor, home: Dwelling, ready_on: date | None, today: date, reason: str = ""
) -> Dwelling:
    """Say when a home under works is expected now; None: nobody knows any more. Who counts on its beds hears of it."""
    permissions.may_edit_home(actor, home).or_refuse()
    lock_beds([home.pk])
    home = Dwelling.objects.select_related("building").get(pk=home.pk)
    if home.state != DwellingState.WORKS:
        raise StepNotPossible(_("Solo una casa in lavori ha un giorno in cui la si aspetta pronta."))
    if home.available_on == ready_on:
        return home
    before = home.available_on
    home.available_on, home.is_available_sure = ready_on, False
    home.save_if_unchanged(home.version, fields=["available_on", "is_available_sure", "changed_at"])
    refresh_and_tell(home, today)
    audit.record(
        actor,
        "home_expected",
        home,
        reason=reason,
        before=before.isoformat() if before else "",
        after=ready_on.isoformat() if ready_on else "",
    )
    return home
