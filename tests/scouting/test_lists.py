"""Lists into the census: the real layouts, errors row by row, the same file twice changes nothing."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.core import clock
from ali.core.decisions import NotAllowed
from ali.imports import services
from ali.imports.columns import guess_mapping
from ali.imports.files import read_table
from ali.imports.kinds import kind_named
from ali.imports.models import ImportRun, sentences
from ali.imports.states import RowStatus
from ali.scouting.lists.anbsc import read_anbsc
from ali.scouting.models import HomeZone, Lead, Owner, RentQuote, RentZone
from ali.scouting.queries import market_rent
from tests.factories.housing import BuildingFactory, DwellingFactory
from tests.factories.organisations import actor_for_role
from tests.factories.places import load_small_places

HERE = Path(__file__).parent / "data"
CONFISCATED = Path(__file__).parents[2] / "src/ali/scouting/data/confiscated_pd_vi_ro_re_bs.csv"
VALUES, ZONES = HERE / "QI_000000_1_20991_VALORI.csv", HERE / "QI_000000_1_20991_ZONE.csv"
LIST = (
    "Via e civico;Città;Prov;Mq;Intestatario;Cellulare;Motivo sfitto;Sfitto dal;Fg;Mappale;Sub\n"
    "Via Roma 1;Padova;PD;72,5;Bruna Esempio;049 000000;in attesa degli eredi;1/3/2021;91;420;7\n"
    "Via Roma 3;Padova;PD;grande;Bruna Esempio;049 000000;boh;;;;\n"
    ";Padova;PD;;;;;;;;\n"
    "Via Milano 2;Paperopoli;;;;;;;;;\n"
    "Via Verdi 9;Vicenza;VI;50;;;;;;;\n"
)


@pytest.fixture
def manager(today: date) -> Actor:
    load_small_places()
    return actor_for_role(roles.HOUSING_MANAGER.code)


def _apply(actor: Actor, kind: str, content: bytes | Path, name: str = "file.csv") -> ImportRun:
    source: Any = io.BytesIO(content) if isinstance(content, bytes) else content
    run = services.stage_file(actor=actor, kind=kind, source=source, name=name, today=clock.today())
    return services.apply_run(actor=actor, run=run, today=clock.today(), now=clock.now())


def _said(run: ImportRun, row: int) -> str:
    return " ".join(sentences(run.rows.get(row=row).messages))


def test_published_file_is_read_whole_without_a_database() -> None:
    table = read_table(CONFISCATED)

    reading = read_anbsc(table, guess_mapping(table.columns, ()), date(2026, 3, 2))

    assert reading.totals["rows"] == 413
    assert reading.totals["error"] == 0
    homes = [row for row in reading.rows if row.status == "ok"]
    assert {row.fields["why_empty"] for row in homes} == {"confiscated"}
    assert not any("garage" in row.fields["what"] for row in homes)
    assert 150 < len(homes) < 250


@pytest.mark.django_db
def test_confiscated_homes_of_the_province_enter_once(manager: Actor) -> None:
    head = CONFISCATED.read_text(encoding="utf-8").splitlines()
    some = [line for line in head[1:] if ",Padova,Padova," in line or ",Vicenza,Vicenza," in line]
    content = "\n".join([head[0], *some, ""]).encode()

    first, second = _apply(manager, "anbsc", content), _apply(manager, "anbsc", content)

    found = Lead.objects.count()
    assert found == first.totals["effect_new"] > 0
    assert (second.totals["effect_new"], second.totals["effect_changed"]) == (0, 0)
    assert second.totals["effect_same"] == found
    assert set(Lead.objects.values_list("municipality", flat=True)) == {"028060"}
    assert all(Lead.objects.values_list("is_confiscated", flat=True))


@pytest.mark.django_db
def test_wrong_file_is_refused_with_one_sentence(manager: Actor) -> None:
    run = services.stage_file(
        actor=manager,
        kind="anbsc",
        source=io.BytesIO(LIST.encode()),
        name="a.csv",
        today=clock.today(),
    )

    assert "Non è il file dei beni confiscati" in sentences(run.notes)[-1]
    assert not services.may_apply(run)


@pytest.mark.django_db
def test_an_offices_list_becomes_leads_and_owners(manager: Actor) -> None:
    run = _apply(manager, "buildings", LIST.encode())

    first, second = Lead.objects.order_by("pk")
    assert (first.area_m2, first.why_empty, first.empty_since) == (Decimal("72.5"), "heirs", date(2021, 3, 1))
    assert (first.sheet, first.parcel, first.subunit) == ("91", "420", "7")
    assert second.why_empty == "other"
    assert first.owner == second.owner == Owner.objects.get()
    assert "La superficie «grande» non si capisce" in _said(run, 3)
    assert "Manca l'indirizzo" in _said(run, 4)
    assert "«Paperopoli» non si riconosce" in _said(run, 5)
    assert run.rows.get(row=6).status == RowStatus.SKIPPED


@pytest.mark.django_db
def test_same_list_twice_changes_nothing_and_fills_only_blanks(manager: Actor) -> None:
    _apply(manager, "buildings", LIST.encode())
    Lead.objects.filter(address="Via Roma 1").update(why_empty="fear", notes="a mano")

    again = _apply(manager, "buildings", LIST.encode())
    richer = _apply(manager, "buildings", LIST.replace("grande", "64").encode())

    assert again.totals["effect_new"] + again.totals["effect_changed"] == 0
    assert richer.totals["effect_changed"] == 1
    assert Lead.objects.get(address="Via Roma 1").why_empty == "fear"
    assert Lead.objects.get(address="Via Roma 3").area_m2 == 64


@pytest.mark.django_db
def test_repeated_row_of_one_file_counts_once(manager: Actor) -> None:
    lines = LIST.splitlines()

    run = _apply(manager, "buildings", "\n".join([lines[0], lines[1], lines[1], ""]).encode())

    assert Lead.objects.count() == 1
    assert "già in una riga" in _said(run, 3)


@pytest.mark.django_db
def test_rents_of_the_observatory_enter_with_zones_and_half_year(manager: Actor) -> None:
    first, again = _apply(manager, "omi", VALUES), _apply(manager, "omi", VALUES)
    zones = _apply(manager, "omi", ZONES)

    quote = RentQuote.objects.get(zone__municipality="028060", zone__code="B1", kind="20")
    assert (quote.low_cents, quote.high_cents, quote.is_usual) == (770, 900, True)
    assert RentZone.objects.filter(municipality="028060").first().half_year == "2099/1"  # type: ignore[union-attr]  # there is one
    assert RentZone.objects.get(municipality="028060", code="B1").name.startswith("CITTÀ ANTICA")
    assert first.totals["effect_new"] > 0
    assert again.totals["effect_new"] + again.totals["effect_changed"] == 0
    assert zones.totals["error"] == 0


@pytest.mark.django_db
def test_half_year_must_be_readable(manager: Actor) -> None:
    content = VALUES.read_bytes().split(b"\n", 1)[1]

    run = services.stage_file(
        actor=manager, kind="omi", source=io.BytesIO(content), name="v.csv", today=clock.today()
    )

    assert "Non si legge il semestre" in " ".join(sentences(run.notes))


@pytest.mark.django_db
def test_home_is_told_how_far_below_the_market_it_is(manager: Actor, client_as: Any) -> None:
    _apply(manager, "omi", VALUES)
    home = DwellingFactory(
        building=BuildingFactory(), whole=True, net_area_m2=Decimal(60), rent_cents=40_000, beds=2
    )
    wide = market_rent(home, 2)
    quote = RentQuote.objects.get(zone__municipality="028060", zone__code="B1", kind="20")

    HomeZone.objects.create(dwelling=home, code="B1", kind="20", condition=quote.condition)
    market = market_rent(home, 2)

    assert wide is not None
    assert not wide.is_chosen
    assert market is not None
    assert (market.low, market.high, market.below) == (46_200, 54_000, 20)
    page = client_as(roles.PREFECTURE_OFFICER.code).get(f"/case/{home.public_id}/").text
    assert "20% sotto mercato" in page


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["anbsc", "buildings", "omi"])
def test_only_who_searches_homes_imports(kind: str, today: date) -> None:
    load_small_places()
    coordinator = actor_for_role(roles.CENTRE_COORDINATOR.code)

    assert kind_named(kind).needs == "edit_owners"
    with pytest.raises(NotAllowed):
        services.stage_file(
            actor=coordinator, kind=kind, source=io.BytesIO(LIST.encode()), name="a.csv", today=today
        )


@pytest.mark.django_db
def test_columns_chosen_once_are_remembered(manager: Actor) -> None:
    named = {"actor": manager, "kind": "buildings", "name": "a.csv", "today": clock.today()}
    odd = LIST.replace("Via e civico", "Dove")

    first = services.stage_file(**named, source=io.BytesIO(odd.encode()))
    services.choose_columns(
        actor=manager, run=first, chosen={**first.mapping, "address": "Dove"}, expected_version=first.version
    )
    second = services.stage_file(**named, source=io.BytesIO(odd.encode()))

    assert second.mapping.get("address") == "Dove" or first.sender is None
