from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires, signed_in
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.organisations import permissions, services
from ali.organisations.forms import DirectoryFilter, OrganisationForm, RoleForm
from ali.organisations.models import Organisation, OrganisationRole
from ali.organisations.queries import roles_over_time
from ali.organisations.querysets import OrganisationQuerySet

# The directory ---------------------------------------------------------------------------------------------------------


@signed_in
def organisation_list(request: StaffRequest) -> HttpResponse:
    """The bodies of the network: those of the project first, then everybody by what they do and where."""
    today = clock.today()
    form = DirectoryFilter(request.GET)
    everybody = request.GET.get("who") == "all" or any(request.GET.get(name) for name in ("kind", "province"))
    found = (
        _filtered(request, form)
        if everybody
        else Organisation.objects.visible_to(request.actor).of_the_project()
    )
    roles = (
        OrganisationRole.objects.valid_on(today)
        .select_related("province", "municipality")
        .order_by("kind", "pk")
    )
    rows = found.prefetch_related(Prefetch("roles", roles, to_attr="roles_today")).order_by("folded", "pk")
    tabs = [
        {
            "label": _("Rete del progetto"),
            "href": request.path,
            "current": not everybody,
            "count": None,
            "icon": "",
        },
        {
            "label": _("Tutte"),
            "href": f"{request.path}?who=all",
            "current": everybody,
            "count": None,
            "icon": "",
        },
    ]
    return page(
        request,
        "organisations/organisation_list.html",
        fragment="results",
        slice=take_page(request, rows),
        form=form,
        tabs=tabs,
        active=_active(request, form),
        may_add=bool(permissions.may_add_organisation(request.actor, today)),
        manages_users=request.actor.may(P.MANAGE_USERS),
    )


def _filtered(request: StaffRequest, form: DirectoryFilter) -> OrganisationQuerySet:
    found = Organisation.objects.visible_to(request.actor)
    given = form.cleaned_data if form.is_valid() else {}
    kind, province = given.get("kind") or "", given.get("province")
    if kind:
        found = found.playing(kind, province.pk if province else None)
    elif province:
        found = found.filter(roles__province=province).distinct()
    return found


def _active(request: HttpRequest, form: DirectoryFilter) -> list[dict[str, str]]:
    """The filters in force, each with the address that takes it away."""
    active = []
    for name in ("kind", "province"):
        chosen = request.GET.get(name)
        if not chosen or name in form.errors:
            continue
        query = request.GET.copy()
        del query[name]
        query["who"] = "all"
        value = form.cleaned_data[name]
        words = dict(form.fields["kind"].choices).get(value, value) if name == "kind" else value  # type: ignore[attr-defined]
        label = f"{form.fields[name].label}: {words}"
        active.append({"label": label, "remove_url": f"{request.path}?{query.urlencode()}"})
    return active


@signed_in
def organisation_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A body: what it does, where, from when to when, and how to reach it."""
    today = clock.today()
    organisation = _organisation(request, public_id)
    return page(
        request,
        "organisations/organisation_detail.html",
        organisation=organisation,
        lines=roles_over_time(organisation, today),
        may_edit=bool(permissions.may_edit_organisation(request.actor, organisation, today)),
        may_add_role=bool(permissions.may_add_organisation(request.actor, today)),
        own_provinces=request.actor.provinces,
        breadcrumb=_trail(organisation.name),
    )


def _organisation(request: StaffRequest, public_id: UUID) -> Organisation:
    found: Organisation = get_object_or_404(
        Organisation.objects.visible_to(request.actor), public_id=public_id
    )
    return found


def _trail(last: str, *between: tuple[str, str]) -> list[dict[str, str]]:
    crumbs = [{"label": _("Organizzazioni"), "url": reverse("organisations:organisation_list")}]
    crumbs += [{"label": label, "url": url} for label, url in between]
    return [*crumbs, {"label": last, "url": ""}]


def _detail_url(organisation: Organisation) -> str:
    return reverse("organisations:organisation_detail", args=[organisation.public_id])


# Changing bodies -------------------------------------------------------------------------------------------------------


@requires(P.MANAGE_USERS)
def organisation_add(request: StaffRequest) -> HttpResponse:
    """Add a body of the network."""
    today = clock.today()
    permissions.may_add_organisation(request.actor, today).or_refuse()
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_organisation(actor=request.actor, given=form.cleaned_data, today=today)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_detail_url(added))
    return page(
        request,
        "organisations/organisation_form.html",
        status=422 if form.errors else 200,
        form=form,
        title=_("Nuova organizzazione"),
        version=None,
        cancel_url=reverse("organisations:organisation_list"),
        breadcrumb=_trail(_("Nuova organizzazione")),
    )


@requires(P.MANAGE_USERS)
def organisation_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change name and contacts of a body."""
    today = clock.today()
    organisation = get_object_or_404(
        Organisation.objects.administered_by(request.actor, today), public_id=public_id
    )
    form = OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        version = version_of(request)
        try:
            services.edit_organisation(
                actor=request.actor,
                organisation=organisation,
                given=form.cleaned_data,
                version=version,
                today=today,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_detail_url(organisation))
    return page(
        request,
        "organisations/organisation_form.html",
        status=422 if form.errors else 200,
        form=form,
        title=_("Modifica i dati"),
        version=organisation.version,
        cancel_url=_detail_url(organisation),
        breadcrumb=_trail(_("Modifica"), (organisation.name, _detail_url(organisation))),
    )


@requires(P.MANAGE_USERS)
def role_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say what a body does in a territory."""
    today = clock.today()
    organisation = _organisation(request, public_id)
    permissions.may_add_organisation(request.actor, today).or_refuse()
    form = RoleForm(request.POST or None, provinces=request.actor.provinces, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_role(
                actor=request.actor, organisation=organisation, today=today, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_detail_url(organisation))
    return page(
        request,
        "organisations/role_form.html",
        status=422 if form.errors else 200,
        form=form,
        organisation=organisation,
        breadcrumb=_trail(_("Nuovo ruolo"), (organisation.name, _detail_url(organisation))),
    )


@requires(P.MANAGE_USERS)
@require_POST
def role_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """End what a body does in a territory."""
    organisation = _organisation(request, public_id)
    asked = request.POST.get("role", "")
    role = get_object_or_404(organisation.roles, pk=int(asked) if asked.isdigit() else 0)
    try:
        services.end_role(
            actor=request.actor, role=role, today=clock.today(), expected_version=version_of(request)
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_detail_url(organisation))
