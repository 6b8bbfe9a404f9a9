import copy
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.reception import permissions, services
from ali.reception.forms import ContractFilter, ContractForm
from ali.reception.models import Contract
from ali.reception.states import ReadingStatus
from ali.reception.views.answers import active_filters, done, start_of_path, tried


@requires(P.SEE_CENTRES)
def contract_list(request: StaffRequest) -> HttpResponse:
    """Reception contracts read from public texts; those that a person must confirm first."""
    form = ContractFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    found = _filtered(Contract.objects.visible_to(request.actor), given, clock.today())
    return page(
        request,
        "reception/contract_list.html",
        fragment="results",
        slice=take_page(
            request, found.select_related("manager", "province").order_by("confidence", "cig", "pk")
        ),
        form=form,
        active=active_filters(request, form, given),
        doubtful=Contract.objects.visible_to(request.actor).filter(reading=ReadingStatus.DOUBTFUL).count(),
        may_import=request.actor.may(P.IMPORT),
        wide=True,
    )


def _filtered(found: Any, given: dict[str, Any], today: date) -> Any:
    for name in ("reading", "kind"):
        if given.get(name):
            found = found.filter(**{name: given[name]})
    running = given.get("running")
    if running:
        found = found.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=today), ends_on__gte=today)
    if running == "90":
        found = found.filter(ends_on__lte=today + timedelta(days=90))
    return found


@requires(P.SEE_CENTRES)
def contract_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A contract's text with the words that each reading came from; a person confirms or corrects."""
    contract = get_object_or_404(
        Contract.objects.visible_to(request.actor).select_related("manager", "province", "confirmed_by"),
        public_id=public_id,
    )
    form = ContractForm(request.POST or None, instance=copy.copy(contract))
    if request.method == "POST":
        permissions.may_confirm_contract(request.actor, contract).or_refuse()
        if tried(form, lambda typed: _confirm(request, contract, typed)):
            return done(request, _("Contratto confermato."), reverse("reception:contract_list"))
    decision = permissions.may_confirm_contract(request.actor, contract)
    return page(
        request,
        "reception/contract_detail.html",
        status=422 if request.method == "POST" else 200,
        contract=contract,
        municipalities=list(contract.municipalities.order_by("name", "pk")),
        text=highlighted(contract.subject, _evidence(contract)),
        evidence=_labelled(contract),
        form=form,
        may_confirm=bool(decision),
        reason=decision.reason,
        breadcrumb=[
            *start_of_path(),
            {"label": _("Contratti"), "url": reverse("reception:contract_list")},
            {"label": contract.cig, "url": ""},
        ],
    )


def _confirm(request: StaffRequest, contract: Contract, typed: dict[str, Any]) -> None:
    services.confirm_contract(
        actor=request.actor,
        contract=contract,
        today=clock.today(),
        now=clock.now(),
        expected_version=version_of(request),
        **typed,
    )


def _evidence(contract: Contract) -> list[str]:
    """Return the words that readings came from, the longest first so that none hides another."""
    words = {
        part.strip()
        for value in contract.evidence.values()
        if isinstance(value, str)
        for part in value.split(" | ")
    }
    return sorted((one for one in words if len(one) > 1), key=len, reverse=True)


def _labelled(contract: Contract) -> list[tuple[str, str]]:
    labels = {
        "is_reception": _("È accoglienza"),
        "kind": _("Tipo"),
        "places": _("Posti"),
        "municipalities": _("Comuni"),
        "manager": _("Ente gestore"),
        "period": _("Periodo"),
    }
    return [
        (str(labels.get(name, name)), value)
        for name, value in contract.evidence.items()
        if isinstance(value, str) and value
    ]


def highlighted(text: str, words: list[str]) -> SafeString:
    """Return `text`, escaped, with each of `words` marked."""
    if not words:
        return format_html("{}", text)
    found = re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)
    parts: list[str | SafeString] = []
    end = 0
    for match in found.finditer(text):
        parts += [text[end : match.start()], format_html("<mark>{}</mark>", match.group())]
        end = match.end()
    parts.append(text[end:])
    return format_html_join("", "{}", ((part,) for part in parts))
