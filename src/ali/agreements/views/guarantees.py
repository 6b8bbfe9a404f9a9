from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.agreements import permissions, services
from ali.agreements.forms import AnswerForm, AskForm, SchemeForm
from ali.agreements.instruments import instruments
from ali.agreements.models import Agreement, GuaranteeApplication, GuaranteeScheme
from ali.agreements.states import ApplicationState
from ali.agreements.views.acting import act_and_go, data_of, form_page
from ali.agreements.views.agreements import _address, _crumbs, _tabs
from ali.core import clock
from ali.core.pages import page, version_of
from ali.core.paging import take_page


def _schemes_address() -> str:
    return reverse("agreements:scheme_list")


def _scheme_crumbs() -> list[dict[str, str]]:
    return [{"label": _("Garanzie locali"), "url": _schemes_address()}]


@requires(P.SEE_AGREEMENTS)
def scheme_list(request: StaffRequest) -> HttpResponse:
    """Who guarantees where, what each instrument covers, what was asked and answered."""
    today = clock.today()
    schemes = list(
        GuaranteeScheme.objects.visible_to(request.actor)
        .select_related("municipality", "province", "fund", "confirmed_by")
        .order_by("name", "pk")
    )
    applications = (
        GuaranteeApplication.objects.visible_to(request.actor)
        .exclude(state__in=(ApplicationState.REFUSED, ApplicationState.ENDED))
        .select_related("scheme__fund", "body", "dwelling__building", "agreement")
        .order_by("state", "asked_on", "pk")
    )
    shown = take_page(request, applications, size=30)
    return page(
        request,
        "agreements/scheme_list.html",
        schemes=[(one, permissions.may_keep_scheme(request.actor, one, today)) for one in schemes],
        applications=shown,
        rows=[(one, permissions.may_answer_guarantee(request.actor, one)) for one in shown.rows],
        instruments=instruments(),
        tabs=_tabs(request.actor, "scheme_list"),
        own=request.actor.organisation_id,
        may_add=permissions.may_keep_scheme(request.actor, None, today),
        may_ask=permissions.may_ask_guarantee(request.actor),
    )


@requires(P.EDIT_FUND)
def scheme_add(request: StaffRequest) -> HttpResponse:
    """Add a guarantee to the registry."""
    form = SchemeForm(data_of(request), actor=request.actor)

    def act() -> None:
        services.add_scheme(actor=request.actor, facts=form.facts(), today=clock.today())

    return form_page(
        request,
        form,
        act,
        title=_("Nuova garanzia locale"),
        lead=_(
            "Scrivi quello che dice il bando: finché qualcuno non lo conferma, si vede che è da confermare."
        ),
        back=_schemes_address(),
        breadcrumb=_scheme_crumbs(),
    )


def _scheme_or_404(request: StaffRequest, public_id: UUID) -> GuaranteeScheme:
    found: GuaranteeScheme = get_object_or_404(
        GuaranteeScheme.objects.visible_to(request.actor).select_related("municipality", "fund"),
        public_id=public_id,
    )
    return found


@requires(P.EDIT_FUND)
def scheme_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change a guarantee; it is to be confirmed again."""
    scheme = _scheme_or_404(request, public_id)
    form = SchemeForm(data_of(request), actor=request.actor, scheme=scheme)

    def act() -> None:
        services.change_scheme(
            actor=request.actor,
            scheme=scheme,
            facts=form.facts(),
            expected_version=version_of(request),
            today=clock.today(),
        )

    return form_page(
        request,
        form,
        act,
        title=_("Modifica la garanzia"),
        back=_schemes_address(),
        breadcrumb=_scheme_crumbs(),
        version=scheme.version,
    )


@requires(P.EDIT_FUND)
@require_POST
def scheme_confirm(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """These are the agency's numbers."""
    scheme = _scheme_or_404(request, public_id)
    return act_and_go(
        request,
        lambda: services.confirm_scheme(
            actor=request.actor,
            scheme=scheme,
            expected_version=version_of(request),
            today=clock.today(),
        ),
        _schemes_address(),
    )


@requires(P.EDIT_AGREEMENTS)
def guarantee_ask(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Ask for a guarantee on an agreement."""
    rows = Agreement.objects.visible_to(request.actor).select_related("building__municipality__province")
    agreement: Agreement = get_object_or_404(rows, public_id=public_id)
    initial = {"monthly_cents": agreement.rent_cents + agreement.condominium_cents}
    form = AskForm(data_of(request), agreement=agreement, initial=initial)

    def act() -> None:
        services.ask_guarantee(
            actor=request.actor, agreement=agreement, **form.cleaned_data, today=clock.today()
        )

    return form_page(
        request,
        form,
        act,
        title=_("Chiedi una garanzia"),
        back=_address(agreement),
        breadcrumb=_crumbs(agreement),
    )


def _application_or_404(request: StaffRequest, public_id: UUID) -> GuaranteeApplication:
    rows = GuaranteeApplication.objects.visible_to(request.actor).select_related(
        "scheme__fund__municipality", "dwelling__building__municipality", "agreement"
    )
    found: GuaranteeApplication = get_object_or_404(rows, public_id=public_id)
    return found


@requires(P.SEE_AGREEMENTS)
def application_answer(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """What the agency answered."""
    application = _application_or_404(request, public_id)
    form = AnswerForm(data_of(request))

    def act() -> None:
        services.answer_guarantee(
            actor=request.actor,
            application=application,
            **form.cleaned_data,
            expected_version=version_of(request),
            today=clock.today(),
        )

    may = permissions.may_answer_guarantee(request.actor, application)
    return form_page(
        request,
        form,
        act,
        title=_("Risposta di %(scheme)s") % {"scheme": application.scheme},
        lead=_("Con un sì il fondo si impegna subito.") if application.scheme.fund_id else "",
        back=_schemes_address(),
        breadcrumb=_scheme_crumbs(),
        version=application.version,
        refused=may.reason,
    )


@requires(P.SEE_AGREEMENTS)
@require_POST
def application_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The guarantee is over."""
    application = _application_or_404(request, public_id)
    return act_and_go(
        request,
        lambda: services.end_guarantee(
            actor=request.actor,
            application=application,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
        ),
        _schemes_address(),
    )
