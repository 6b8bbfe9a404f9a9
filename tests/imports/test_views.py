"""The pages of the imports: choose, correct, look, decide, apply."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from ali.imports import progress, services, tasks
from ali.imports.models import ImportRun, StagedRow
from ali.imports.states import RunState
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.reception.models import Centre
from tests.clients import ClientAs, RoleClient, once
from tests.factories.places import load_small_places
from tests.factories.reception import CentreFactory
from tests.reception.guest_files import DATA, load_states

pytestmark = pytest.mark.django_db
LIST = "Centro;Cognome;Nome;CUI\nVilla Prova;Diallo;Awa;05AAA01\n"


@pytest.fixture
def coordinator(client_as: ClientAs) -> RoleClient:
    load_states()
    return client_as("centre_coordinator")


@pytest.fixture
def villa(coordinator: RoleClient) -> Centre:
    return CentreFactory(name="Villa Prova", manager_id=coordinator.actor.organisation_id)


def sender(client: RoleClient) -> str:
    return str(Organisation.objects.get(pk=client.actor.organisation_id).public_id)


def send(client: RoleClient, content: bytes = LIST.encode(), name: str = "elenco.csv", **rest: str) -> Any:
    given = {"kind": "guests", "sender": sender(client), "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("imports:run_add"), {**given, **rest, **once()})


def url(name: str, run: ImportRun, *rest: object) -> str:
    return reverse(f"imports:{name}", args=[run.public_id, *rest])


def test_a_new_layout_asks_for_its_columns_and_then_no_more(coordinator: RoleClient, villa: Centre) -> None:
    first = send(coordinator)
    run = ImportRun.objects.get()
    assert first.headers["Location"] == url("run_columns", run)

    asked = coordinator.get(url("run_columns", run))
    assert "Per esempio: «Diallo»" in asked.content.decode()
    answers = {"column_0": "centre", "column_1": "surname", "column_2": "given_names", "column_3": "cui"}
    done = coordinator.post(url("run_columns", run), {**answers, "version": run.version, **once()})
    assert done.headers["Location"] == url("run_detail", run)

    second = send(coordinator)
    assert "/colonne/" not in second.headers["Location"]


def test_two_columns_cannot_be_one_field(coordinator: RoleClient, villa: Centre) -> None:
    send(coordinator)
    run = ImportRun.objects.get()

    answer = coordinator.post(
        url("run_columns", run),
        {"column_1": "surname", "column_2": "surname", "version": run.version, **once()},
    )

    assert answer.status_code == 422
    assert "un campo viene da una sola colonna" in answer.content.decode()


def test_rows_are_shown_and_applied(coordinator: RoleClient, villa: Centre) -> None:
    send(coordinator)
    run = ImportRun.objects.get()

    shown = coordinator.get(url("run_detail", run)).content.decode()
    done = coordinator.post(url("run_apply", run), once())

    assert "Diallo" in shown
    assert "da aggiungere" in shown
    assert done.status_code == 302
    assert Person.objects.get().surname == "Diallo"
    after = coordinator.get(url("run_detail", run)).content.decode()
    assert "applicato" in after
    assert "Diallo" not in after


def test_a_centre_that_is_missing_is_added_from_the_page(coordinator: RoleClient) -> None:
    send(coordinator)
    run = ImportRun.objects.get()
    page = coordinator.get(url("run_detail", run)).content.decode()
    assert "Quali centri sono?" in page
    add = f"{reverse('reception:centre_add')}?name=Villa+Prova&amp;next="
    assert add in page

    added = coordinator.post(
        f"{reverse('reception:centre_add')}?next={url('run_detail', run)}",
        {
            "name": "Villa Prova",
            "manager": sender(coordinator),
            "municipality": "028060",
            "kind": "UA",
            "places": "12",
            **once(),
        },
    )
    assert added.headers["Location"] == url("run_detail", run)
    coordinator.post(url("run_check", run), once())

    assert StagedRow.objects.get().status == "ok"


def test_the_address_after_adding_a_centre_is_ours(coordinator: RoleClient) -> None:
    page = coordinator.get(f"{reverse('reception:centre_add')}?next=https://altrove.example/")

    assert "altrove.example" not in page.content.decode().split("Annulla")[0].rsplit("href", 1)[-1]


def test_a_question_is_answered_on_the_page(coordinator: RoleClient) -> None:
    house = CentreFactory(name="Casa Diversa", manager_id=coordinator.actor.organisation_id)
    send(coordinator)
    run = ImportRun.objects.get()

    coordinator.post(
        url("run_answer", run), {"key": "centre:villa prova", "answer": str(house.public_id), **once()}
    )

    assert StagedRow.objects.get().status == "ok"


def test_a_row_is_skipped_and_taken_back(coordinator: RoleClient, villa: Centre) -> None:
    send(coordinator, b"Centro;Cognome;Nome;CUI\nAltrove;Diallo;Awa;05AAA01\n")
    run = ImportRun.objects.get()

    coordinator.post(
        url("row_decide", run, 2), {"decision": "skip", "status": "doubtful", "version": 1, **once()}
    )
    assert StagedRow.objects.get().status == "skipped"
    coordinator.post(url("row_decide", run, 2), {"decision": "", "version": 2, **once()})
    assert StagedRow.objects.get().status == "doubtful"


def test_a_discarded_file_leaves_no_row(coordinator: RoleClient, villa: Centre) -> None:
    send(coordinator)
    run = ImportRun.objects.get()

    coordinator.post(url("run_discard", run), once())

    assert not StagedRow.objects.exists()
    assert "Del file non resta nulla" in coordinator.get(url("run_detail", run)).content.decode()


def test_the_officer_imports_for_a_manager_of_the_province(client_as: ClientAs, villa: Centre) -> None:
    officer = client_as("prefecture_officer")

    send(officer, sender=str(villa.manager.public_id))

    assert StagedRow.objects.get().status == "ok"
    assert ImportRun.objects.get().sender == villa.manager


def test_a_coordinator_is_not_offered_other_senders(coordinator: RoleClient, client_as: ClientAs) -> None:
    other = client_as("centre_coordinator")

    answer = send(coordinator, sender=sender(other))

    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


def test_contracts_need_no_sender_nor_columns(client_as: ClientAs) -> None:
    load_small_places()
    officer = client_as("prefecture_officer")
    contracts = Path(services.__file__).parents[1] / "reception/data/contracts_pd_vi_ro_re_bs.csv"
    some = b"\n".join(contracts.read_bytes().split(b"\n")[:20])

    answer = send(officer, some, "contratti.csv", kind="anac", sender="")

    run = ImportRun.objects.get()
    assert answer.headers["Location"] == url("run_detail", run)
    assert officer.get(url("run_columns", run)).status_code == 404


# --- bad files -----------------------------------------------------------------------------------------


def formulas() -> bytes:
    book, stream = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Cognome", "Nome"])
    sheet.append(["Diallo", '=HYPERLINK("http://altrove")'])
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"%PDF-1.4 elenco", "elenco.pdf", "è un PDF"),
        (b"Cognome;Nome\nDiallo\x00;Awa\n", "elenco.csv", "byte nulli"),
        (formulas(), "elenco.xlsx", "contiene una formula"),
        (b"PK\x03\x04non e uno zip", "elenco.xlsx", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "elenco.xls", "vecchio formato"),
        (b"", "elenco.csv", "vuoto"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_nothing_is_stored(
    coordinator: RoleClient, content: bytes, name: str, sentence: str
) -> None:
    answer = send(coordinator, content, name)

    text = answer.content.decode().replace("&#x27;", "'")
    assert answer.status_code == 422
    assert sentence in text
    assert "ali-error-summary" in text or "invalid" in text
    assert not ImportRun.objects.exists()


@override_settings(UPLOAD_LIMIT_BYTES=20_000)
def test_a_file_over_the_limit_is_refused_by_its_size_alone(
    coordinator: RoleClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ali.core.uploads.FORM_BYTES", 1000)
    monkeypatch.setattr(services, "read_table", None)

    answer = send(coordinator, b"a;b\n" * 20_000)

    assert answer.status_code == 422
    assert "il limite è 0 MB" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_the_limit_is_the_first_to_see_an_upload() -> None:
    assert settings.FILE_UPLOAD_HANDLERS[0] == "ali.core.uploads.SizeLimit"


def test_markup_in_names_is_shown_as_text(coordinator: RoleClient, villa: Centre) -> None:
    send(coordinator, b"Centro;Cognome;Nome;CUI\n<img src=x>;<script>alert(1)</script>;Awa;05AAA01\n")

    shown = coordinator.get(url("run_detail", ImportRun.objects.get())).content.decode()

    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "codici HTML" in shown


# --- long files ----------------------------------------------------------------------------------------


@pytest.fixture
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "INLINE_BYTES", 10)
    monkeypatch.setattr(services, "INLINE_ROWS", 0)


def work(run: ImportRun, name: str, client: RoleClient, *rest: Any) -> None:
    getattr(tasks, name).func(str(run.public_id), client.actor.grant_key, *rest)
    run.refresh_from_db()


def test_a_long_file_is_read_and_applied_by_the_worker(
    coordinator: RoleClient, villa: Centre, everything_is_long: None
) -> None:
    answer = send(coordinator)
    run = ImportRun.objects.get()
    assert answer.headers["Location"] == url("run_detail", run)
    assert "In attesa del lavoro in coda" in coordinator.get(url("run_progress", run)).content.decode()

    work(run, "read_file", coordinator)
    assert (run.state, run.totals["rows"]) == (RunState.STAGED, 1)
    coordinator.post(url("run_apply", run), once())
    run.refresh_from_db()
    assert run.state == RunState.APPLYING
    work(run, "apply_run", coordinator)

    assert run.state == RunState.APPLIED
    assert Person.objects.count() == 1
    assert "Apri le righe" in coordinator.get(url("run_progress", run)).content.decode()


def test_a_long_file_that_cannot_be_read_says_why(coordinator: RoleClient, everything_is_long: None) -> None:
    send(coordinator, b"Cognome;Nome\nDiallo\x00;Awa\n")
    run = ImportRun.objects.get()

    work(run, "read_file", coordinator)

    assert run.state == RunState.FAILED
    assert "byte nulli" in coordinator.get(url("run_detail", run)).content.decode()
    assert not run.rows.exists()


def test_a_stopped_import_stores_nothing(
    coordinator: RoleClient, villa: Centre, everything_is_long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(coordinator)
    run = ImportRun.objects.get()
    work(run, "read_file", coordinator)
    coordinator.post(url("run_apply", run), once())

    def stopped(self: progress.Ticker, done: int) -> None:
        raise progress.ImportStopped

    monkeypatch.setattr(progress.Ticker, "__call__", stopped)
    work(run, "apply_run", coordinator)

    assert run.state == RunState.STAGED
    assert not Person.objects.exists()


def test_a_broken_import_comes_to_rest_and_says_so(
    coordinator: RoleClient, villa: Centre, everything_is_long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(coordinator)
    run = ImportRun.objects.get()
    work(run, "read_file", coordinator)
    coordinator.post(url("run_apply", run), once())

    def broken(**rest: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(services, "apply_run", broken)
    with pytest.raises(RuntimeError):
        work(run, "apply_run", coordinator)

    run.refresh_from_db()
    assert run.state == RunState.STAGED
    assert "nulla è stato salvato" in coordinator.get(url("run_detail", run)).content.decode()


def test_a_worker_that_gives_no_sign_of_life_can_be_left(
    coordinator: RoleClient, villa: Centre, everything_is_long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(coordinator)
    run = ImportRun.objects.get()

    coordinator.post(url("run_stop", run), once())

    run.refresh_from_db()
    assert run.state == RunState.DISCARDED


def test_columns_of_a_long_file_are_read_again_by_the_worker(
    coordinator: RoleClient, villa: Centre, everything_is_long: None
) -> None:
    send(coordinator)
    run = ImportRun.objects.get()
    work(run, "read_file", coordinator)
    answers = {"column_0": "centre", "column_1": "given_names", "column_2": "surname", "column_3": "cui"}

    coordinator.post(url("run_columns", run), {**answers, "version": run.version, **once()})
    chosen = {"centre": "Centro", "given_names": "Cognome", "surname": "Nome", "cui": "CUI"}
    work(run, "read_again", coordinator, chosen)

    assert (run.state, StagedRow.objects.get().fields["surname"]) == (RunState.STAGED, "Awa")


def test_history_has_no_more_queries_with_more_runs(coordinator: RoleClient, villa: Centre) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    send(coordinator)
    with CaptureQueriesContext(
        connection,
    ) as one:
        coordinator.get(reverse("imports:run_list"))
    for _number in range(3):
        send(coordinator)
    with CaptureQueriesContext(connection) as many:
        coordinator.get(reverse("imports:run_list"))

    assert len(one) == len(many)


def test_the_three_layouts_are_accepted_by_the_page(coordinator: RoleClient) -> None:
    for name in ("guests_cooperative.csv", "guests_split_names.csv"):
        assert send(coordinator, (DATA / name).read_bytes(), name).status_code == 302


def test_a_row_decided_by_somebody_else_meanwhile_is_not_decided_again(
    coordinator: RoleClient, villa: Centre
) -> None:
    send(coordinator, b"Centro;Cognome;Nome;CUI\nAltrove;Diallo;Awa;05AAA01\n")
    run, row = ImportRun.objects.get(), StagedRow.objects.get()
    assert 'name="version" value="1"' in coordinator.get(url("run_detail", run)).content.decode()
    row.save_if_unchanged(1)

    answer = coordinator.post(url("row_decide", run, 2), {"decision": "skip", "version": 1}, follow=True)

    row.refresh_from_db()
    assert "Qualcun altro ha modificato" in answer.content.decode()
    assert (row.decision, row.status) == ("", "doubtful")


FAULTS = (
    "Centro;Cognome;Nome;Nato/a il;Sesso;C.F.\n"
    "Villa Prova;Diallo;Awa;03/14/1990;F;\n"
    "Villa Prova;<b>Finta</b>;Ada;01/02/1990;F;\n"
    "Villa Prova;NiccolÃ²;Bo;01/02/1990;M;\n"
    "Villa Prova;Prova;Cora;10/10/1988;F;ABCDEF99Z99Z999Z\n"
    "Villa Prova;=1+1;Dino;10/10/1988;M;\n"
    "Villa Prova;Sana;Eva;10/10/1988;F;\n"
)


def test_rows_with_errors_go_back_to_the_sender_with_what_is_wrong(
    coordinator: RoleClient, villa: Centre
) -> None:
    send(coordinator, FAULTS.encode())
    run = ImportRun.objects.get()

    page = coordinator.get(url("run_detail", run)).content.decode()
    answer = coordinator.get(url("run_rejected", run))

    assert url("run_rejected", run) in page
    assert "Gli accenti del file sono stati rovinati prima («NiccolÃ²» per «Niccolò»)" in page
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    table = list(sheet.iter_rows(values_only=True))
    assert table[0][-2:] == ("Riga", "Che cosa correggere")
    assert [row[-2] for row in table[1:]] == [2, 3, 4, 5, 6]
    said = [row[-1] for row in table[1:]]
    for sentence, expected in zip(
        said, ("forse 14/03/1990", "codici HTML", "Niccolò", "è impossibile", "non è un nome"), strict=True
    ):
        assert expected in sentence
    assert table[5][1] == "'=1+1"


def test_what_was_said_of_the_file_is_said_again_after_choosing_columns(
    coordinator: RoleClient, villa: Centre
) -> None:
    send(coordinator, b"Elenco di prova;;;\n" + LIST.encode())
    run = ImportRun.objects.get()
    told = "L'intestazione è alla riga 2: le righe sopra sono state saltate."
    answers = {"column_0": "centre", "column_1": "surname", "column_2": "given_names", "column_3": "cui"}

    for _time in range(2):
        run.refresh_from_db()
        coordinator.post(url("run_columns", run), {**answers, "version": run.version, **once()})

    run.refresh_from_db()
    assert [note["text"] for note in run.notes].count(told) == 1


def test_nothing_to_send_back_once_it_is_over(coordinator: RoleClient, villa: Centre) -> None:
    send(coordinator, FAULTS.encode())
    run = ImportRun.objects.get()
    coordinator.post(url("run_discard", run), once())

    assert coordinator.get(url("run_rejected", run)).status_code == 404


def test_an_archive_that_swells_is_refused_by_the_page_and_nothing_is_kept(coordinator: RoleClient) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))

    answer = send(coordinator, bomb.getvalue(), name="elenco.xlsx")

    assert answer.status_code == 422
    assert "è smisurato (2 parti, 60 MB): non è stato letto" in answer.content.decode()
    assert not ImportRun.objects.exists()
