"""The income gap: a state, never an amount. It is what the prefecture sees."""

from collections.abc import Collection, Mapping
from datetime import date

from ali.reception.states import GapState
from ali.work.affordability import Band
from ali.work.queries import reference_bands

STATE_OF_BAND = {Band.GREEN: GapState.OK, Band.AMBER: GapState.PARTIAL, Band.RED: GapState.MISSING}


def income_gaps(person_ids: Collection[int], day: date) -> Mapping[int, GapState]:
    """Return the gap of each person from the household's band against the reference home of the province."""
    return {person: STATE_OF_BAND[band] for person, band in reference_bands(person_ids, day).items()}
