from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from ali.accounts import roles
from ali.core.decisions import NotAllowed, Refusal
from ali.portfolio.appraising import appraised
from ali.portfolio.models import Appraisal, AppraisalVersion
from ali.portfolio.presets import Known
from ali.portfolio.queries import known_of, options_of
from ali.portfolio.services import make_appraisal, make_options, revise_appraisal
from ali.portfolio.states import COMPARED
from ali.renovation.models import CostLine, Funding
from tests.clients import ClientAs
from tests.factories.organisations import actor_for_role
from tests.factories.renovation import home_to_renew, make_works

pytestmark = pytest.mark.django_db
# The test vector of domain reference 4.9.
VECTOR = {
    "capex": "35000",
    "fees_rate": "0.10",
    "grants": "8000",
    "monthly_rent": "480",
    "vacancy": "0.05",
    "arrears": "0.06",
    "yearly_costs": {"maintenance": "350", "insurance": "120", "taxes": "600"},
    "management_rate": "0.10",
    "discount_rate": "0.03",
    "years": 10,
    "loan": {"principal": "30000", "rate": "0.03", "years": 10},
}


def make(manager):
    home = home_to_renew(manager)
    return make_appraisal(
        actor=manager,
        building=home.building,
        works=None,
        name="Base",
        option="other",
        inputs=VECTOR,
        people=2,
    )


def test_page_shows_the_test_vector(client_as: ClientAs, today: date) -> None:
    manager = client_as(roles.HOUSING_MANAGER.code)
    appraisal = make(manager.actor)

    text = manager.get(reverse("portfolio:appraisal_detail", args=[appraisal.public_id])).content.decode()

    for shown in ("-664 €", "488,18 €", "289,68 €", "8,72", "1,01", "30.500 €", "3.497,68 €"):
        assert shown in text
    assert "stima" in text
    assert text.count('<svg class="ali-plot__svg') == 2


def test_revision_is_another_version_and_the_first_stays(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    appraisal = make(manager)

    revise_appraisal(
        actor=manager,
        appraisal=appraisal,
        inputs={**VECTOR, "monthly_rent": "520"},
        people=3,
        note="canone nuovo",
        expected_version=appraisal.version,
    )

    rows = [
        (row.number, row.inputs["monthly_rent"], row.people)
        for row in AppraisalVersion.objects.order_by("number")
    ]
    assert rows == [(1, "480", 2), (2, "520", 3)]


def test_impossible_inputs_and_other_bodies_are_refused(today: date) -> None:
    manager, other = actor_for_role(roles.HOUSING_MANAGER.code), actor_for_role(roles.HOUSING_MANAGER.code)
    appraisal = make(manager)

    with pytest.raises(Refusal, match="vacancy"):
        revise_appraisal(
            actor=manager,
            appraisal=appraisal,
            inputs={**VECTOR, "vacancy": "2"},
            people=1,
            note="",
            expected_version=1,
        )
    with pytest.raises(NotAllowed):
        revise_appraisal(
            actor=other, appraisal=appraisal, inputs=VECTOR, people=1, note="", expected_version=1
        )
    with pytest.raises(Refusal, match="tuo ente ha un alloggio"):
        make_appraisal(
            actor=other,
            building=appraisal.building,
            works=None,
            name="x",
            option="other",
            inputs=VECTOR,
            people=1,
        )
    assert not Appraisal.objects.visible_to(other).exists()


def test_form_starts_from_the_budget_the_grants_and_the_rents(today: date) -> None:
    manager = actor_for_role(roles.HOUSING_MANAGER.code)
    works = make_works(manager)
    CostLine.objects.create(works=works, category="bathroom", net_cents=1_000_000, vat=10)
    CostLine.objects.create(works=works, category="furniture", net_cents=100_000, vat=22)
    Funding.objects.create(works=works, kind="foundation", cents=300_000, state="granted")
    Funding.objects.create(works=works, kind="bank", cents=500_000, state="granted")

    known = known_of(works.building, manager, today)

    # 10,000 + VAT 10% and contingency 10% with its VAT; fees 10% with VAT 22%; two beds at 240 euros.
    assert known.capex == Decimal("12100.00")
    assert known.fees == Decimal("1220.00")
    assert (known.furniture, known.grants, known.loan) == (
        Decimal("1220.00"),
        Decimal("3000.00"),
        Decimal("5000.00"),
    )
    assert (known.monthly_rent, known.people) == (Decimal("480.00"), 2)


def test_options_are_made_once_and_stand_side_by_side(client_as: ClientAs, today: date) -> None:
    manager = client_as(roles.HOUSING_MANAGER.code)
    building = make_works(manager.actor).building
    known = Known(capex=Decimal(35000), fees=Decimal(3500), monthly_rent=Decimal(480), people=2)

    make_options(actor=manager.actor, building=building, works=None, known=known)

    options = options_of(building, manager.actor)
    assert [one.appraisal.option for one in options] == list(COMPARED)
    assert options[3].numbers.unit.investment == 0
    with pytest.raises(Refusal, match="ci sono già"):
        make_options(actor=manager.actor, building=building, works=None, known=known)
    text = manager.get(reverse("portfolio:building_options", args=[building.public_id])).content.decode()
    assert "Canone di pareggio" in text
    assert "«stima»" in text


def test_band_and_sensitivity_are_the_same_every_time(today: date) -> None:
    first, second = appraised(VECTOR, 2), appraised(VECTOR, 2)

    assert first.band == second.band
    assert first.band_plot == second.band_plot
    cells = {
        (row.rent, row.vacancy, cell.years): round(cell.npv)
        for row in first.sensitivity
        for cell in row.cells
    }
    assert cells[Decimal("480.00"), Decimal("0.05"), 10] == -664
    assert cells[Decimal("480.00"), Decimal("0.05"), 15] == 11255
    assert cells[Decimal("480.00"), Decimal("0.05"), 8] == -5947


def test_appraisal_is_typed_in_euros_and_percent(client_as: ClientAs, today: date) -> None:
    manager = client_as(roles.HOUSING_MANAGER.code)
    building = make_works(manager.actor).building
    typed = {
        "name": "Prova", "option": "other", "capex": "35.000", "fees_rate": "10", "grants": "8.000,00",
        "monthly_rent": "480", "places": "1", "vacancy": "5", "arrears": "6", "maintenance": "350",
        "insurance": "120", "taxes": "600", "management_rate": "10", "years": "10", "works_months": "0",
        "discount_rate": "3", "loan_principal": "30000", "loan_rate": "3", "loan_years": "10", "people": "2",
    }  # fmt: skip

    answer = manager.post(reverse("portfolio:appraisal_add", args=[building.public_id]), typed)

    assert answer.status_code == 302
    version = AppraisalVersion.objects.get()
    assert round(appraised(version.inputs, 2).unit.npv) == -664
    wrong = manager.post(
        reverse("portfolio:appraisal_add", args=[building.public_id]), {**typed, "vacancy": "120"}
    )
    assert wrong.status_code == 422
