"""Three months of rent: one is not paid, somebody calls, a plan is agreed, the bank brings the money, the arrears is over."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ali.accounts import roles
from ali.organisations.models import Organisation
from ali.rents.models import Account, Arrears
from ali.rents.totals import differences
from ali.work.models import Job
from tests.factories.organisations import actor_for_role
from tests.factories.people import PersonFactory
from tests.factories.rents import account_of
from tests.journeys.browser import assert_no_sideways_scroll
from tests.journeys.conftest import PageAs

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
 <Ntry><Amt Ccy="EUR">630.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-12</Dt></BookgDt>
  <AcctSvcrRef>R1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>INVENTATO SAMBA</Nm></Dbtr>
  <DbtrAcct><Id><IBAN>IT40S0542811101000000654321</IBAN></Id></DbtrAcct></RltdPties>
  <RmtInf><Ustrd>affitto febbraio e marzo</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
 <Ntry><Amt Ccy="EUR">1500.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-12</Dt></BookgDt>
  <AcctSvcrRef>R2</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>COMUNE DI PADOVA</Nm></Dbtr></RltdPties>
  <RmtInf><Ustrd>contributo primo trimestre</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_three_months_of_rent_with_one_arrears_recovered(
    width: str,
    page_as: PageAs,
    axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], Path],
    clock: Callable[[date | str], date],
    tmp_path: Path,
) -> None:
    clock("2026-01-03")
    accountant = actor_for_role(roles.RENT_ACCOUNTANT.code)
    body = Organisation.objects.get(pk=accountant.organisation_id)
    account = account_of(accountant, person=PersonFactory(surname="Inventato", given_names="Samba"))
    Job.objects.create(
        person=account.person,
        kind="fixed_term",
        net_monthly_cents=110_000,
        starts_on=date(2025, 9, 1),
        ends_on=date(2026, 8, 31),
    )
    ledger = f"/canoni/{account.public_id}/"

    def look(page: Page, name: str) -> None:
        axe(page)
        assert_no_sideways_scroll(page)
        screenshot(page, f"rents-{name}-{width}")

    page = page_as(accountant, width=width)
    page.goto("/canoni/")
    look(page, "none")
    page.get_by_role("button", name="Scrivi i dovuti di gennaio 2026").click()
    expect(page.get_by_text("Scritti 3 dovuti.")).to_be_visible()
    page.get_by_role("link", name=re.compile("INVENTATO")).click()
    page.get_by_role("link", name="Pagamento").click()
    page.get_by_label("Importo (€)").fill("315,00")
    page.get_by_label("Causale o ricevuta").fill("contanti, ricevuta 1")
    look(page, "payment")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_text("in pari").first).to_be_visible()

    for day, month in (("2026-02-03", "febbraio"), ("2026-03-03", "marzo")):
        clock(day)
        page = page_as(accountant, width=width)
        page.goto("/canoni/")
        page.get_by_role("button", name=f"Scrivi i dovuti di {month} 2026").click()
        expect(page.get_by_text("Scritti 3 dovuti.")).to_be_visible()
    look(page, "accounts")
    page.get_by_role("link", name="Dividi una bolletta").click()
    page.get_by_label("Casa").select_option(index=1)
    page.get_by_label("Importo della bolletta (€)").fill("90")
    page.get_by_label("Periodo dal").fill("2026-01-01")
    page.get_by_label("Periodo al").fill("2026-01-31")
    page.get_by_label("Causale").fill("gas")
    page.get_by_role("button", name="Fai vedere le parti").click()
    expect(page.get_by_role("cell", name="31", exact=True)).to_be_visible()
    look(page, "bill")
    page.goto("/canoni/arretrati/")
    expect(page.get_by_text("promemoria nella lingua della persona")).to_be_visible()
    look(page, "arrears")

    operator = page_as(actor_for_role(roles.HOUSING_OPERATOR.code, organisation=body), width=width)
    operator.goto(ledger)
    operator.get_by_text("Ho fatto un passo").click()
    operator.get_by_label("Passo", exact=False).select_option(label="Telefonata o visita")
    operator.get_by_label("Esito").fill("Lo stipendio è arrivato tardi: paga entro la metà di marzo.")
    operator.get_by_role("button", name="Registra il passo").click()
    expect(operator.get_by_text("sentita la persona").first).to_be_visible()
    look(operator, "ledger-operator")

    page.goto(ledger)
    page.get_by_role("link", name=re.compile("^rettifica")).first.click()
    look(page, "reverse")
    page.goto(ledger)
    page.get_by_role("link", name="Concorda un piano di rientro").click()
    page.get_by_label("Numero di rate mensili").fill("2")
    page.get_by_label("Prima rata entro il").fill("2026-03-15")
    look(page, "plan-form")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_text("piano di rientro in corso").first).to_be_visible()
    look(page, "ledger-plan")

    clock("2026-03-13")
    page = page_as(accountant, width=width)
    statement = tmp_path / "estratto.xml"
    statement.write_text(STATEMENT, encoding="utf-8")
    page.goto("/canoni/banca/")
    look(page, "bank-none")
    page.get_by_role("link", name="Importa dalla banca").click()
    page.get_by_label("File").set_input_files(statement)
    axe(page)
    page.get_by_role("button", name="Leggi il file").click()
    page.get_by_role("button", name="Applica le righe che vanno bene").click()
    expect(page.get_by_text("Importazione applicata.")).to_be_visible()
    page.goto("/canoni/banca/")
    expect(page.get_by_text("chi paga ha lo stesso nome")).to_be_visible()
    look(page, "bank")
    page.get_by_role("button", name=re.compile("^Conferma")).press("Enter")
    expect(page.get_by_text("COMUNE DI PADOVA").first).to_be_visible()
    page.locator("summary", has_text="Non è un canone").click()
    page.get_by_label("Che cos’è").fill("contributo del Comune")
    page.locator("details[open]").get_by_role("button", name="Non è un canone").click()
    expect(page.get_by_text("Tutte le entrate sono state guardate")).to_be_visible()
    look(page, "bank-done")

    page.goto(ledger)
    expect(page.get_by_text("in pari").first).to_be_visible()
    look(page, "ledger-recovered")
    page.goto("/canoni/da-prevenire/")
    expect(page.get_by_text("da settembre 2026 la fascia peggiora")).to_be_visible()
    look(page, "warnings")

    assert Arrears.objects.get().state == "recovered"
    assert Account.objects.get(pk=account.pk).balance_cents == 0
    assert differences() == []
