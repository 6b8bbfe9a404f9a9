from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from ali.people.models import Person


class AllocationConfig(AppConfig):
    name = "ali.allocation"
    label = "allocation"

    def ready(self) -> None:
        """Hear from below: a household has settled, somebody has become reserved, a bed will be free later than said."""
        from ali.housing.hooks import when_date_slips
        from ali.people.hooks import provide_clock, when_reserved

        provide_clock(_exits_changed)
        when_reserved(_reserved)
        when_date_slips(_beds_slipped)


def _exits_changed(person_ids: Collection[int], today: date) -> None:
    from ali.allocation.services import follow_exits
    from ali.core import clock

    follow_exits(person_ids, now=clock.now(), today=today)


def _reserved(person: "Person", is_reserved: bool, today: date) -> None:
    from ali.allocation.services import end_reserved
    from ali.core import clock

    if is_reserved:
        end_reserved(person, now=clock.now(), today=today)


def _beds_slipped(bed_ids: Collection[int], today: date) -> None:
    from ali.allocation.services import note_slipped_beds
    from ali.core import clock

    note_slipped_beds(bed_ids, now=clock.now(), today=today)
