"""Names typed on buildings become owners, from rows as they were."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories.housing import BuildingFactory, DwellingFactory
from tests.factories.organisations import OrganisationFactory

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("housing", "0007_sheets_and_certificates"), ("scouting", "0001_initial")]
AFTER = [("scouting", "0002_owners_from_names")]


@pytest.fixture
def to_the_last() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def _migrate(target: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


def test_names_on_buildings_become_owners_of_each_body(to_the_last: None) -> None:
    agency, cooperative = OrganisationFactory(housing_agency=True), OrganisationFactory(housing_agency=True)
    shared, town, unnamed = BuildingFactory(), BuildingFactory(), BuildingFactory()
    for building, body in ((shared, agency), (shared, cooperative), (town, agency), (unnamed, agency)):
        DwellingFactory(building=building, manager=body, beds=0)
    old = _migrate(BEFORE)
    buildings = old.get_model("housing", "Building").objects
    buildings.filter(pk=shared.pk).update(owner_name="  Immobiliare  Esempio S.r.l.")
    buildings.filter(pk=town.pk).update(owner_name="Comune di Padova")

    new = _migrate(AFTER)

    owners = new.get_model("scouting", "Owner").objects.order_by("pk")
    owned = new.get_model("scouting", "Ownership").objects.order_by("pk")
    assert [(one.kept_by_id, one.name, one.kind) for one in owners] == [
        (agency.pk, "Immobiliare Esempio S.r.l.", "company"),
        (cooperative.pk, "Immobiliare Esempio S.r.l.", "company"),
        (agency.pk, "Comune di Padova", "public"),
    ]
    assert [(one.building_id, one.share) for one in owned] == [(shared.pk, 1), (shared.pk, 1), (town.pk, 1)]
    assert owners[0].folded == " immobiliare esempio s r l"
