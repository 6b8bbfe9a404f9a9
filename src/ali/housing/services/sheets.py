"""Writing what is known of a building and of a dwelling: one sheet at a time, each with its own version."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.models import StaleRecord, Versioned
from ali.core.transactions import atomic
from ali.housing import permissions
from ali.housing.codes import Availability
from ali.housing.models import (
    BuildingSheet,
    CadastralUnit,
    Condominium,
    Dwelling,
    Equipment,
    Surroundings,
    Vacancy,
)

Values = Mapping[str, Any]  # Any: field values of a sheet


class ImpossibleSheet(Refusal):
    """What was written cannot be."""


@dataclass(frozen=True)
class CadastralFacts:
    """A unit of the cadastre."""

    sheet: str
    parcel: str
    section: str = ""
    subunit: str = ""
    category: str = ""
    rank: str = ""
    rooms: Decimal | None = None
    area_m2: Decimal | None = None
    income_cents: int = 0


# Each sheet by name: its model, and whether it is of the building or of the dwelling.
SHEETS: Mapping[str, tuple[type[Versioned], str]] = {
    "building": (BuildingSheet, "building"),
    "condominium": (Condominium, "building"),
    "equipment": (Equipment, "dwelling"),
    "surroundings": (Surroundings, "dwelling"),
    "vacancy": (Vacancy, "dwelling"),
}


def sheet_of(home: Dwelling, name: str) -> Versioned | None:
    """Return a sheet of a home or of its building; None when nobody has written it. One query."""
    model, holder = SHEETS[name]
    found: Versioned | None = model._default_manager.filter(**_held_by(home, holder)).first()
    return found


def _held_by(home: Dwelling, holder: str) -> dict[str, int]:
    return {f"{holder}_id": home.building_id if holder == "building" else home.pk}


@atomic
def write_sheet(
    *, actor: Actor, home: Dwelling, name: str, values: Values, expected_version: int, today: date
) -> Versioned:
    """Write one sheet; `expected_version` 0 when the page was opened before anybody had written it."""
    permissions.may_describe_home(actor, home).or_refuse()
    _check(name, values, today)
    model, holder = SHEETS[name]
    stored = sheet_of(home, name)
    if (stored is None) != (expected_version == 0):
        raise StaleRecord(_("Qualcun altro ha scritto questa scheda nel frattempo: ricarica e controlla."))
    written = stored if stored is not None else model(**_held_by(home, holder))
    for field, value in values.items():
        setattr(written, field, value)
    if stored is None:
        written.save()
    else:
        written.save_if_unchanged(expected_version)
    audit.record(actor, "home_sheet_written", home, sheet=name)
    return written


def _check(name: str, values: Values, today: date) -> None:
    for field in ("empty_since", "excluded_by_owner_on"):
        if (day := values.get(field)) and day > today:
            raise ImpossibleSheet(_("Una data che deve ancora venire non può essere «da quando»: controlla."))
    if name == "vacancy" and not set(values.get("availability", ())) <= set(Availability.values):
        raise ImpossibleSheet(_("Scegli come il proprietario darebbe la casa tra quelli dell'elenco."))


@atomic
def set_cadastral_units(
    *, actor: Actor, home: Dwelling, units: Sequence[CadastralFacts], expected_version: int
) -> None:
    """Write the units of the cadastre that belong to a home, in place of those that were there."""
    permissions.may_describe_home(actor, home).or_refuse()
    keys = [(unit.section, unit.sheet, unit.parcel, unit.subunit) for unit in units]
    if len(set(keys)) < len(keys):
        raise ImpossibleSheet(_("La stessa unità catastale è scritta due volte: togli una delle due righe."))
    home.save_if_unchanged(expected_version)
    CadastralUnit.objects.filter(dwelling=home).delete()
    CadastralUnit.objects.bulk_create([CadastralUnit(dwelling=home, **asdict(unit)) for unit in units])
    audit.record(actor, "home_sheet_written", home, sheet="cadastre", units=len(units))
