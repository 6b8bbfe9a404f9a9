from datetime import date
from typing import Any

from ali.accounts.actors import Actor
from ali.renovation.models import CostLine, Expense, Funding, Quote, SitePlace, Title, Trainee
from ali.renovation.states import Phase
from tests.factories.people import PersonFactory
from tests.factories.renovation import home_to_renew, make_works
from tests.rules.url_examples import Example

DAY = date(2026, 2, 2)


def _home(actor: Actor) -> dict[str, Any]:
    return {"public_id": home_to_renew(actor).public_id}


def _works(actor: Actor) -> dict[str, Any]:
    works = make_works(actor, phase=Phase.SITE)
    CostLine.objects.create(works=works, category="bathroom", net_cents=800_000)
    quote = Quote.objects.create(works=works, firm="Impresa Uno", received_on=DAY)
    quote.lines.create(category="bathroom", net_cents=790_000)
    Title.objects.create(works=works, kind="cila", state="filed", filed_on=DAY)
    Funding.objects.create(
        works=works, kind="foundation", cents=500_000, state="granted", forbids=["kitchen"]
    )
    Expense.objects.create(
        works=works,
        category="bathroom",
        supplier="Impresa Uno",
        invoice="7",
        invoiced_on=DAY,
        net_cents=100_000,
        vat_cents=10_000,
    )
    place = _place_of(works)
    Trainee.objects.create(place=place, person=PersonFactory(seen_by=actor), starts_on=DAY)
    return {"public_id": works.public_id}


def _place_of(works: Any) -> SitePlace:
    made: SitePlace = SitePlace.objects.create(
        works=works, task="muratura", places=2, starts_on=DAY, ends_on=date(2026, 6, 1)
    )
    return made


def _phase(actor: Actor) -> dict[str, Any]:
    return {**_works(actor), "phase": "testing"}


def _title(actor: Actor) -> dict[str, Any]:
    return {"public_id": Title.objects.create(works=make_works(actor), kind="cila").public_id}


def _cost(actor: Actor) -> dict[str, Any]:
    line = CostLine.objects.create(works=make_works(actor), category="bathroom", net_cents=800_000)
    return {"public_id": line.public_id}


def _quote(actor: Actor) -> dict[str, Any]:
    quote = Quote.objects.create(works=make_works(actor), firm="Impresa Uno", received_on=DAY)
    return {"public_id": quote.public_id}


def _funding(actor: Actor) -> dict[str, Any]:
    made = Funding.objects.create(works=make_works(actor), kind="owner", cents=100_000)
    return {"public_id": made.public_id}


def _expense(actor: Actor) -> dict[str, Any]:
    made = Expense.objects.create(
        works=make_works(actor),
        category="bathroom",
        supplier="Impresa Uno",
        invoice="7",
        invoiced_on=DAY,
        net_cents=100_000,
        vat_cents=10_000,
    )
    return {"public_id": made.public_id}


def _place(actor: Actor) -> dict[str, Any]:
    return {"public_id": _place_of(make_works(actor)).public_id}


EXAMPLES = {
    "renovation:works_list": Example(query={"quali": "tutti"}),
    "renovation:works_open": Example(make=_home, post={"name": ""}),
    "renovation:works_detail": Example(make=_works),
    "renovation:works_edit": Example(make=_works),
    "renovation:works_step": Example(
        make=_works, post={"verb": "begin_testing", "on": "2026-03-02", "version": "3"}
    ),
    "renovation:works_programme": Example(make=_works),
    "renovation:phase_edit": Example(make=_phase),
    "renovation:title_add": Example(make=_works, post={"kind": "sca"}),
    "renovation:title_step": Example(make=_title, post={"verb": "file", "on": "2026-03-02", "version": "1"}),
    "renovation:works_costs": Example(make=_works),
    "renovation:cost_add": Example(make=_works),
    "renovation:cost_edit": Example(make=_cost),
    "renovation:cost_remove": Example(make=_cost, post={"version": "1"}),
    "renovation:rates_edit": Example(make=_works),
    "renovation:quote_add": Example(make=_works),
    "renovation:quote_choose": Example(make=_quote, post={"version": "1", "reason": "la più completa"}),
    "renovation:quote_remove": Example(make=_quote, post={"version": "1"}),
    "renovation:works_funding": Example(make=_works),
    "renovation:funding_add": Example(make=_works),
    "renovation:funding_step": Example(make=_funding, post={"version": "1", "verb": "grant"}),
    "renovation:expense_add": Example(make=_works),
    "renovation:expense_pay": Example(make=_expense, post={"version": "1", "on": "2026-03-02"}),
    "renovation:expense_remove": Example(make=_expense, post={"version": "1", "reason": "doppia"}),
    "renovation:works_site": Example(make=_works),
    "renovation:places_add": Example(make=_works),
    "renovation:trainee_add": Example(make=_place),
    "renovation:trainee_end": Example(make=_place, post={"on": "2026-03-02"}),
}
