"""The portfolio of a body with 40,000 homes and 5 million ledger movements, on PostgreSQL.

    python benchmarks/bench_portfolio.py [--homes N] [--months N] [--requests N]

The rows are made by the database itself: one of each kind is written as the program writes it, then copied with its own ids.
Kept sums are rebuilt and checked against the movements before anything is measured. Times are the process time of this
process for a whole request, beside it the clock on the wall (with the database's own work), medians of warm requests.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BEDS, STAYS, MOVEMENTS = 2, 3, 3
KPI_MS, HOME_MS, MAP_KB = 300, 60, 150
TOWNS = ("Padova", "Abano Terme", "Cadoneghe", "Vicenza")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--homes", type=int, default=40_000)
    parser.add_argument("--months", type=int, default=42, help="mesi di movimenti, tre per casa e mese")
    parser.add_argument("--requests", type=int, default=15)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        print(json.dumps(measure(asked.homes, asked.months, asked.requests), ensure_ascii=False))
        return 0
    sys.path.insert(0, str(ROOT / "tools"))
    import postgres  # noqa: PLC0415  it stands beside, not in a package

    with tempfile.TemporaryDirectory() as folder, postgres.server() as address:
        ours = {"ALI_MODE": "demo", "ALI_DATA_DIR": folder, "ALI_DATABASE_URL": address}
        paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        variables = {
            **os.environ,
            **ours,
            "DJANGO_SETTINGS_MODULE": "ali.config.settings",
            "PYTHONPATH": paths,
        }
        words = [sys.executable, __file__, "--inside", *sys.argv[1:]]
        said = subprocess.run(words, env=variables, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(said.stdout.splitlines()[-1])
    show(found)
    return 0 if all(row["ok"] for row in found["rows"]) else 1


def show(found: dict[str, Any]) -> None:
    for name, value in found["made"].items():
        print(f"{name}: {value:,}".replace(",", "."))
    for row in found["rows"]:
        print(
            f"{'ok ' if row['ok'] else 'NO '} {row['what']}: {row['value']} (limite {row['limit']})  {row['note']}"
        )


def measure(homes: int, months: int, requests: int) -> dict[str, Any]:
    """Fill the empty database and measure; in a process of its own."""
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET statement_timeout = 0"
        )  # to fill; the pages are measured with the limit of every day
    made = fill(homes, months)
    connection.close()
    return {"made": made, "rows": list(rows(requests))}


def tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def fill(homes: int, months: int) -> dict[str, int]:
    """Write one of each kind, copy it, rebuild what is kept, check it."""
    from django.db import connection  # noqa: PLC0415
    from tests.factories.housing import OccupancyFactory  # noqa: PLC0415
    from tests.factories.organisations import actor_for_role  # noqa: PLC0415
    from tests.factories.rents import account_of  # noqa: PLC0415

    from ali.accounts import roles  # noqa: PLC0415
    from ali.core import clock  # noqa: PLC0415
    from ali.housing.models import Bed, Building, Dwelling, Occupancy, Room  # noqa: PLC0415
    from ali.people.models import Person  # noqa: PLC0415
    from ali.portfolio.keeping import keep_months, months_back  # noqa: PLC0415
    from ali.rents.models import Account, Movement  # noqa: PLC0415
    from ali.rents.totals import differences, rebuild  # noqa: PLC0415
    from ali.tenancies.models import Tenancy, TenancyParty  # noqa: PLC0415

    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    actor_for_role(roles.PROJECT_MANAGER.code)
    account = account_of(manager)
    bed = Bed.objects.filter(room__dwelling=account.dwelling).order_by("pk")[0]
    stay = OccupancyFactory(bed=bed)
    towns = municipality_ids()
    town = "(ARRAY[" + ",".join(f"'{one}'" for one in towns) + "])[1 + n % " + str(len(towns)) + "]"
    unit = account.dwelling
    free = "DATE '2022-01-01'"
    copies = Copies()
    copies.make(Building, unit.building_id, homes // 2, municipality_id=town, latitude="45.2 + (n % 700) * 0.0006",
                longitude="11.6 + (n / 700) * 0.012", address="'Via dell''Esempio ' || n")  # fmt: skip
    copies.make(Dwelling, unit.pk, homes, building_id=copies.of(Building, "n / 2"), available_on=free,
                state="'occupied'", label="'int. ' || n")  # fmt: skip
    copies.make(Room, bed.room_id, homes * BEDS, dwelling_id=copies.of(Dwelling, f"n / {BEDS}"))
    copies.make(Bed, bed.pk, homes * BEDS, room_id=copies.of(Room, "n"), free_from="NULL")
    begin = f"CURRENT_DATE - 1100 + (n % {STAYS}) * 360 + (n % 97)"
    end = f"CASE WHEN n % {STAYS} = {STAYS - 1} THEN NULL ELSE {begin} + 340 END"
    copies.make(Occupancy, stay.pk, homes * BEDS * STAYS, bed_id=copies.of(Bed, f"n / {STAYS}"), person_id="NULL",
                starts_on=begin, ends_on=end)  # fmt: skip
    copies.make(Person, account.person_id, homes)
    copies.make(
        Tenancy, account.party.tenancy_id, homes, dwelling_id=copies.of(Dwelling, "n"), room_id="NULL"
    )
    copies.make(TenancyParty, account.party_id, homes, tenancy_id=copies.of(Tenancy, "n"),
                person_id=copies.of(Person, "n"), bed_id="NULL")  # fmt: skip
    copies.make(Account, account.pk, homes, party_id=copies.of(TenancyParty, "n"), dwelling_id=copies.of(Dwelling, "n"),
                person_id=copies.of(Person, "n"), balance_cents="0")  # fmt: skip
    write_movements(copies, Account, homes, months)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    tell("somme tenute ...")
    started = time.monotonic()
    rebuild()
    wrong = differences()
    if wrong:
        raise SystemExit(f"{len(wrong)} somme tenute non tornano")
    today = clock.today()
    keep_months(months_back(today, 12), today)
    tell(f"somme tenute e confrontate in {time.monotonic() - started:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    kinds = {"case": Dwelling, "letti": Bed, "permanenze": Occupancy, "conti": Account, "movimenti": Movement}
    return {name: model.objects.count() for name, model in kinds.items()}


def municipality_ids() -> list[str]:
    from ali.places.models import Municipality  # noqa: PLC0415

    return list(Municipality.objects.filter(province="PD").order_by("pk").values_list("pk", flat=True))


class Copies:
    """Copies of a row, made inside the database: the first id of each kind, so that others can point at them."""

    def __init__(self) -> None:
        self.first: dict[Any, int] = {}

    def of(self, model: Any, place: str) -> str:
        """The id of the copy of `model` at a place."""
        return f"{self.first[model]} + {place}"

    def make(self, model: Any, template: int, count: int, **changed: str) -> None:
        """Copy the row `template` `count` times; `changed`: SQL of the columns that differ, `n` counts from 0."""
        from django.db import connection  # noqa: PLC0415

        started = time.monotonic()
        table = model._meta.db_table
        self.first[model] = model.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
        changed = {"id": f"{self.first[model]} + n", **changed}
        columns = [field.column for field in model._meta.concrete_fields]
        if "public_id" in columns:
            changed["public_id"] = "gen_random_uuid()"
        picked = ", ".join(changed.get(name, f't."{name}"') for name in columns)
        listed = ", ".join(f'"{name}"' for name in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{table}" ({listed}) SELECT {picked} FROM "{table}" t, generate_series(0, {count - 1}) n '
                f"WHERE t.id = {template}"
            )
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))"
            )
        tell(f"{table}: {count:,} righe in {time.monotonic() - started:.0f} s")


def write_movements(copies: Copies, account: Any, homes: int, months: int) -> None:
    """Three movements for each account and month: rent, condominium, and a payment that one time in nine does not come."""
    from django.db import connection  # noqa: PLC0415

    period = "(date_trunc('month', CURRENT_DATE) - ((m || ' months')::interval))::date"
    columns = "public_id, account_id, book, kind, cents, booked_on, period, due_on, cause, is_regular, reason, posted_at"
    charge = (
        "INSERT INTO rents_movement ({columns}) SELECT gen_random_uuid(), {first} + a, 'rent', '{kind}', {cents}, {period}, "
        "{period}, {due}, '', {regular}, '', now() FROM generate_series(0, {homes} - 1) a, "
        "generate_series(0, {months} - 1) m {where}"
    )
    kinds = (
        ("rent", "24000", f"{period} + 4", "true", ""),
        ("condominium", "3000", f"{period} + 4", "true", ""),
        ("payment", "-27000", "NULL::date", "false", "WHERE (a + m) % 9 <> 0"),
    )
    for kind, cents, due, regular, where in kinds:
        started = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute(
                charge.format(
                    columns=columns,
                    first=copies.first[account],
                    kind=kind,
                    cents=cents,
                    period=period,
                    due=due,
                    regular=regular,
                    homes=homes,
                    months=months,
                    where=where,
                )
            )
        tell(f"movimenti {kind}: {homes * months:,} in {time.monotonic() - started:.0f} s")


def rows(requests: int) -> Any:
    """Measure the indicators, a home's page, the map of a province."""
    from ali.housing.models import Dwelling  # noqa: PLC0415

    manager, project = signed_in("housing_manager"), signed_in("project_manager")
    home = Dwelling.objects.order_by("-pk")[7]
    pages = (
        ("indicatori (ente)", partial(manager.get, "/patrimonio/"), KPI_MS, True),
        ("indicatori (territorio)", partial(project.get, "/patrimonio/"), KPI_MS, True),
        ("pagina di una casa", partial(manager.get, f"/case/{home.public_id}/"), HOME_MS, False),
    )
    for name, ask, limit, by_wall in pages:
        process, wall, status = timed(ask, requests)
        value = wall if by_wall else process
        yield {
            "what": name,
            "value": f"{value:.0f} ms",
            "limit": f"{limit} ms",
            "ok": status == 200 and value <= limit,
            "note": f"processo {process:.0f} ms, orologio {wall:.0f} ms, stato {status}",
        }
    answer = manager.get("/case/punti.geojson?provincia=PD")
    weight = len(answer.content) / 1000
    yield {
        "what": "mappa di una provincia",
        "value": f"{weight:.0f} kB",
        "limit": f"{MAP_KB} kB",
        "ok": answer.status_code == 200 and weight <= MAP_KB,
        "note": f"compressa {len(gzip.compress(answer.content)) / 1000:.0f} kB",
    }


def signed_in(role: str) -> Any:
    """A client of the first member with the role."""
    from django.test import Client  # noqa: PLC0415

    from ali.accounts.models import User  # noqa: PLC0415
    from ali.organisations.models import Membership  # noqa: PLC0415

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(pk=Membership.objects.filter(role=role).order_by("pk")[0].user_id))
    return client


def timed(ask: Callable[[], Any], requests: int) -> tuple[float, float, int]:
    """Medians of process and wall time of warm requests, in milliseconds, and the status."""
    for _ in range(3):
        status = ask().status_code
    process, wall = [], []
    for _ in range(requests):
        begun, clock = time.process_time(), time.perf_counter()
        ask()
        process.append(1000 * (time.process_time() - begun))
        wall.append(1000 * (time.perf_counter() - clock))
    return statistics.median(process), statistics.median(wall), status


if __name__ == "__main__":
    sys.exit(main())
