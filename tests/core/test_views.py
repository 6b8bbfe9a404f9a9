import re

import pytest
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def gallery(client: Client) -> str:
    return client.get("/_components/").content.decode()


@override_settings(IS_DEMO=True)
def test_the_gallery_shows_every_component(gallery: str) -> None:
    assert gallery.count("<h1") == 1
    assert not re.search(r"<c-|{%|{{", gallery)


@override_settings(IS_DEMO=True)
def test_every_id_is_on_one_element(gallery: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', gallery)
    twice = {one for one in ids if ids.count(one) > 1 and not one.startswith("id_")}

    assert twice == set()


@override_settings(IS_DEMO=True)
def test_every_form_that_changes_something_carries_its_key(gallery: str) -> None:
    posting = [
        form for form in re.findall(r"<form\b.*?</form>", gallery, re.DOTALL) if 'method="post"' in form
    ]

    assert [form[:120] for form in posting if "idempotency_key" not in form] == []
    assert posting


@override_settings(IS_DEMO=False, DEBUG=False)
@pytest.mark.parametrize("address", ["/_components/", "/_components/points.geojson"])
def test_the_gallery_does_not_exist_in_production(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@override_settings(IS_DEMO=True)
def test_an_unknown_address_says_what_to_do(client: Client) -> None:
    answer = client.get("/non-esiste/")

    assert answer.status_code == 404
    assert "Pagina non trovata" in answer.content.decode()
