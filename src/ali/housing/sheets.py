"""What a home's page shows of its sheets, and which certificates it has, lacks or is about to lose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ali.housing.codes import CertificateKind, Fuel, Heating
from ali.housing.models import (
    BuildingSheet,
    CadastralUnit,
    Certificate,
    Condominium,
    Dwelling,
    Equipment,
    Surroundings,
    Vacancy,
)
from ali.rules.values import RuleValue, rule_in_force

REQUIRED = "housing.required_certificates"
SOON = timedelta(days=60)
_NO_FLAME = (Fuel.ELECTRIC, Fuel.HEAT_PUMP, Fuel.DISTRICT)


@dataclass(frozen=True)
class CertificateLine:
    """A certificate that a home has or must have. `state`: valid, soon, expired, missing."""

    kind: str
    label: str
    certificate: Certificate | None
    state: str
    older: int = 0


@dataclass(frozen=True)
class HomeSheets:
    """Everything written of a home beside its rooms; what nobody has written is None."""

    building: BuildingSheet | None
    condominium: Condominium | None
    cadastre: tuple[CadastralUnit, ...]
    equipment: Equipment | None
    surroundings: Surroundings | None
    vacancy: Vacancy | None


@dataclass(frozen=True)
class CertificateReading:
    """The certificates of a home, the rule that asks for them, and what is not in order."""

    lines: tuple[CertificateLine, ...]
    rule: RuleValue

    @property
    def lacking(self) -> list[CertificateLine]:
        """Those that must be there and are not, or have expired."""
        return [line for line in self.lines if line.state in {"missing", "expired"}]

    @property
    def is_certified(self) -> bool:
        return not self.lacking


def sheets_of(home: Dwelling) -> HomeSheets:
    """Return the sheets of a home. Six queries."""
    return HomeSheets(
        building=BuildingSheet.objects.filter(building=home.building_id).first(),
        condominium=Condominium.objects.filter(building=home.building_id).first(),
        cadastre=tuple(CadastralUnit.objects.filter(dwelling=home).order_by("pk")),
        equipment=Equipment.objects.filter(dwelling=home).first(),
        surroundings=Surroundings.objects.filter(dwelling=home).first(),
        vacancy=Vacancy.objects.filter(dwelling=home).first(),
    )


def certificates_of(home: Dwelling, equipment: Equipment | None, today: date) -> CertificateReading:
    """Return the certificates of a home, those it must have first. Two queries."""
    town = home.building.municipality
    rule = rule_in_force(REQUIRED, day=today, province=town.province_id, municipality=town.pk)
    stored: dict[str, list[Certificate]] = {}
    for one in Certificate.objects.filter(dwelling=home).order_by("-issued_on", "-pk"):
        stored.setdefault(one.kind, []).append(one)
    required = set(required_kinds(rule, equipment))
    lines = [
        _line(kind, stored.get(kind, []), today)
        for kind in CertificateKind
        if kind in required or kind in stored
    ]
    return CertificateReading(tuple(lines), rule)


def required_kinds(rule: RuleValue, equipment: Equipment | None) -> Iterator[CertificateKind]:
    """Yield what the rule asks of a home with that equipment: nothing for a flame that is not there."""
    has_flame = equipment is None or not (
        equipment.heating in (Heating.NONE, Heating.CENTRAL) or equipment.fuel in _NO_FLAME
    )
    for kind in CertificateKind:
        if rule.value.get(kind) and (has_flame or kind not in (CertificateKind.GAS, CertificateKind.BOILER)):
            yield kind


def _line(kind: CertificateKind, stored: list[Certificate], today: date) -> CertificateLine:
    if not stored:
        return CertificateLine(kind, str(kind.label), None, "missing")
    latest = stored[0]
    state = "valid"
    if not latest.is_valid_on(today):
        state = "expired"
    elif latest.expires_on and latest.expires_on <= today + SOON:
        state = "soon"
    return CertificateLine(kind, str(kind.label), latest, state, older=len(stored) - 1)
