"""What happens to homes, beds and those who sleep in them."""

from ali.housing.services.beds import (
    BedTaken,
    NoBedFree,
    NotMatchable,
    TooManyPeople,
    hold_beds,
    occupy_beds,
    refresh_bed,
    refresh_dwelling,
    release_beds,
)
from ali.housing.services.communications import WrongCommunication, record_communication
from ali.housing.services.homes import (
    BedInUse,
    BuildingFacts,
    DwellingFacts,
    ImpossibleHome,
    RoomFacts,
    StepNotPossible,
    add_home,
    change_home,
    rename_bed,
    set_rooms,
    take_step,
)
from ali.housing.services.occupancy import HomeNotReady, WrongDates, move_in, remove_occupancy, set_end

__all__ = [
    "BedInUse",
    "BedTaken",
    "BuildingFacts",
    "DwellingFacts",
    "HomeNotReady",
    "ImpossibleHome",
    "NoBedFree",
    "NotMatchable",
    "RoomFacts",
    "StepNotPossible",
    "TooManyPeople",
    "WrongCommunication",
    "WrongDates",
    "add_home",
    "change_home",
    "hold_beds",
    "move_in",
    "occupy_beds",
    "record_communication",
    "refresh_bed",
    "refresh_dwelling",
    "release_beds",
    "remove_occupancy",
    "rename_bed",
    "set_end",
    "set_rooms",
    "take_step",
]
