"""An officer imports the guest list that a cooperative has sent: columns, an unknown centre, a doubt, and apply."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from ali.core import clock
from ali.organisations.models import Organisation
from ali.people.models import Person
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.people import PersonFactory
from tests.factories.reception import CentreFactory
from tests.reception.guest_files import DATA, load_states


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_officer_imports_a_guest_list(
    page_as: Any, axe: Any, screenshot: Any, tmp_path: Path, width: str
) -> None:
    load_states()
    coop = OrganisationFactory(name="Cooperativa Inventata", is_invented=True)
    CentreFactory(name="Casa inventata prova", manager=coop)
    officer = actor_for_role("prefecture_officer")
    PersonFactory(
        carer=coop,
        prefecture=Organisation.objects.get(pk=officer.organisation_id),
        surname="Inventatta",
        given_names="Fanta",
        birth_date=clock.today().replace(year=1995, month=9, day=1),
        citizenship="443",
    )
    page = page_as(officer, width=width)

    page.goto("/importazioni/")
    expect(page.get_by_text("Ancora nessuna importazione")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Nuova importazione").first.click()
    wrong = tmp_path / "elenco.pdf"
    wrong.write_bytes(b"%PDF-1.7 elenco")
    page.get_by_label("Chi lo manda").select_option(label="Cooperativa Inventata")
    page.get_by_label("File").set_input_files(wrong)
    page.get_by_role("button", name="Leggi il file").click()
    expect(page.get_by_text(re.compile("è un PDF")).first).to_be_visible()
    axe(page)
    screenshot(page, f"import-refused-{width}")

    page.get_by_label("File").set_input_files(DATA / "guests_cooperative.csv")
    page.get_by_role("button", name="Leggi il file").click()
    expect(page.get_by_role("heading", name="Che cosa c’è in ogni colonna")).to_be_visible()
    expect(page.get_by_label("Nominativo")).to_have_value("full_name")
    axe(page)
    screenshot(page, f"import-columns-{width}")
    page.get_by_role("button", name="Va bene, controlla le righe").click()

    expect(page.get_by_role("heading", name="Quali centri sono?")).to_be_visible()
    axe(page)
    screenshot(page, f"import-rows-{width}")
    page.get_by_role("link", name="Aggiungi il centro").click()
    expect(page.get_by_label("Nome del centro")).to_have_value("Appartamento Finto")
    page.get_by_label("Ente gestore").select_option(label="Cooperativa Inventata")
    page.get_by_label("Comune").select_option(label="Padova")
    axe(page)
    page.get_by_role("button", name="Aggiungi").click()
    page.get_by_role("button", name="Ricontrolla").click()
    expect(page.get_by_role("heading", name="Quali centri sono?")).to_have_count(0)

    page.get_by_role("link", name=re.compile("Da controllare")).click()
    expect(page.get_by_text("Dialló")).to_have_count(0)
    page.get_by_label("Che cosa fare della riga 5").select_option(label="è una persona nuova")
    page.get_by_role("button", name="Decidi").first.click()
    page.get_by_role("button", name="Applica le righe che vanno bene").click()
    expect(page.get_by_text("Importazione applicata.")).to_be_visible()
    axe(page)
    screenshot(page, f"import-applied-{width}")
    assert Person.objects.count() == 5

    page.goto("/importazioni/")
    axe(page)
    screenshot(page, f"import-history-{width}")
