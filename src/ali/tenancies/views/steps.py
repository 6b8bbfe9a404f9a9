"""One action of a tenancy each: POST, then the page of the tenancy again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import version_of
from ali.housing import services as housing
from ali.housing.models import Bed, Occupancy
from ali.tenancies import services
from ali.tenancies.checks import present
from ali.tenancies.forms import (
    CommunicationForm,
    DeductionForms,
    DepositForm,
    DutyForm,
    ExtensionForm,
    LeavingForm,
    NoticeForm,
    SendForm,
    SharesForm,
    SignForm,
)
from ali.tenancies.models import Duty, Signature, Tenancy, TenancyParty
from ali.tenancies.queries import names_seen
from ali.tenancies.states import Side
from ali.tenancies.views.tenancies import address, find_tenancy, show_tenancy

Action = Callable[[], Any]  # Any: what the service returns


def _do(request: StaffRequest, tenancy: Tenancy, name: str, form: forms.Form, action: Action) -> HttpResponse:
    """Do the action with a valid form and go back to the tenancy; otherwise show the form again with what is wrong."""
    if form.is_valid():
        try:
            action()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(address(tenancy))
    return show_tenancy(request, find_tenancy(request, tenancy.public_id), status=422, **{name: form})


def _simply(request: StaffRequest, tenancy: Tenancy, action: Action) -> HttpResponse:
    """Do the action and go back to the tenancy; a refusal becomes a sentence there."""
    try:
        action()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(address(tenancy))


@requires(P.EDIT_TENANCIES)
@require_POST
def tenancy_send(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Send a tenancy to be signed."""
    tenancy, form = find_tenancy(request, public_id), SendForm(request.POST)
    return _do(
        request,
        tenancy,
        "send_form",
        form,
        lambda: services.send_to_sign(
            actor=request.actor,
            tenancy=tenancy,
            expected_version=version_of(request),
            today=clock.today(),
            **form.cleaned_data,
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def sign(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record a signature."""
    signature = get_object_or_404(
        Signature.objects.filter(tenancy__in=Tenancy.objects.visible_to(request.actor)).select_related(
            "tenancy__dwelling__building__municipality"
        ),
        public_id=public_id,
    )
    form = SignForm(request.POST, prefix=f"firma-{signature.pk}")
    if not form.is_valid():
        messages.error(request, _("Scrivi il giorno della firma."))
        return HttpResponseRedirect(address(signature.tenancy))
    return _simply(
        request,
        signature.tenancy,
        lambda: services.record_signature(
            actor=request.actor,
            signature=signature,
            expected_version=version_of(request),
            today=clock.today(),
            **form.cleaned_data,
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def tenancy_back(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take the papers back to change them."""
    tenancy = find_tenancy(request, public_id)
    return _simply(
        request,
        tenancy,
        lambda: services.back_to_draft(
            actor=request.actor,
            tenancy=tenancy,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
            now=clock.now(),
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def tenancy_cancel(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give up a tenancy before anybody enters."""
    tenancy = find_tenancy(request, public_id)
    return _simply(
        request,
        tenancy,
        lambda: services.cancel(
            actor=request.actor,
            tenancy=tenancy,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def shares_set(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say what each pays from a day on."""
    tenancy = find_tenancy(request, public_id)
    here = present(tenancy.parties.select_related("person").order_by("pk"), clock.today())
    payers = [party for party in here if party.is_signatory]
    form = SharesForm(request.POST, parties=payers, names=names_seen(request.actor, payers))
    return _do(
        request,
        tenancy,
        "shares_form",
        form,
        lambda: services.set_shares(
            actor=request.actor,
            tenancy=tenancy,
            shares=form.shares(),
            starts_on=form.cleaned_data["starts_on"],
            expected_version=version_of(request),
            today=clock.today(),
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def party_leave(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One of several leaves."""
    party = _party(request, public_id)
    form = LeavingForm(request.POST, prefix=f"esce-{party.pk}")
    if not form.is_valid():
        messages.error(request, _("Scrivi il giorno, perché esce e dove va."))
        return HttpResponseRedirect(address(party.tenancy))
    return _simply(
        request,
        party.tenancy,
        lambda: services.let_party_leave(
            actor=request.actor,
            party=party,
            leaving=form.leaving(),
            expected_version=version_of(request),
            today=clock.today(),
        ),
    )


def _party(request: StaffRequest, public_id: UUID) -> TenancyParty:
    found: TenancyParty = get_object_or_404(
        TenancyParty.objects.filter(tenancy__in=Tenancy.objects.visible_to(request.actor)).select_related(
            "person", "tenancy__dwelling__building__municipality"
        ),
        public_id=public_id,
    )
    return found


@requires(P.EDIT_TENANCIES)
@require_POST
def bed_change(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Somebody moves to another bed of the home today."""
    party = _party(request, public_id)
    beds = Bed.objects.in_use().filter(room__dwelling=party.tenancy.dwelling).select_related("room__dwelling")
    bed = beds.filter(public_id=_uuid(request.POST.get("bed", ""))).first()
    if bed is None:
        messages.error(request, _("Scegli il nuovo posto letto."))
        return HttpResponseRedirect(address(party.tenancy))
    return _simply(
        request,
        party.tenancy,
        lambda: services.change_bed(
            actor=request.actor,
            tenancy=party.tenancy,
            party=party,
            bed=bed,
            day=clock.today(),
            today=clock.today(),
        ),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@requires(P.EDIT_TENANCIES)
@require_POST
def tenancy_notice(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record a notice; a tenant who leaves before the months of the rule is told apart, not stopped."""
    tenancy, form = find_tenancy(request, public_id), NoticeForm(request.POST)

    def give() -> None:
        typed = form.cleaned_data
        services.give_notice(
            actor=request.actor,
            tenancy=tenancy,
            expected_version=version_of(request),
            today=clock.today(),
            **typed,
        )
        notice = services.notice_of(tenancy, typed["by"], typed["notice_on"])
        if typed["by"] == Side.TENANT and typed["leaves_on"] < notice.earliest:
            messages.warning(
                request,
                _(
                    "Il preavviso sarebbe di %(months)s mesi (%(source)s): prima si lascia solo se siete d'accordo."
                )
                % {"months": notice.months, "source": notice.source},
            )

    return _do(request, tenancy, "notice_form", form, give)


@requires(P.EDIT_TENANCIES)
@require_POST
def tenancy_notice_back(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """They stay after all."""
    tenancy = find_tenancy(request, public_id)
    return _simply(
        request,
        tenancy,
        lambda: services.take_notice_back(
            actor=request.actor,
            tenancy=tenancy,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
            today=clock.today(),
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def tenancy_extend(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Prolong or renew."""
    tenancy, form = find_tenancy(request, public_id), ExtensionForm(request.POST)
    return _do(
        request,
        tenancy,
        "extension_form",
        form,
        lambda: services.extend(
            actor=request.actor,
            tenancy=tenancy,
            expected_version=version_of(request),
            today=clock.today(),
            **form.cleaned_data,
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def tenancy_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Close a tenancy: everybody leaves."""
    tenancy, form = find_tenancy(request, public_id), LeavingForm(request.POST, prefix="fine")
    return _do(
        request,
        tenancy,
        "end_form",
        form,
        lambda: services.end_tenancy(
            actor=request.actor,
            tenancy=tenancy,
            leaving=form.leaving(),
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def duty_done(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Something that was due is done."""
    duty = get_object_or_404(
        Duty.objects.visible_to(request.actor).select_related(
            "tenancy__dwelling__building__municipality", "party__person"
        ),
        public_id=public_id,
    )
    form = DutyForm(request.POST, prefix=f"fatto-{duty.pk}")
    if not form.is_valid():
        messages.error(request, _("Scrivi in che giorno è stato fatto."))
        return HttpResponseRedirect(address(duty.tenancy))
    return _simply(
        request,
        duty.tenancy,
        lambda: services.record_duty(
            actor=request.actor,
            duty=duty,
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
            **form.cleaned_data,
        ),
    )


@requires(P.EDIT_TENANCIES)
@require_POST
def communication_done(request: StaffRequest, public_id: UUID, stay_id: UUID) -> HttpResponse:
    """The 48-hour communication was made for one person."""
    tenancy = find_tenancy(request, public_id)
    stay = get_object_or_404(
        Occupancy.objects.filter(
            bed__room__dwelling=tenancy.dwelling_id, person__in=tenancy.parties.values("person")
        ).select_related("bed__room__dwelling", "person"),
        public_id=stay_id,
    )
    form = CommunicationForm(request.POST, prefix=f"com-{stay.pk}")
    if not form.is_valid():
        messages.error(request, _("Scrivi in che giorno è stata fatta la comunicazione."))
        return HttpResponseRedirect(address(tenancy))
    return _simply(
        request,
        tenancy,
        lambda: housing.record_communication(
            actor=request.actor,
            occupancy=stay,
            communicated_on=form.cleaned_data["communicated_on"],
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        ),
    )


@requires(P.POST_RENTS)
@require_POST
def deposit_return(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give the deposit back, with what is kept."""
    tenancy, form = find_tenancy(request, public_id), DepositForm(request.POST)
    kept = DeductionForms(request.POST, prefix="trattenute")
    if not kept.is_valid():
        return show_tenancy(request, tenancy, status=422, deposit_form=form, deductions=kept)
    deductions = [
        (row["reason"], row["cents"])
        for row in (one.cleaned_data for one in kept.forms)
        if row.get("reason") or row.get("cents")
    ]
    return _do(
        request,
        tenancy,
        "deposit_form",
        form,
        lambda: services.return_deposit(
            actor=request.actor,
            tenancy=tenancy,
            deductions=deductions,
            expected_version=version_of(request),
            today=clock.today(),
            **form.cleaned_data,
        ),
    )
