from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.tenancies import permissions, services
from ali.tenancies.forms import HandOverForm
from ali.tenancies.models import InventoryItem, Tenancy
from ali.tenancies.states import HandOverKind
from ali.tenancies.views.tenancies import address, breadcrumb, find_tenancy


@requires(P.EDIT_TENANCIES)
def hand_over(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Hand a home over: with the report they move in."""
    return _report(request, find_tenancy(request, public_id), HandOverKind.IN)


@requires(P.EDIT_TENANCIES)
def hand_over_return(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a home back: the report with the meters and what is missing."""
    return _report(request, find_tenancy(request, public_id), HandOverKind.OUT)


def _report(request: StaffRequest, tenancy: Tenancy, kind: HandOverKind) -> HttpResponse:
    today = clock.today()
    data = request.POST if request.method == "POST" else None
    items = list(
        InventoryItem.objects.filter(dwelling=tenancy.dwelling_id, removed_on__isnull=True)
        .select_related("room")
        .order_by("room_id", "label", "pk")
    )
    form = HandOverForm(data, items=items, initial={"done_on": today, "for_body": request.actor.name})
    if data is not None and form.is_valid():
        try:
            if kind == HandOverKind.IN:
                services.move_in(
                    actor=request.actor,
                    tenancy=tenancy,
                    facts=form.facts(),
                    expected_version=version_of(request),
                    today=today,
                )
            else:
                services.record_return(actor=request.actor, tenancy=tenancy, facts=form.facts(), today=today)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(address(tenancy))
    title = _("Consegna della casa") if kind == HandOverKind.IN else _("Riconsegna della casa")
    verb_allowed = permissions.may_edit_tenancy(request.actor, tenancy)
    if kind == HandOverKind.IN:
        verb_allowed = permissions.may_step(request.actor, tenancy, "move_in")
    return page(
        request,
        "tenancies/hand_over.html",
        status=200 if data is None else 422,
        breadcrumb=breadcrumb(tenancy, title),
        title=title,
        tenancy=tenancy,
        form=form,
        allowed=verb_allowed,
        is_in=kind == HandOverKind.IN,
        cancel=address(tenancy),
    )
