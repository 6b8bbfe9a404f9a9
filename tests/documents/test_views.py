import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ali.audit.models import AuditEvent
from ali.documents.models import Document
from ali.documents.states import Audience
from ali.housing.models import Dwelling
from tests.clients import RoleClient, client_as, once
from tests.factories.documents import document_of, picture
from tests.housing.url_examples import home_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> RoleClient:
    return client_as("housing_manager")


@pytest.fixture
def home(manager: RoleClient) -> Dwelling:
    return home_for(manager.actor)


def send(client: RoleClient, home: Dwelling, content: bytes, name: str = "foto.jpg"):
    data = {"kind": "photo", "title": "Cucina", "audience": "network", **once()}
    data["file"] = SimpleUploadedFile(name, content)
    return client.post(f"/documenti/casa/{home.public_id}/aggiungi/", data)


def test_photo_of_a_home_is_attached_and_shown(manager: RoleClient, home: Dwelling) -> None:
    answer = send(manager, home, picture())

    kept = Document.objects.get()
    shown = manager.get(answer.url).content.decode()
    assert f"/documenti/{kept.public_id}/miniatura/" in shown
    assert kept.file.name.split("/")[-1] != "foto.jpg"
    assert AuditEvent.objects.filter(verb="file_attached").count() == 1


def test_same_file_twice_is_refused(manager: RoleClient, home: Dwelling) -> None:
    send(manager, home, picture())

    again = send(manager, home, picture())

    assert again.status_code == 422
    assert "c&#x27;è già" in again.content.decode()
    assert Document.objects.count() == 1


def test_nothing_is_kept_of_what_is_no_document(manager: RoleClient, home: Dwelling) -> None:
    answer = send(manager, home, b"<script>alert(1)</script>", "foto.jpg")

    assert answer.status_code == 422
    assert "non si può aprire" in answer.content.decode()
    assert not Document.objects.exists()


def test_file_opens_as_its_own_kind_and_never_as_a_page(manager: RoleClient, home: Dwelling) -> None:
    kept = document_of("casa", home.public_id, home.manager_id)

    answer = manager.get(f"/documenti/{kept.public_id}/")

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_for_the_body_alone_is_not_found_by_others(home: Dwelling) -> None:
    private = document_of("casa", home.public_id, home.manager_id, audience=Audience.BODY)

    for role in ("prefecture_officer", "centre_operator", "municipal_officer"):
        assert client_as(role).get(f"/documenti/{private.public_id}/").status_code == 404


def test_other_body_finds_neither_the_home_nor_its_files(home: Dwelling) -> None:
    shared = document_of("casa", home.public_id, home.manager_id)
    other = client_as("housing_manager")

    assert other.get(f"/documenti/{shared.public_id}/").status_code == 404
    assert other.get(f"/documenti/casa/{home.public_id}/aggiungi/").status_code == 404


def test_withdrawn_file_is_gone_from_the_page_and_says_why(manager: RoleClient, home: Dwelling) -> None:
    kept = document_of("casa", home.public_id, home.manager_id)

    manager.post(f"/documenti/{kept.public_id}/ritira/", {"version": "1", "reason": "sfocata", **once()})

    kept.refresh_from_db()
    assert (kept.withdrawn_reason, kept.withdrawn_by_id) == ("sfocata", manager.actor.user_id)
    assert manager.get(f"/documenti/{kept.public_id}/").status_code == 404


def test_file_is_not_withdrawn_without_a_reason(manager: RoleClient, home: Dwelling) -> None:
    kept = document_of("casa", home.public_id, home.manager_id)

    manager.post(f"/documenti/{kept.public_id}/ritira/", {"version": "1", "reason": " ", **once()})

    kept.refresh_from_db()
    assert kept.withdrawn_at is None
