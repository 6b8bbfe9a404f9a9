"""A case worker writes a job and savings on a phone; the amounts stay with those who follow the person."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ali.accounts import roles
from ali.organisations.models import Organisation
from ali.work.models import Job, Means
from tests.factories.organisations import actor_for_role
from tests.factories.people import PersonFactory
from tests.journeys.browser import assert_no_sideways_scroll
from tests.journeys.conftest import PageAs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_case_worker_writes_a_job_and_savings(
    width: str,
    page_as: PageAs,
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], Path],
    today: date,
) -> None:
    worker = actor_for_role(roles.CENTRE_OPERATOR.code)
    person = PersonFactory(carer=Organisation.objects.get(pk=worker.organisation_id))
    page = page_as(worker, width=width)

    page.goto(f"/lavoro/persona/{person.public_id}/nuovo/")
    axe(page)
    assert_no_sideways_scroll(page)
    page.get_by_label("Netto al mese").fill("meno di mille")
    page.get_by_label("Dal", exact=False).first.fill("2026-01-01")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_label("Netto al mese")).to_have_value("meno di mille")
    screenshot(page, f"work-job-refused-{width}")
    axe(page)
    page.get_by_label("Netto al mese").fill("913,57")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(person.surname, ignore_case=True)
    assert Job.objects.get().net_monthly_cents == 91_357

    page.goto(f"/lavoro/{Job.objects.get().public_id}/")
    screenshot(page, f"work-job-{width}")
    axe(page)
    page.goto(f"/lavoro/persona/{person.public_id}/mezzi/")
    page.get_by_label("Risparmi").fill("400")
    screenshot(page, f"work-means-{width}")
    axe(page)
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(person.surname, ignore_case=True)
    assert Means.objects.get().savings_cents == 40_000
