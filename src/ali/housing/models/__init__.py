"""Homes as they are lived in; their sheets, as they are registered and assessed; their certificates."""

from ali.housing.models.certificates import Certificate
from ali.housing.models.homes import Bed, Building, Dwelling, Occupancy, Room
from ali.housing.models.sheets import (
    BuildingSheet,
    CadastralUnit,
    Condominium,
    Equipment,
    Surroundings,
    Vacancy,
)

__all__ = [
    "Bed",
    "Building",
    "BuildingSheet",
    "CadastralUnit",
    "Certificate",
    "Condominium",
    "Dwelling",
    "Equipment",
    "Occupancy",
    "Room",
    "Surroundings",
    "Vacancy",
]
