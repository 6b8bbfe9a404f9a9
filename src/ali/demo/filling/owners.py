"""Who owns the invented buildings, as each body with homes in them keeps it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from ali.core.text import search_key
from ali.demo.filling.rows import write
from ali.demo.shapes import BuildingSpec
from ali.housing.models import Building, Dwelling
from ali.scouting.models import Owner, Ownership
from ali.scouting.states import OwnerKind

KIND_OF_ORIGIN = {
    "agency": OwnerKind.ASSOCIATION,
    "municipal": OwnerKind.PUBLIC,
    "confiscated": OwnerKind.PUBLIC,
    "parish": OwnerKind.CHURCH,
}
OWNED_SINCE = date(2015, 1, 1)


def add_owners(
    specs: Sequence[BuildingSpec], buildings: Sequence[Building], dwellings: Sequence[Dwelling]
) -> None:
    """Write each owner once for each body that has homes of theirs, and what they own."""
    bodies: dict[int, set[int]] = defaultdict(set)
    for dwelling in dwellings:
        bodies[dwelling.building_id].add(dwelling.manager_id)
    pairs = [
        (spec, building, body)
        for spec, building in zip(specs, buildings, strict=True)
        for body in sorted(bodies[building.pk])
    ]
    known = {(body, spec.owner): _owner(spec, body) for spec, _building, body in pairs}
    write(list(known.values()))
    write(
        [
            Ownership(owner=known[body, spec.owner], building=building, starts_on=OWNED_SINCE)
            for spec, building, body in pairs
        ]
    )


def _owner(spec: BuildingSpec, body: int) -> Owner:
    return Owner(
        kept_by_id=body,
        kind=KIND_OF_ORIGIN.get(spec.origin, OwnerKind.PERSON),
        name=spec.owner,
        folded=search_key(spec.owner)[:240],
        is_invented=True,
    )
