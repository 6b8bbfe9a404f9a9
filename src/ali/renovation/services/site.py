"""Places of a training site and who learns there."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.people.models import Person
from ali.renovation import permissions
from ali.renovation.models import SitePlace, Trainee, Works


class PlaceNotPossible(Refusal):
    """Places or days that cannot be."""


@dataclass(frozen=True)
class PlaceFacts:
    """What is learnt, with whom, how many places, from when to when."""

    task: str
    places: int
    starts_on: date
    ends_on: date
    firm: str = ""
    tutor: str = ""


@atomic
def add_places(*, actor: Actor, works: Works, facts: PlaceFacts) -> SitePlace:
    """Open places to learn on the site."""
    permissions.may_edit_works(actor, works).or_refuse()
    if not facts.task.strip() or not 0 < facts.places <= 50:
        raise PlaceNotPossible(_("Scrivi che cosa si impara e quanti posti ci sono (da 1 a 50)."))
    if facts.ends_on <= facts.starts_on:
        raise PlaceNotPossible(_("I posti finiscono dopo che sono cominciati: controlla le date."))
    made = SitePlace.objects.create(works=works, **asdict(facts))
    audit.record(actor, "site_places_added", works, places=facts.places)
    return made


@atomic
def place_trainee(*, actor: Actor, place: SitePlace, person: Person, starts_on: date) -> Trainee:
    """Put somebody that the actor sees in a place of the site."""
    permissions.may_edit_works(actor, place.works).or_refuse()
    place = SitePlace.objects.select_for_update().get(pk=place.pk)
    if not place.starts_on <= starts_on <= place.ends_on:
        raise PlaceNotPossible(_("In quel giorno questi posti non ci sono: controlla le date."))
    present = Trainee.objects.filter(place=place, ends_on__isnull=True)
    if present.filter(person=person).exists():
        raise PlaceNotPossible(_("Questa persona c'è già."))
    if present.count() >= place.places:
        raise PlaceNotPossible(_("I posti sono tutti presi."))
    made, _new = Trainee.objects.update_or_create(
        place=place, person=person, defaults={"starts_on": starts_on, "ends_on": None}
    )
    audit.record(actor, "site_trainee_added", place.works, persons=[person.public_id])
    return made


@atomic
def end_trainee(*, actor: Actor, trainee: Trainee, on: date) -> Trainee:
    """Write that somebody left the place."""
    permissions.may_edit_works(actor, trainee.place.works).or_refuse()
    if trainee.ends_on is not None or on < trainee.starts_on:
        raise PlaceNotPossible(_("Controlla il giorno di uscita."))
    trainee.ends_on = on
    trainee.save(update_fields=["ends_on"])
    audit.record(actor, "site_trainee_left", trainee.place.works, persons=[trainee.person.public_id])
    return trainee
