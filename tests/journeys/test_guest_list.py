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
from tests.journeys.browser import assert_no_sideways_scroll
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


FAULTS = """Struttura;Nominativo;Genere;Nato/a il;Nazionalità;C.F.;Ingresso
Casa inventata prova;PROVA Dialló;M;14/03/1990;Senegal;;02/05/2024
Casa inventata prova;SBAGLIATA Data;M;03/14/1990;Mali;;02/05/2024
Casa inventata prova;IMPOSSIBILE Codice;M;10/10/1988;Gambia;ABCDEF99Z99Z999Z;02/05/2024
Casa inventata prova;DIVERSO Sesso;M;12/09/1995;Nigeria;NVNFNT95P52Z335K;02/05/2024
Casa inventata prova;<b>GRASSO</b> <script>alert(1)</script>;M;01/02/1991;Ghana;;02/05/2024
Casa inventata prova;=CMD(1) Formula;M;01/02/1992;Ghana;;02/05/2024
Casa inventata prova;ROTTO NiccolÃ²;M;05/06/1989;Egitto;;02/05/2024
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("role", ["prefecture_officer", "centre_coordinator"])
def test_a_list_full_of_faults_says_what_is_wrong_row_by_row(
    page_as: Any, axe: Any, screenshot: Any, tmp_path: Path, role: str, width: str
) -> None:
    load_states()
    who = actor_for_role(role)
    body = Organisation.objects.get(pk=who.organisation_id)
    coop = body if role == "centre_coordinator" else OrganisationFactory(name="Cooperativa Inventata")
    CentreFactory(name="Casa inventata prova", manager=coop)
    faults = tmp_path / "guasti.csv"
    faults.write_bytes(FAULTS.encode("cp1252"))
    page = page_as(who, width=width)

    page.goto("/importazioni/nuova/")
    page.get_by_label("Chi lo manda").select_option(label=coop.name)
    page.get_by_label("File").set_input_files(faults)
    page.get_by_role("button", name="Leggi il file").click()
    page.get_by_role("button", name="Va bene, controlla le righe").click()

    for sentence in (
        "forse 14/03/1990",
        "è impossibile",
        "il codice fiscale dice",
        "codici HTML",
        "non è un nome",
        "forse «ROTTO Niccolò»",
    ):
        expect(page.get_by_text(re.compile(sentence)).first).to_be_visible()
    axe(page)
    assert_no_sideways_scroll(page)
    screenshot(page, f"import-faults-{role}-{width}")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Righe da correggere").click()
    assert saved.value.suggested_filename.startswith("da-correggere-")
    page.get_by_role("button", name="Applica le righe che vanno bene").click()
    expect(page.get_by_text("Importazione applicata.")).to_be_visible()
    axe(page)
    assert Person.objects.count() == 1
