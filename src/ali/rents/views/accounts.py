"""Accounts: the list, the ledger of one person, what is posted by hand, the export."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock, spreadsheets
from ali.core.money import show_euros, to_euros
from ali.core.pages import page
from ali.core.paging import take_page
from ali.core.text import fold
from ali.housing.models import Dwelling
from ali.rents import permissions, queries, services
from ali.rents.forms import (
    BillForm,
    CauseForm,
    ChargeForm,
    DepositForm,
    PaymentForm,
    ReverseForm,
    StepForm,
    WriteOffForm,
    steps_from,
)
from ali.rents.models import Account, Arrears, Movement, Plan
from ali.rents.reminders import reminders_for
from ali.rents.services import BillPart
from ali.rents.settlements import open_charges
from ali.rents.states import STEP_LABELS, Book, PlanState
from ali.rents.views.shared import account_or_404, account_url, done, form_page, path, path_of, saved, tabs
from ali.rents.warnings import outlook_of
from ali.tenancies.states import Bond

SHOWS = ("debt", "advance", "all")
MOST_HOMES = 2_000


@requires(P.SEE_RENTS)
def account_list(request: StaffRequest) -> HttpResponse:
    """Who owes and who is in advance; names are searched by POST and stay out of the address."""
    words = request.POST.get("q", "").strip()[:100] if request.method == "POST" else ""
    show = request.GET.get("show", "debt")
    found = Account.objects.visible_to(request.actor).select_related(
        "person", "dwelling__building", "party__tenancy"
    )
    shown = take_page(request, _asked(found, show, words).order_by("-balance_cents", "pk"))
    audit.record_read(request.actor, "rents_read", persons=[one.person.public_id for one in shown.rows])
    return page(
        request,
        "rents/account_list.html",
        fragment="results",
        shown=shown,
        show=show if show in SHOWS else "debt",
        words=words,
        tabs=tabs(request.actor, "account_list"),
        may_post=permissions.may_post_rents(request.actor, request.actor.organisation_id),
        month=clock.today().replace(day=1),
        **_in_short(request.actor),
    )


def _asked(found: QuerySet[Account], show: str, words: str) -> QuerySet[Account]:
    if words:
        for word in fold(words).split():
            found = found.filter(
                Q(person__search_key__contains=f" {word}")
                | Q(dwelling__building__folded__contains=f" {word}")
            )
        return found
    if show == "all":
        return found
    return found.filter(balance_cents__lt=0) if show == "advance" else found.filter(balance_cents__gt=0)


def _in_short(actor: Actor) -> dict[str, Any]:  # Any: counts and sums
    """The sums at the top of the list: from kept rows, one query each."""
    accounts = Account.objects.visible_to(actor)
    summed = accounts.aggregate(
        owed=Sum("balance_cents", filter=Q(balance_cents__gt=0)),
        held=Sum("deposit_cents"),
        debtors=Count("pk", filter=Q(balance_cents__gt=0)),
    )
    month = clock.today().replace(day=1)
    [*sums] = [one for one in queries.sums_by_month(actor.organisation_id, since=month) if one.month == month]
    opened = Arrears.objects.visible_to(actor).filter(closed_on__isnull=True).count()
    return {"summed": summed, "this_month": sums[0] if sums else None, "opened": opened}


@requires(P.SEE_RENTS)
def account_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The ledger of one person: what is owed and paid line by line, the arrears with its steps, the plan, the months ahead."""
    account = account_or_404(request.actor, public_id)
    audit.record_read(request.actor, "rent_account_read", account, persons=[account.person.public_id])
    return page(request, "rents/account_detail.html", **_ledger(request.actor, account), wide=True)


def _ledger(actor: Actor, account: Account, **forms: Any) -> dict[str, Any]:  # Any: what a page shows
    today = clock.today()
    charges = open_charges([account.pk]).get(account.pk, [])
    arrears = (
        Arrears.objects.filter(account=account, closed_on__isnull=True)
        .select_related("account__person")
        .first()
    )
    plan = Plan.objects.filter(account=account, state=PlanState.RUNNING).first()
    steps = _steps(account)
    return {
        "account": account,
        "person": account.person,
        "book": queries.ledger_months(queries.ledger_lines(account)),
        "deposits": queries.ledger_lines(account, Book.DEPOSIT),
        "expected_deposit": queries.expected_deposit(account),
        "months": queries.open_months(account),
        "others": queries.other_parties(actor, account, today)
        if account.party.tenancy.bond == Bond.JOINT
        else [],
        "arrears": queries.arrears_rows([arrears], today)[0] if arrears else None,
        "arrears_form": _step_form(actor, arrears, today) if arrears else None,
        "cause_form": CauseForm(initial={"cause": arrears.cause, "reason": arrears.cause_reason})
        if arrears
        else None,
        "reminders": reminders_for(account, [one for one in charges if one.due_on and one.due_on < today])
        if arrears
        else [],
        "steps": steps,
        "plan": queries.plan_view(plan, today) if plan else None,
        "outlook": outlook_of(actor, account, today),
        "may_post": permissions.may_post_rents(actor, account.landlord_id),
        "may_plan": permissions.may_take_step(actor, account, "plan"),
        "may_export": actor.may(P.EXPORT),
        "sees_person": actor.may(P.SEE_PEOPLE),
        "step_labels": STEP_LABELS,
        "today": today,
        "tabs": tabs(actor, ""),
        "breadcrumb": path_of(account),
        **forms,
    }


def _steps(account: Account) -> list[dict[str, Any]]:  # Any: values of a component
    return [
        {"step": step, "label": STEP_LABELS.get(step.verb, step.verb)}
        for arrears in Arrears.objects.filter(account=account).order_by("-pk")
        for step in arrears.steps.select_related("done_by").order_by("-done_on", "-pk")
    ]


def _step_form(actor: Actor, arrears: Arrears, today: date) -> StepForm | None:
    verbs = [
        verb for verb in steps_from(arrears.state) if permissions.may_take_step(actor, arrears.account, verb)
    ]
    return StepForm(arrears=arrears, verbs=verbs, initial={"done_on": today}) if verbs else None


# --- posting by hand -----------------------------------------------------------------------------------


@requires(P.POST_RENTS)
@require_POST
def dues_write(request: StaffRequest) -> HttpResponse:
    """Write what everybody of the body owes for this month; asking twice changes nothing."""
    today = clock.today()

    def act() -> None:
        report = services.write_month_dues(
            actor=request.actor, month=today, today=today, landlord_id=request.actor.organisation_id
        )
        said = ngettext("Scritto %(count)s dovuto.", "Scritti %(count)s dovuti.", report.written) % {
            "count": report.written
        }
        messages.info(request, said if report.written else _("I dovuti di questo mese ci sono già tutti."))

    return done(request, act, reverse("rents:account_list"))


@requires(P.POST_RENTS)
def bill_share(request: StaffRequest) -> HttpResponse:
    """Divide a bill of a home among who lived there: first the parts are shown, then they are posted."""
    today = clock.today()
    homes = Dwelling.objects.filter(
        Exists(Account.objects.visible_to(request.actor).filter(dwelling=OuterRef("pk"))),
        manager=request.actor.organisation_id,
    )
    form = BillForm(
        request.POST or None,
        homes=list(
            homes.select_related("building").order_by("building__address", "label", "pk")[:MOST_HOMES]
        ),
        initial={"due_on": today + timedelta(days=30)},
    )
    parts: list[BillPart] = []

    def act() -> None:
        facts = form.facts()
        if request.POST.get("post"):
            services.share_bill(actor=request.actor, today=today, **facts)
            return
        body = request.actor.organisation_id
        parts.extend(
            services.bill_parts(facts["dwelling"], body, facts["cents"], facts["first"], facts["last"])
        )

    is_done = saved(form, act)
    if is_done and not parts:
        messages.info(request, _("La bolletta è divisa: ognuno trova la sua parte nel proprio conto."))
        return HttpResponseRedirect(reverse("rents:account_list"))
    audit.record_read(request.actor, "rents_read", persons=[one.account.person.public_id for one in parts])
    return page(
        request,
        "rents/bill_share.html",
        status=422 if form.is_bound and not parts else 200,
        form=form,
        parts=parts,
        back=reverse("rents:account_list"),
        breadcrumb=path((_("Dividi una bolletta"), "")),
    )


@requires(P.POST_RENTS)
def charge_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Charge something beside the monthly run."""
    account = account_or_404(request.actor, public_id)
    today = clock.today()
    form = ChargeForm(request.POST or None, initial={"period": today.replace(day=1), "due_on": today})
    if saved(
        form, lambda: services.charge(actor=request.actor, account=account, today=today, **form.cleaned_data)
    ):
        return HttpResponseRedirect(account_url(account))
    return form_page(request, form, account, title=_("Registra un dovuto"))


@requires(P.POST_RENTS)
def payment_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write a payment by hand."""
    account = account_or_404(request.actor, public_id)
    today = clock.today()
    charges = open_charges([account.pk]).get(account.pk, [])
    form = PaymentForm(request.POST or None, charges=charges, initial={"booked_on": today})

    def save() -> None:
        typed = dict(form.cleaned_data)
        named = set(typed.pop("pays_first", ()))
        first = tuple(one.pk for one in charges if str(one.public_id) in named)
        services.receive_payment(actor=request.actor, account=account, today=today, pays_first=first, **typed)

    if saved(form, save):
        return HttpResponseRedirect(account_url(account))
    return form_page(request, form, account, title=_("Registra un pagamento"))


@requires(P.POST_RENTS)
def deposit_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write what happens to the deposit."""
    account = account_or_404(request.actor, public_id)
    today = clock.today()
    form = DepositForm(request.POST or None, initial={"booked_on": today})
    if saved(form, lambda: _move_deposit(request.actor, account, form.cleaned_data, today)):
        return HttpResponseRedirect(account_url(account))
    return form_page(request, form, account, title=_("Deposito"))


def _move_deposit(actor: Actor, account: Account, typed: dict[str, Any], today: date) -> None:
    what, cents, cause = typed["what"], typed["cents"], typed["cause"]
    if what in {DepositForm.KEPT, DepositForm.KEPT_FOR_RENT}:
        for_rent = what == DepositForm.KEPT_FOR_RENT
        services.keep_deposit(
            actor=actor, account=account, cents=cents, reason=cause, for_rent=for_rent, today=today
        )
        return
    move = services.receive_deposit if what == DepositForm.IN else services.give_back_deposit
    move(actor=actor, account=account, cents=cents, booked_on=typed["booked_on"], cause=cause, today=today)


@requires(P.POST_RENTS)
def write_off_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give up part of what is owed."""
    account = account_or_404(request.actor, public_id)
    form = WriteOffForm(request.POST or None)
    if saved(
        form,
        lambda: services.write_off(
            actor=request.actor, account=account, today=clock.today(), **form.cleaned_data
        ),
    ):
        return HttpResponseRedirect(account_url(account))
    lead = _("L'ente rinuncia a una parte di quanto è dovuto: il motivo resta nel conto e nel registro.")
    return form_page(request, form, account, title=_("Abbuono"), lead=lead)


@requires(P.POST_RENTS)
def movement_reverse(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Correct a movement with one that reverses it."""
    found = Movement.objects.visible_to(request.actor).select_related("account__person")
    movement = get_object_or_404(found, public_id=public_id)
    form = ReverseForm(request.POST or None)
    if saved(
        form,
        lambda: services.reverse_movement(
            actor=request.actor, movement=movement, reason=form.cleaned_data["reason"], today=clock.today()
        ),
    ):
        return HttpResponseRedirect(account_url(movement.account))
    account = account_or_404(request.actor, movement.account.public_id)
    lead = _(
        "%(kind)s di %(amount)s del %(day)s: si registra il movimento contrario, e quello che aveva pagato torna aperto."
    )
    said = {
        "kind": str(movement.get_kind_display()).capitalize(),
        "amount": show_euros(abs(movement.cents)),
        "day": f"{movement.booked_on:%d/%m/%Y}",
    }
    return form_page(request, form, account, title=_("Rettifica un movimento"), lead=lead % said)


# --- export --------------------------------------------------------------------------------------------


@requires(P.EXPORT, also=P.SEE_RENTS)
@require_POST
def account_export(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The ledger as XLSX: a right of its own, with the reason typed and logged."""
    account = account_or_404(request.actor, public_id)
    reason = request.POST.get("reason", "").strip()
    if len(reason) < 5:
        messages.error(request, _("Scrivi perché esporti il conto: il motivo resta nel registro."))
        return HttpResponseRedirect(account_url(account))
    audit.record(
        request.actor, "rent_account_exported", account, persons=[account.person.public_id], reason=reason
    )
    lines = [*reversed(queries.ledger_lines(account)), *reversed(queries.ledger_lines(account, Book.DEPOSIT))]
    notes = [
        _("Esportato il %(day)s da %(who)s. Motivo: %(why)s")
        % {"day": f"{clock.today():%d/%m/%Y}", "who": request.actor.name, "why": reason}
    ]
    if account.person.is_invented:
        notes.append(_("Dati di esempio: persone inventate"))
    columns = [_("Data"), _("Mese"), _("Libro"), _("Tipo"), _("Causale"), _("Da pagare entro")]
    columns += [_("Importo"), _("Saldo"), _("Ancora aperto"), _("Motivo della rettifica")]
    content = spreadsheets.workbook(
        _("Conto %(name)s") % {"name": account.person.display_name},
        columns,
        (_export_row(line) for line in lines),
        notes=notes,
    )
    return spreadsheets.download(content, f"conto-{clock.today():%Y%m%d}")


def _export_row(line: queries.LedgerLine) -> list[object]:
    movement = line.movement
    return [
        movement.booked_on,
        f"{movement.period:%m/%Y}",
        movement.get_book_display(),
        movement.get_kind_display(),
        movement.cause,
        movement.due_on,
        float(to_euros(movement.cents)),
        float(to_euros(line.running_cents)),
        float(to_euros(line.left_cents)),
        movement.reason,
    ]
