"""Centres and announced arrivals."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.organisations.models import Organisation
from ali.people.details import UnclearData, check_name
from ali.places.models import Municipality
from ali.reception import permissions
from ali.reception.models import AnnouncedArrival, Centre

MANY = 5000


@atomic
def add_centre(
    *,
    actor: Actor,
    name: str,
    manager: Organisation,
    municipality: Municipality,
    kind: str,
    places: int,
    address: str = "",
) -> Centre:
    """Add a centre of the own body or, for the prefecture, of its territory."""
    permissions.may_add_centre(actor, manager, municipality).or_refuse()
    check_name("name", name)
    if not name.strip():
        raise UnclearData("name", _("Scrivi il nome del centro."))
    if not 0 <= places <= MANY:
        raise UnclearData("places", _("I posti vanno da 0 a %(most)d.") % {"most": MANY})
    if Centre.objects.filter(name__iexact=name.strip(), manager=manager).exists():
        raise UnclearData("name", _("Questo ente ha già un centro con questo nome."))
    centre = Centre.objects.create(
        name=name.strip(),
        manager=manager,
        municipality=municipality,
        kind=kind,
        places=places,
        address=address.strip(),
        is_invented=manager.is_invented,
    )
    audit.record(actor, "centre_added", centre, places=places)
    return centre


@atomic
def change_centre(
    *,
    actor: Actor,
    centre: Centre,
    places: int,
    unavailable_places: int,
    closes_on: date | None,
    expected_version: int,
) -> Centre:
    """Change how many places a centre has, how many are closed, and when it closes."""
    permissions.may_edit_centre(actor, centre).or_refuse()
    if not 0 <= places <= MANY:
        raise UnclearData("places", _("I posti vanno da 0 a %(most)d.") % {"most": MANY})
    if not 0 <= unavailable_places <= places:
        raise UnclearData("unavailable_places", _("I posti non disponibili non superano i posti."))
    before = {"places": centre.places, "unavailable_places": centre.unavailable_places}
    centre.places, centre.unavailable_places, centre.closes_on = places, unavailable_places, closes_on
    centre.save_if_unchanged(expected_version)
    audit.record(actor, "centre_changed", centre, before=before)
    return centre


@atomic
def announce_arrival(
    *, actor: Actor, centre: Centre, expected_on: date, persons: int, today: date
) -> AnnouncedArrival:
    """Announce people who have no name yet: they take places from that day."""
    permissions.may_edit_centre(actor, centre).or_refuse()
    if expected_on < today:
        raise UnclearData("expected_on", _("Il giorno è passato: se sono arrivati, registra le persone."))
    if not 1 <= persons <= MANY:
        raise UnclearData("persons", _("Scrivi quante persone, da 1 a %(most)d.") % {"most": MANY})
    arrival = AnnouncedArrival.objects.create(centre=centre, expected_on=expected_on, persons=persons)
    audit.record(
        actor, "arrival_announced", centre, persons_count=persons, expected_on=expected_on.isoformat()
    )
    return arrival


@atomic
def confirm_arrival(*, actor: Actor, arrival: AnnouncedArrival, now: datetime) -> AnnouncedArrival:
    """They have arrived: from now the persons registered count, not the announcement."""
    permissions.may_edit_centre(actor, arrival.centre).or_refuse()
    if arrival.arrived_at is not None:
        raise Refusal(_("L'arrivo è già stato registrato."))
    arrival.arrived_at = now
    arrival.save(update_fields=["arrived_at"])
    audit.record(actor, "arrival_confirmed", arrival.centre, persons_count=arrival.persons)
    return arrival


@atomic
def withdraw_arrival(*, actor: Actor, arrival: AnnouncedArrival, reason: str) -> None:
    """They are not coming, for the reason given."""
    permissions.may_edit_centre(actor, arrival.centre).or_refuse()
    if arrival.arrived_at is not None:
        raise Refusal(_("L'arrivo è già stato registrato."))
    centre, persons = arrival.centre, arrival.persons
    arrival.delete()
    audit.record(actor, "arrival_withdrawn", centre, reason=reason, persons_count=persons)
