from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.pages import page, version_of
from ali.renovation import permissions, services
from ali.renovation.forms import (
    QUOTED,
    CostForm,
    DayForm,
    ExpenseForm,
    FundingForm,
    QuoteForm,
    RatesForm,
    ReasonForm,
)
from ali.renovation.models import CostLine, Expense, Funding, Quote
from ali.renovation.queries import budget_of, cover_of, quotes_of
from ali.renovation.states import FUNDING_TRANSITIONS, FUNDING_VERBS, CostCategory, FundingState
from ali.renovation.views.frame import back, breadcrumb, form_page, say_errors, tabs, take, works_or_404
from ali.rules.values import rule_in_force
from ali.rules.wording import note


@requires(P.SEE_WORKS)
def works_costs(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The budget, line by line and against what was spent; quotes side by side."""
    works = works_or_404(request.actor, public_id)
    today = clock.today()
    return page(
        request,
        "renovation/works_costs.html",
        works=works,
        breadcrumb=breadcrumb(works, _("Costi e preventivi")),
        tabs=tabs(works, "works_costs"),
        budget=budget_of(works, today),
        lines=works.costs.order_by("category", "pk"),
        quotes=quotes_of(works),
        contingency=note(rule_in_force("renovation.contingency", day=today)),
        fees=note(rule_in_force("renovation.fees", day=today)),
        may_edit=permissions.may_edit_works(request.actor, works),
        today=today,
        wide=True,
    )


@requires(P.EDIT_WORKS)
def cost_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add a line to the budget."""
    works = works_or_404(request.actor, public_id)
    form = CostForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form,
        act=lambda: services.add_cost(actor=request.actor, works=works, facts=form.facts()),
        answer=lambda: back(works, "works_costs"),
        title=_("Nuova voce di costo"),
        crumbs=breadcrumb(works, _("Nuova voce di costo")),
        cancel=reverse("renovation:works_costs", args=[public_id]),
        submit=_("Aggiungi"),
    )


@requires(P.EDIT_WORKS)
def cost_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change a line of the budget."""
    line = get_object_or_404(
        CostLine.objects.visible_to(request.actor).select_related("works"), public_id=public_id
    )
    initial = {name: getattr(line, name) for name in CostForm.base_fields}
    form = CostForm(request.POST if request.method == "POST" else None, initial=initial)
    return form_page(
        request,
        form,
        act=lambda: services.change_cost(
            actor=request.actor, line=line, facts=form.facts(), expected_version=version_of(request)
        ),
        answer=lambda: back(line.works, "works_costs"),
        title=_("Voce di costo"),
        crumbs=breadcrumb(line.works, _("Voce di costo")),
        cancel=reverse("renovation:works_costs", args=[line.works.public_id]),
        version=line.version,
    )


@requires(P.EDIT_WORKS)
@require_POST
def cost_remove(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a line off the budget."""
    line = get_object_or_404(
        CostLine.objects.visible_to(request.actor).select_related("works"), public_id=public_id
    )
    return take(
        request,
        lambda: services.remove_cost(actor=request.actor, line=line, expected_version=version_of(request)),
        back(line.works, "works_costs"),
    )


@requires(P.EDIT_WORKS)
def rates_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change contingency and fees."""
    works = works_or_404(request.actor, public_id)
    initial = {"contingency": works.contingency_rate, "fees": works.fees_rate}
    form = RatesForm(request.POST if request.method == "POST" else None, initial=initial)
    return form_page(
        request,
        form,
        act=lambda: services.set_rates(
            actor=request.actor, works=works, expected_version=version_of(request), **form.cleaned_data
        ),
        answer=lambda: back(works, "works_costs"),
        title=_("Imprevisti e professionisti"),
        crumbs=breadcrumb(works, _("Imprevisti e professionisti")),
        cancel=reverse("renovation:works_costs", args=[public_id]),
        version=works.version,
    )


@requires(P.EDIT_WORKS)
def quote_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write down a firm's quote."""
    works = works_or_404(request.actor, public_id)
    planned = {line.category for line in works.costs.all()}
    categories = [one for one in QUOTED if one in planned] or list(QUOTED)
    form = QuoteForm(request.POST if request.method == "POST" else None, categories=categories)
    return form_page(
        request,
        form,
        act=lambda: services.add_quote(
            actor=request.actor, works=works, facts=form.facts(), today=clock.today()
        ),
        answer=lambda: back(works, "works_costs"),
        title=_("Nuovo preventivo"),
        lead=_("Importi senza IVA: lascia vuote le voci che l'impresa non offre."),
        crumbs=breadcrumb(works, _("Nuovo preventivo")),
        cancel=reverse("renovation:works_costs", args=[public_id]),
        submit=_("Aggiungi"),
    )


@requires(P.EDIT_WORKS)
@require_POST
def quote_choose(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Choose a firm, with the reason."""
    quote = get_object_or_404(
        Quote.objects.visible_to(request.actor).select_related("works"), public_id=public_id
    )
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return take(
        request,
        lambda: services.choose_quote(
            actor=request.actor,
            quote=quote,
            reason=reason,
            expected_version=version_of(request),
            today=clock.today(),
        ),
        back(quote.works, "works_costs"),
    )


@requires(P.EDIT_WORKS)
@require_POST
def quote_remove(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take away a quote written by mistake."""
    quote = get_object_or_404(
        Quote.objects.visible_to(request.actor).select_related("works"), public_id=public_id
    )
    return take(
        request,
        lambda: services.remove_quote(actor=request.actor, quote=quote, expected_version=version_of(request)),
        back(quote.works, "works_costs"),
    )


@requires(P.SEE_WORKS)
def works_funding(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Who pays, with which conditions, and the invoices."""
    works = works_or_404(request.actor, public_id)
    budget = budget_of(works, clock.today())
    fundings = works.fundings.order_by("pk")
    return page(
        request,
        "renovation/works_funding.html",
        works=works,
        breadcrumb=breadcrumb(works, _("Finanziamenti e fatture")),
        tabs=tabs(works, "works_funding"),
        budget=budget,
        cover=cover_of(works, budget),
        fundings=[
            {
                "funding": one,
                "max_share": f"{one.max_share * 100:.1f}".rstrip("0").rstrip(".").replace(".", ",")
                if one.max_share is not None
                else "",
                "forbids": ", ".join(str(CostCategory(each).label) for each in one.forbids),
                "steps": [
                    (verb, label)
                    for verb, label in FUNDING_VERBS.items()
                    if FUNDING_TRANSITIONS.can(verb, FundingState(one.state))
                ],
            }
            for one in fundings
        ],
        expenses=works.expenses.select_related("funding").order_by("-invoiced_on", "-pk"),
        may_edit=permissions.may_edit_works(request.actor, works),
        may_record=permissions.may_record_expenses(request.actor, works),
        today=clock.today(),
        wide=True,
    )


@requires(P.EDIT_WORKS)
def funding_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write down a funding with its conditions."""
    works = works_or_404(request.actor, public_id)
    form = FundingForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        form,
        act=lambda: services.add_funding(
            actor=request.actor, works=works, facts=form.facts(), today=clock.today()
        ),
        answer=lambda: back(works, "works_funding"),
        title=_("Nuovo finanziamento"),
        crumbs=breadcrumb(works, _("Nuovo finanziamento")),
        cancel=reverse("renovation:works_funding", args=[public_id]),
        submit=_("Aggiungi"),
    )


@requires(P.EDIT_WORKS)
@require_POST
def funding_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write what became of a funding."""
    funding = get_object_or_404(
        Funding.objects.visible_to(request.actor).select_related("works__building__municipality"),
        public_id=public_id,
    )
    return take(
        request,
        lambda: services.take_funding_step(
            actor=request.actor,
            funding=funding,
            verb=request.POST.get("verb", ""),
            expected_version=version_of(request),
            today=clock.today(),
        ),
        back(funding.works, "works_funding"),
    )


@requires(P.EDIT_WORKS, P.POST_RENTS)
def expense_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write down an invoice."""
    works = works_or_404(request.actor, public_id)
    form = ExpenseForm(request.POST if request.method == "POST" else None, works=works)
    return form_page(
        request,
        form,
        act=lambda: services.record_expense(
            actor=request.actor, works=works, facts=form.facts(), today=clock.today()
        ),
        answer=lambda: back(works, "works_funding"),
        title=_("Nuova fattura"),
        crumbs=breadcrumb(works, _("Nuova fattura")),
        cancel=reverse("renovation:works_funding", args=[public_id]),
        submit=_("Registra"),
    )


@requires(P.EDIT_WORKS, P.POST_RENTS)
@require_POST
def expense_pay(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write that an invoice was paid."""
    expense = get_object_or_404(
        Expense.objects.visible_to(request.actor).select_related("works"), public_id=public_id
    )
    form = DayForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return back(expense.works, "works_funding")
    return take(
        request,
        lambda: services.pay_expense(
            actor=request.actor,
            expense=expense,
            paid_on=form.cleaned_data["on"],
            expected_version=version_of(request),
            today=clock.today(),
        ),
        back(expense.works, "works_funding"),
    )


@requires(P.EDIT_WORKS, P.POST_RENTS)
@require_POST
def expense_remove(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take away an invoice written by mistake."""
    expense = get_object_or_404(
        Expense.objects.visible_to(request.actor).select_related("works"), public_id=public_id
    )
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return take(
        request,
        lambda: services.remove_expense(
            actor=request.actor, expense=expense, reason=reason, expected_version=version_of(request)
        ),
        back(expense.works, "works_funding"),
    )
