"""Pages at 20,000 people on both engines: CPU of the web process, statements, memory and weight.

    python benchmarks/bench_pages.py [--people N] [--requests N]

CPU is the process time of this process around one request through the whole middleware (median of `--requests` warm ones);
statements are counted without BEGIN, COMMIT and SAVEPOINT; the CPU of the PostgreSQL back end is read beside. Memory is the
PSS of a real gunicorn master with two workers after they served pages; weight is what a browser fetches, gzip.
"""

import argparse
import gzip
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import database  # noqa: E402

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
LISTS_MS, LIST_STATEMENTS, PERSON_MS, PERSON_STATEMENTS = 40, 12, 60, 25
PORT_TRIES = 80
KEY_FIELD = "idempotency_key"  # every form that is sent carries one


@dataclass(frozen=True)
class Page:
    """A page to measure: who asks for it, how, and within what."""

    name: str
    ask: Callable[[], Any]  # any answer of Django's test client
    budget_ms: int | None = None
    budget_statements: int | None = None


def measure_pages(requests: int) -> list[dict[str, object]]:
    """In a process of its own, with Django on the filled database: CPU and statements of each page."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ali.config.settings")
    django.setup()
    return [_measured(page, requests) for page in _pages()]


def _signed_in(role: str) -> tuple[Any, int]:
    """A client of the first member with the role, and the member's organisation."""
    from django.test import Client  # noqa: PLC0415

    from ali.accounts.models import User  # noqa: PLC0415
    from ali.organisations.models import Membership  # noqa: PLC0415

    membership = Membership.objects.filter(role=role).order_by("pk")[0]
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(pk=membership.user_id))
    return client, membership.organisation_id


def _pages() -> list[Page]:
    officer, _prefecture = _signed_in("prefecture_officer")
    operator, cooperative = _signed_in("centre_operator")
    return [*_lists(officer, operator), *_details(officer, operator, cooperative)]


def _lists(officer: Any, operator: Any) -> list[Page]:
    from ali.reception.models import Exit  # noqa: PLC0415

    someone = Exit.objects.filter(state="notified").order_by("pk")[0].person
    word = someone.search_key.split()[0]
    addresses = {
        "scadenze": "/scadenze/",
        "case": "/case/",
        "centri": "/accoglienza/centri/",
        "proposte": "/abbinamenti/proposte/",
    }
    within = (LISTS_MS, LIST_STATEMENTS)
    return [
        Page("chi esce", partial(officer.get, "/uscite/"), *within),
        Page("chi esce (operatore)", partial(operator.get, "/uscite/"), *within),
        Page("cerca", lambda: officer.post("/cerca/", {"q": word, KEY_FIELD: uuid4().hex}), *within),
        *(Page(name, partial(officer.get, address), *within) for name, address in addresses.items()),
        Page("oggi", partial(officer.get, "/")),
    ]


def _details(officer: Any, operator: Any, cooperative: int) -> list[Page]:
    from ali.housing.models import Dwelling  # noqa: PLC0415
    from ali.people.models import Person  # noqa: PLC0415
    from ali.reception.models import Exit  # noqa: PLC0415

    leaving = Exit.objects.filter(state="notified").order_by("pk")[0].person
    own = Person.objects.filter(
        assignments__organisation=cooperative, exits__isnull=False, is_reserved=False
    ).order_by("pk")[0]
    home = Dwelling.objects.order_by("pk")[0]
    within = (PERSON_MS, PERSON_STATEMENTS)
    return [
        Page("persona (prefettura)", partial(officer.get, f"/persona/{leaving.public_id}/"), *within),
        Page("persona (operatore)", partial(operator.get, f"/persona/{own.public_id}/"), *within),
        Page("una casa", partial(officer.get, f"/case/{home.public_id}/")),
        Page("chi potrebbe viverci", partial(officer.get, f"/abbinamenti/casa/{home.public_id}/")),
    ]


def _measured(page: Page, requests: int) -> dict[str, object]:
    """Warm the page, count its statements once, then take the median CPU of `requests`."""
    from django.db import connection  # noqa: PLC0415

    for _ in range(3):
        status = page.ask().status_code
    statements = _statements_of(page)
    times, before = [], _backend_cpu(connection)
    for _ in range(requests):
        start = time.process_time()
        page.ask()
        times.append(1000 * (time.process_time() - start))
    database_ms = 1000 * (_backend_cpu(connection) - before) / requests
    return {
        "page": page.name,
        "status": status,
        "ms": round(statistics.median(times), 1),
        "budget_ms": page.budget_ms,
        "statements": statements,
        "budget_statements": page.budget_statements,
        "database_ms": round(database_ms, 1),
    }


def _statements_of(page: Page) -> int:
    """How many statements the page sends, without those that begin and end transactions."""
    from django.db import connection  # noqa: PLC0415

    counted: list[str] = []

    def count(execute, sql, params, many, context):
        if not sql.lstrip().upper().startswith(TRANSACTION):
            counted.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        page.ask()
    return len(counted)


def _backend_cpu(connection) -> float:
    """Seconds of CPU of the PostgreSQL process that serves this connection; 0 on SQLite."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure_server(variables: dict[str, str]) -> list[str]:
    """Start gunicorn with two workers; its memory after pages were served, and the weight of the sign-in page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | variables | {"ALI_COLLECTED_STATIC": "1"}
    ali = [sys.executable, "-m", "ali.cli.main"]
    subprocess.run([*ali, "collectstatic", "--noinput", "--verbosity", "0"], env=environment, check=True)
    server = subprocess.Popen(
        [*ali, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(PORT_TRIES):
            try:
                _fetch(f"{base}/accesso/entra/")
                break
            except OSError:
                time.sleep(0.25)
        html = ""
        for _ in range(12):
            html = gzip_or_plain(_fetch(f"{base}/accesso/entra/"))
        total, foreign = _weight(base, html)
        pss = _pss(server.pid)
    finally:
        server.terminate()
        server.wait(20)
    return [
        f"| memoria PSS, capo e due operai | {pss:.0f} MiB | 200 |",
        f"| pagina di accesso a memoria vuota, gzip | {total / 1000:.0f} kB | 200 |",
        f"| richieste ad altri host | {foreign} | 0 |",
    ]


def _fetch(address: str) -> tuple[bytes, bool]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read(), answer.headers.get("Content-Encoding") == "gzip"


def gzip_or_plain(answer: tuple[bytes, bool]) -> str:
    content, is_gzip = answer
    return (gzip.decompress(content) if is_gzip else content).decode()


def _weight(base: str, html: str) -> tuple[int, int]:
    """What a browser fetches for a page: its HTML, styles, scripts, fonts and sprites, as sent; and how many other hosts."""
    wanted = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', html)) | {
        path for path in re.findall(r'href="(/static/[^"#]+\.svg)#', html)
    }
    total = len(gzip.compress(html.encode()))
    for path in sorted(wanted):
        content, _is_gzip = _fetch(base + path)
        total += len(content)
    return total, len(re.findall(r'(?:href|src)="https?://', html))


def _pss(pid: int) -> float:
    """MiB of proportional memory of a process and its children."""
    children = subprocess.run(
        ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    total = 0
    for one in [str(pid), *children]:
        match = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)
        total += int(match.group(1)) if match else 0
    return total / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=50)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        print(json.dumps(measure_pages(given.requests)))
        return 0
    is_within = True
    for kind in database.KINDS:
        with database.filled(kind, given.people) as variables:
            command = [sys.executable, __file__, "--inside", "--requests", str(given.requests)]
            said = subprocess.run(
                command, env=os.environ | variables, capture_output=True, text=True, check=False
            )
            if said.returncode:
                print(said.stderr[-2000:])
                return 1
            rows = json.loads(said.stdout.strip().splitlines()[-1])
            print(f"### {kind}, {given.people} persone\n")
            print(
                "| pagina | CPU ms | entro | istruzioni | entro | CPU base dati ms | stato |\n|---|---:|---:|---:|---:|---:|---:|"
            )
            for row in rows:
                late = bool(row["budget_ms"] and row["ms"] > row["budget_ms"])
                many = bool(row["budget_statements"] and row["statements"] > row["budget_statements"])
                is_within &= not (late or many) and row["status"] == 200
                print(
                    f"| {row['page']} | {row['ms']}{' **' if late else ''} | {row['budget_ms'] or ''} | {row['statements']}"
                    f"{' **' if many else ''} | {row['budget_statements'] or ''} | {row['database_ms']} | {row['status']} |"
                )
            print()
            if kind == "sqlite":
                print("| servizio | misura | entro |\n|---|---:|---:|")
                print("\n".join(measure_server(variables)) + "\n")
    return 0 if is_within else 1


if __name__ == "__main__":
    sys.exit(main())
