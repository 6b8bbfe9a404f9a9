"""The name typed on a building becomes an owner, kept by each body that has homes there, and a share of one in the building."""

import re
from typing import Any

from anyascii import anyascii
from django.db import migrations
from uuid6 import uuid7

# Words that say what an owner is; without one of them it is taken for a person.
KINDS = (
    (r"comune|provincia|regione|ater|acer|aler|asl|aulss|demanio|stato|confiscato", "public"),
    (r"parrocchia|diocesi|istituto religioso|suore|curia|seminario", "church"),
    (r"cooperativa|coop|associazione|fondazione|onlus|ets|consorzio", "association"),
    (r"s\.?r\.?l|s\.?p\.?a|s\.?n\.?c|s\.?a\.?s|immobiliare|banca", "company"),
)


def kind_of(name: str) -> str:
    return next(
        (kind for words, kind in KINDS if re.search(rf"\b({words})\b", name, re.IGNORECASE)), "person"
    )


def folded(name: str) -> str:
    words = dict.fromkeys(re.sub(r"[^a-z0-9]+", " ", anyascii(name).lower()).split())
    return "".join(f" {word}" for word in words)[:240]


def name_owners(apps: Any, schema_editor: Any) -> None:  # Any: Django's historical registry
    """Buildings without dwellings belong to no body's list, and nobody could open them: they had no owner to show."""
    buildings, dwellings = apps.get_model("housing", "Building"), apps.get_model("housing", "Dwelling")
    owners, ownerships = apps.get_model("scouting", "Owner"), apps.get_model("scouting", "Ownership")
    known: dict[tuple[int, str], Any] = {}
    for building in buildings.objects.exclude(owner_name="").order_by("pk").iterator():
        name = " ".join(building.owner_name.split())
        if not name:
            continue
        bodies = dwellings.objects.filter(building=building).order_by().values_list("manager_id", flat=True)
        for body in sorted(set(bodies)):
            key = (body, folded(name))
            if key not in known:
                known[key] = owners.objects.create(
                    public_id=uuid7(),
                    kept_by_id=body,
                    name=name,
                    folded=folded(name),
                    kind=kind_of(name),
                    is_invented=building.is_invented,
                )
            ownerships.objects.create(
                public_id=uuid7(), owner=known[key], building=building, starts_on=building.created_at.date()
            )


class Migration(migrations.Migration):
    dependencies = [
        ("scouting", "0001_initial"),
        ("housing", "0006_occupancy_who"),
    ]

    operations = [migrations.RunPython(name_owners, migrations.RunPython.noop, elidable=True)]
