"""Who houses a foreigner tells the police within hours (TUI, art. 7): the clock starts on the day of entry."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadlines
from ali.housing import permissions
from ali.housing.models import Occupancy
from ali.rules.values import rule_in_force

HOURS = "housing.host_communication_hours"


class WrongCommunication(Refusal):
    """The communication cannot have been made that day, or is due for somebody else."""


def _source(stay: Occupancy) -> str:
    return f"housing.communication:{stay.public_id}"


def write_communication_deadlines(stays: Sequence[Occupancy]) -> None:
    """Put the communication due for each person of the network on the board of the body that gives the home."""
    if stays:
        write_deadlines([_due(stay) for stay in stays if stay.person])


def communication_day(stay: Occupancy) -> date:
    """Return the day by which the communication for somebody who sleeps in a bed is made."""
    town = stay.bed.room.dwelling.building.municipality
    rule = rule_in_force(HOURS, day=stay.starts_on, province=town.province_id, municipality=town.pk)
    return stay.starts_on + timedelta(days=ceil(int(rule.value) / 24))


def _due(stay: Occupancy) -> Due:
    home = stay.bed.room.dwelling
    person = stay.person
    return Due(
        kind=DeadlineKind.COMMUNICATION,
        source=_source(stay),
        due_on=communication_day(stay),
        title=gettext_noop("Comunicare l'ospitalità alla Questura o al Comune: %(home)s"),
        words={"home": home},
        organisations=(home.manager_id,),
        person=person.public_id if person else None,
        is_reserved=bool(person and person.is_reserved),
        url_name="housing:bed_detail",
        url_id=stay.bed.public_id,
    )


@atomic
def record_communication(
    *,
    actor: Actor,
    occupancy: Occupancy,
    communicated_on: date,
    expected_version: int,
    now: datetime,
    today: date,
) -> Occupancy:
    """Note that the communication was made, and take it off the board."""
    permissions.may_record_communication(actor, occupancy.bed.room.dwelling).or_refuse()
    if communicated_on > today:
        raise WrongCommunication(_("La comunicazione si registra quando è fatta: la data è nel futuro."))
    occupancy.communicated_on = communicated_on
    occupancy.save_if_unchanged(expected_version)
    subjects = [occupancy.person.public_id] if occupancy.person else []
    audit.record(actor, "host_communication_made", occupancy, persons=subjects)
    close_deadline(_source(occupancy), now=now)
    return occupancy
