"""The menu: pages of one area share an entry, and the page where one is stays marked on its inner pages."""

import pytest
from django.test import RequestFactory
from django.urls import resolve

from ali.desk.navigation import MENU, Area, navigation_for
from tests.factories.organisations import actor_for_role

pytestmark = pytest.mark.django_db
SOME_ID = "01a20652-b152-7989-8c16-84849d9790b7"


def menu(role: str, path: str) -> list[dict]:  # type: ignore[type-arg]
    request = RequestFactory().get(path)
    request.actor = actor_for_role(role)  # type: ignore[attr-defined]
    request.resolver_match = resolve(path)
    return navigation_for(request)


def marked(role: str, path: str) -> list[str]:
    found = [one for one in menu(role, path) if one["current"]]
    inner = [page for one in found for page in one.get("pages", []) if page["current"]]
    return [str(one["label"]) for one in (*found, *inner)]


@pytest.mark.parametrize(
    ("role", "path", "labels"),
    [
        ("prefecture_officer", "/", ["Oggi"]),
        ("prefecture_officer", f"/abbinamenti/giro/{SOME_ID}/", ["Abbinamenti"]),
        ("prefecture_officer", f"/abbinamenti/proposte/{SOME_ID}/", ["Proposte"]),
        ("prefecture_officer", f"/case/{SOME_ID}/", ["Case"]),
        ("prefecture_officer", f"/persona/{SOME_ID}/", []),
        ("housing_manager", f"/case/{SOME_ID}/", ["Abitare", "Case"]),
        ("housing_manager", "/affitti/", ["Abitare", "Affitti"]),
    ],
)
def test_place_in_the_menu_is_marked_on_inner_pages_too(role: str, path: str, labels: list[str]) -> None:
    assert marked(role, path) == labels


def test_area_with_one_page_is_that_page() -> None:
    labels = {str(one["label"]): one for one in menu("prefecture_officer", "/")}

    assert "Case" in labels
    assert "Abitare" not in labels


def test_every_page_of_an_area_opens_for_somebody_who_keeps_homes() -> None:
    (area,) = [one for one in menu("housing_manager", "/") if "pages" in one]
    (abitare,) = [one for one in MENU if isinstance(one, Area)]

    assert len(area["pages"]) == len(abitare.items)
