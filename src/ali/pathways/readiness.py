"""The gap «rete»: on whom a person can count outside the centre."""

from collections.abc import Collection, Mapping
from datetime import date

from ali.pathways.models import Tie
from ali.reception.states import GapState


def network_gaps(person_ids: Collection[int], today: date) -> Mapping[int, GapState]:
    """Somebody who can really help is enough, somebody is half; nobody written is unknown, not missing."""
    found: dict[int, GapState] = {}
    for person, is_strong in (
        Tie.objects.filter(person__in=person_ids).values_list("person_id", "is_strong").order_by()
    ):
        if is_strong or person not in found:
            found[person] = GapState.OK if is_strong else GapState.PARTIAL
    return found
