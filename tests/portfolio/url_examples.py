from typing import Any

from ali.accounts.actors import Actor
from ali.portfolio.services import make_appraisal
from tests.factories.renovation import colleague_of, home_to_renew, make_works
from tests.rules.url_examples import Example

INPUTS = {"capex": "35000", "monthly_rent": "480", "years": 10, "discount_rate": "0.03"}


def _building(actor: Actor) -> dict[str, Any]:
    return {"public_id": make_works(actor).building.public_id}


def _appraisal(actor: Actor) -> dict[str, Any]:
    worker = colleague_of(actor)
    made = make_appraisal(
        actor=worker,
        building=home_to_renew(worker).building,
        works=None,
        name="Comodato",
        option="loan_for_works",
        inputs=INPUTS,
        people=2,
    )
    return {"public_id": made.public_id}


def _indicator(actor: Actor) -> dict[str, Any]:
    return {"indicator": "posti"}


EXAMPLES = {
    "portfolio:indicators": Example(),
    "portfolio:indicator_rows": Example(make=_indicator, is_shared=True),
    "portfolio:building_options": Example(make=_building),
    "portfolio:options_make": Example(make=_building, post={}),
    "portfolio:appraisal_add": Example(make=_building),
    "portfolio:appraisal_detail": Example(make=_appraisal),
    "portfolio:appraisal_edit": Example(make=_appraisal),
}
