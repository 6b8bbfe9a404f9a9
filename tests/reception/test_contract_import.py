"""Contracts of the public file into contracts, bodies and centres."""

import io
from datetime import date

import pytest

from ali.accounts.actors import Actor
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.imports import services
from ali.imports.models import ImportRun
from ali.imports.states import Answer, Effect, RowStatus
from ali.organisations.models import Organisation
from ali.reception import contract_import
from ali.reception.models import Centre, Contract
from ali.reception.states import ReadingStatus
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.places import load_small_places

pytestmark = pytest.mark.django_db
HEADER = (
    "cig,oggetto_gara,oggetto_lotto,sigla_provincia,luogo_istat,data_pubblicazione,amministrazione,cod_cpv"
)
CLEAR = (
    "ACCOGLIENZA RICHIEDENTI PROTEZIONE INTERNAZIONALE IN UNITA ABITATIVE PER N. 12 POSTI "
    "NEL COMUNE DI CADONEGHE GESTITO DA COOPERATIVA SOCIALE ESEMPIO LUNARE ONLUS DAL 01/01/2025 AL {end}"
)


def row(cig: str = "A000000001", subject: str = "", province: str = "PD", end: str = "31/12/2026") -> str:
    text = subject or CLEAR.format(end=end)
    return f'{cig},"{text}",,{province},028060,2025-01-02,PREFETTURA DI PADOVA,85311000-2'


def staged(actor: Actor, *rows: str) -> ImportRun:
    content = "\n".join([HEADER, *rows, ""]).encode()
    return services.stage_file(
        actor=actor, kind="anac", source=io.BytesIO(content), name="contratti.csv", today=clock.today()
    )


def apply(actor: Actor, run: ImportRun) -> ImportRun:
    return services.apply_run(actor=actor, run=run, today=clock.today(), now=clock.now())


@pytest.fixture
def officer(today: date) -> Actor:
    load_small_places()
    return actor_for_role("prefecture_officer")


def test_a_clear_contract_makes_the_body_and_the_centre(officer: Actor) -> None:
    run = apply(officer, staged(officer, row()))

    contract = Contract.objects.get()
    assert (contract.places, contract.kind, contract.reading) == (12, "UA", ReadingStatus.OK)
    assert contract.ends_on == date(2026, 12, 31)
    assert contract.manager is not None
    assert "ESEMPIO LUNARE" in contract.manager.name
    assert not contract.manager.is_invented
    assert contract.manager.roles.get().kind == "EG"
    centre = Centre.objects.get()
    assert (centre.contract, centre.places, centre.municipality.name) == (contract, 12, "Cadoneghe")
    assert (centre.closes_on, centre.is_invented) == (None, False)
    assert run.totals["effect_new"] == 1
    assert AuditEvent.objects.filter(verb="contracts_imported").exists()


def test_a_contract_of_several_municipalities_gives_a_centre_in_each(officer: Actor) -> None:
    text = CLEAR.format(end="31/12/2026").replace("COMUNE DI CADONEGHE", "COMUNI DI CADONEGHE E PADOVA")

    apply(officer, staged(officer, row(subject=text)))

    found = Centre.objects.order_by("municipality__name").values_list("municipality__name", "places")
    assert list(found) == [("Cadoneghe", 0), ("Padova", 0)]


def test_a_centre_of_an_ended_contract_is_closed(officer: Actor) -> None:
    apply(officer, staged(officer, row(end="31/01/2026")))

    assert Centre.objects.get().closes_on == date(2026, 1, 31)


def test_the_same_rows_twice_change_nothing(officer: Actor) -> None:
    apply(officer, staged(officer, row(), row("A000000002", end="30/06/2026")))
    before = list(Contract.objects.order_by("pk").values())
    centres = list(Centre.objects.order_by("pk").values())

    again = apply(officer, staged(officer, row(), row("A000000002", end="30/06/2026")))

    assert again.totals["effect_same"] == 2
    assert "già stato applicato" in again.notes[-1]["text"]
    assert list(Contract.objects.order_by("pk").values()) == before
    assert list(Centre.objects.order_by("pk").values()) == centres
    assert Organisation.objects.filter(name__contains="LUNARE").count() == 1


def test_a_known_body_is_found_whatever_its_legal_form(officer: Actor) -> None:
    known = OrganisationFactory(name="Esempio Lunare soc. coop. sociale")

    apply(officer, staged(officer, row()))

    assert Contract.objects.get().manager == known


def test_an_invented_body_never_stands_for_a_real_one(officer: Actor) -> None:
    invented = OrganisationFactory(name="Cooperativa sociale Esempio Lunare", is_invented=True)

    apply(officer, staged(officer, row()))

    assert Contract.objects.get().manager != invented


def test_what_a_person_confirmed_is_not_read_again(officer: Actor) -> None:
    apply(officer, staged(officer, row()))
    Contract.objects.update(reading=ReadingStatus.CONFIRMED, places=15)

    again = apply(officer, staged(officer, row(end="30/11/2026")))

    assert (Contract.objects.get().places, again.totals["effect_same"]) == (15, 1)


def test_a_changed_text_changes_the_contract(officer: Actor) -> None:
    apply(officer, staged(officer, row()))

    again = apply(officer, staged(officer, row(end="30/11/2026")))

    assert again.totals["effect_changed"] == 1
    assert Contract.objects.get().ends_on == date(2026, 11, 30)


def test_a_doubtful_reading_waits_for_a_person_and_makes_no_centre(officer: Actor) -> None:
    text = CLEAR.format(end="31/12/2026").replace("CADONEGHE", "VICENZA")

    apply(officer, staged(officer, row(subject=text)))

    assert Contract.objects.get().reading == ReadingStatus.DOUBTFUL
    assert not Centre.objects.exists()


def test_other_provinces_are_left_to_their_prefecture(officer: Actor) -> None:
    run = apply(officer, staged(officer, row(province="VI"), row("A000000002", province="XX")))

    assert not Contract.objects.exists()
    assert {one.status for one in run.rows.all()} == {RowStatus.SKIPPED}
    assert "la importa la sua prefettura" in run.rows.first().messages[-1]["text"]


def test_what_is_not_reception_is_skipped_with_its_reason(officer: Actor) -> None:
    run = apply(officer, staged(officer, row(subject="SERVIZIO DI PULIZIA DEGLI UFFICI DELLA PREFETTURA")))

    [read] = run.rows.all()
    assert (read.status, read.effect, read.messages != []) == (RowStatus.SKIPPED, Effect.NONE, True)
    assert not Contract.objects.exists()


def test_a_person_may_leave_a_doubtful_row_out(officer: Actor) -> None:
    run = staged(officer, row(subject=CLEAR.format(end="31/12/2026").replace("CADONEGHE", "VICENZA")))
    [doubtful] = run.rows.all()
    assert doubtful.offers == [Answer.USE, Answer.SKIP]

    services.decide_row(
        actor=officer,
        row=doubtful,
        decision=Answer.SKIP,
        today=clock.today(),
        expected_version=doubtful.version,
    )
    apply(officer, run)

    assert not Contract.objects.exists()


def test_a_crash_in_the_middle_leaves_nothing(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    run = staged(officer, *(row(f"A00000000{number}") for number in range(5)))
    made = contract_import._manager_of
    seen: list[object] = []

    def third_breaks(*rest: object) -> object:
        seen.append(rest)
        if len(seen) == 3:
            raise RuntimeError("power cut")
        return made(*rest)  # type: ignore[arg-type]

    monkeypatch.setattr(contract_import, "_manager_of", third_breaks)
    with pytest.raises(RuntimeError, match="power cut"):
        apply(officer, run)

    run.refresh_from_db()
    assert run.is_open
    assert not Contract.objects.exists()
    assert not Organisation.objects.filter(name__contains="LUNARE").exists()
    monkeypatch.setattr(contract_import, "_manager_of", made)
    assert apply(officer, run).totals["effect_new"] == 5
