"""The sheets of a home, its cadastral units and its certificates."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.housing import permissions, services
from ali.housing.codes import CertificateKind
from ali.housing.forms import SHEET_FORMS, CertificateForm, cadastral_forms
from ali.housing.models import CadastralUnit, Certificate, Dwelling
from ali.housing.views.homes import home_breadcrumb, home_or_404

# The sheets by the word in their address.
NAMES: Mapping[str, str] = {
    "edificio": "building",
    "condominio": "condominium",
    "dotazioni": "equipment",
    "dintorni": "surroundings",
    "disponibilita": "vacancy",
}


def _home(actor: Actor, public_id: UUID) -> Dwelling:
    """Return a home that the actor may describe; others' sheets do not exist for them."""
    home = home_or_404(actor, public_id)
    if not permissions.may_describe_home(actor, home):
        raise Http404
    return home


def _back(home: Dwelling) -> HttpResponse:
    return HttpResponseRedirect(reverse("housing:home_detail", args=[home.public_id]))


@requires(P.EDIT_HOMES, P.EDIT_OWNERS)
def sheet_edit(request: StaffRequest, public_id: UUID, sheet: str) -> HttpResponse:
    """One sheet of a home or of its building."""
    if sheet not in SHEET_FORMS:
        raise Http404
    home = _home(request.actor, public_id)
    title, form_class = SHEET_FORMS[sheet]
    stored = services.sheet_of(home, NAMES[sheet])
    form = form_class(request.POST or None, stored=stored)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_sheet(
                actor=request.actor,
                home=home,
                name=NAMES[sheet],
                values=form.values(clock.today()),
                expected_version=version_of(request),
                today=clock.today(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(home)
    return page(
        request,
        "housing/sheet_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=home_breadcrumb(home, str(title)),
        title=title,
        home=home,
        form=form,
        version=stored.version if stored else 0,
        is_of_building=sheet in {"edificio", "condominio"},
    )


@requires(P.EDIT_HOMES, P.EDIT_OWNERS)
def cadastre_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The units of the cadastre that belong to a home."""
    home = _home(request.actor, public_id)
    rows = cadastral_forms(
        request.POST or None, units=list(CadastralUnit.objects.filter(dwelling=home).order_by("pk"))
    )
    refused = ""
    if request.method == "POST" and rows.is_valid():
        try:
            services.set_cadastral_units(
                actor=request.actor, home=home, units=rows.facts(), expected_version=version_of(request)
            )
        except Refusal as refusal:
            refused = str(refusal)
        else:
            return _back(home)
    return page(
        request,
        "housing/cadastre_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=home_breadcrumb(home, _("Catasto")),
        home=home,
        rows=rows,
        refused=refused,
    )


@requires(P.EDIT_HOMES, P.EDIT_OWNERS)
def certificate_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write a certificate of a home; the kind may come from the line that says it is missing."""
    home = _home(request.actor, public_id)
    asked = request.GET.get("tipo", "")
    form = CertificateForm(
        request.POST or None, initial={"kind": asked} if asked in CertificateKind.values else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_certificate(
                actor=request.actor, home=home, facts=form.facts(), today=clock.today()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("housing:certificate_detail", args=[made.public_id]))
    return _certificate_form(request, home, form)


def _certificate_form(
    request: StaffRequest, home: Dwelling, form: CertificateForm, certificate: Certificate | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"version": certificate.version} if certificate else {}
    return page(
        request,
        "housing/certificate_form.html",
        status=422 if request.method == "POST" else 200,
        breadcrumb=home_breadcrumb(home, _("Certificato")),
        home=home,
        form=form,
        certificate=certificate,
        **context,
    )


def _certificate_or_404(actor: Actor, public_id: UUID) -> Certificate:
    found: Certificate = get_object_or_404(
        Certificate.objects.filter(
            dwelling__in=Dwelling.objects.visible_to(actor).values("pk")
        ).select_related("dwelling__building__municipality"),
        public_id=public_id,
    )
    if not permissions.may_describe_home(actor, found.dwelling):
        raise Http404
    return found


@requires(P.EDIT_HOMES, P.EDIT_OWNERS)
def certificate_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A certificate with its file."""
    certificate = _certificate_or_404(request.actor, public_id)
    return page(
        request,
        "housing/certificate_detail.html",
        breadcrumb=home_breadcrumb(certificate.dwelling, str(certificate)),
        certificate=certificate,
        home=certificate.dwelling,
        is_valid=certificate.is_valid_on(clock.today()),
    )


@requires(P.EDIT_HOMES, P.EDIT_OWNERS)
def certificate_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Correct a certificate."""
    certificate = _certificate_or_404(request.actor, public_id)
    form = CertificateForm(request.POST or None, certificate=certificate)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_certificate(
                actor=request.actor,
                certificate=certificate,
                facts=form.facts(),
                expected_version=version_of(request),
                today=clock.today(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("housing:certificate_detail", args=[public_id]))
    return _certificate_form(request, certificate.dwelling, form, certificate)


@requires(P.EDIT_HOMES, P.EDIT_OWNERS)
@require_POST
def certificate_remove(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Remove a certificate written by mistake."""
    certificate = _certificate_or_404(request.actor, public_id)
    try:
        services.remove_certificate(
            actor=request.actor,
            certificate=certificate,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("housing:certificate_detail", args=[public_id]))
    return _back(certificate.dwelling)
