"""Users and their roles: an administrator's pages."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.models import User
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page
from ali.core.paging import take_page
from ali.organisations import permissions, services
from ali.organisations.forms import MembershipForm, NewUserForm
from ali.organisations.models import Membership, Organisation
from ali.organisations.queries import users_visible_to
from ali.organisations.querysets import OrganisationQuerySet


def _user(request: StaffRequest, public_id: UUID) -> User:
    return get_object_or_404(users_visible_to(request.actor, clock.today()), public_id=public_id)


def _user_url(user: User) -> str:
    return reverse("organisations:user_detail", args=[user.public_id])


def _bodies(request: StaffRequest) -> OrganisationQuerySet:
    found: OrganisationQuerySet = Organisation.objects.administered_by(request.actor, clock.today()).order_by(
        "folded", "pk"
    )
    return found


def _trail(last: str, *between: tuple[str, str]) -> list[dict[str, str]]:
    crumbs = [{"label": _("Utenti"), "url": reverse("organisations:user_list")}]
    crumbs += [{"label": label, "url": url} for label, url in between]
    return [*crumbs, {"label": last, "url": ""}]


@requires(P.MANAGE_USERS)
def user_list(request: StaffRequest) -> HttpResponse:
    """Who works with the system in the bodies that the administrator looks after."""
    today = clock.today()
    held = (
        Membership.objects.visible_to(request.actor, today)
        .not_ended_on(today)
        .select_related("organisation")
        .order_by("starts_on", "pk")
    )
    users = (
        users_visible_to(request.actor, today)
        .prefetch_related(Prefetch("memberships", held, to_attr="held"))
        .order_by("-is_active", "full_name", "pk")
    )
    return page(request, "organisations/user_list.html", fragment="results", slice=take_page(request, users))


@requires(P.MANAGE_USERS)
def user_add(request: StaffRequest) -> HttpResponse:
    """Add a user with a first role; the password is shown once, here."""
    bodies = _bodies(request)
    initial = {"organisation": request.actor.organisation_id}
    form = NewUserForm(request.POST or None, organisations=bodies, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_user(actor=request.actor, today=clock.today(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if added.password:
                return _show_password(request, added.user, added.password, _("Utente aggiunto"))
            messages.info(request, _("Aveva già un accesso: gli è stato aggiunto questo incarico."))
            return HttpResponseRedirect(_user_url(added.user))
    return page(
        request,
        "organisations/user_form.html",
        status=422 if form.errors else 200,
        form=form,
        title=_("Nuovo utente"),
        action=request.path,
        cancel_url=reverse("organisations:user_list"),
        breadcrumb=_trail(_("Nuovo utente")),
    )


def _show_password(request: StaffRequest, user: User, password: str, title: str) -> HttpResponse:
    """The only page that ever shows a password: never stored, never repeated."""
    return page(request, "organisations/user_password.html", user=user, password=password, title=title)


@requires(P.MANAGE_USERS)
def user_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A user, the roles held and those that ended."""
    today = clock.today()
    user = _user(request, public_id)
    memberships = (
        Membership.objects.visible_to(request.actor, today)
        .filter(user=user)
        .select_related("organisation", "user")
        .order_by("-starts_on", "-pk")
    )
    lines = [
        {
            "membership": one,
            "is_open": one.ends_on is None or one.ends_on >= today,
            "decision": permissions.may_end_membership(request.actor, one, today),
        }
        for one in memberships
    ]
    return page(
        request,
        "organisations/user_detail.html",
        shown=user,
        lines=lines,
        may_manage=permissions.may_manage_account(request.actor, user, today),
        breadcrumb=_trail(user.full_name),
    )


@requires(P.MANAGE_USERS)
@require_POST
def user_disable(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Close an account and its sessions."""
    user = _user(request, public_id)
    try:
        services.disable_user(actor=request.actor, user=user, today=clock.today())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_user_url(user))


@requires(P.MANAGE_USERS)
@require_POST
def user_enable(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Open an account again."""
    user = _user(request, public_id)
    try:
        services.enable_user(actor=request.actor, user=user, today=clock.today())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_user_url(user))


@requires(P.MANAGE_USERS)
@require_POST
def user_reset_password(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give a password that is shown once."""
    user = _user(request, public_id)
    try:
        password = services.reset_password(actor=request.actor, user=user, today=clock.today())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(_user_url(user))
    return _show_password(request, user, password, _("Nuova password"))


@requires(P.MANAGE_USERS)
def membership_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give a user one more role."""
    user, today = _user(request, public_id), clock.today()
    initial = {"organisation": request.actor.organisation_id, "starts_on": today}
    form = MembershipForm(request.POST or None, organisations=_bodies(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_membership(actor=request.actor, user=user, today=today, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_user_url(user))
    return page(
        request,
        "organisations/user_form.html",
        status=422 if form.errors else 200,
        form=form,
        title=_("Nuovo incarico"),
        action=request.path,
        cancel_url=_user_url(user),
        breadcrumb=_trail(_("Nuovo incarico"), (user.full_name, _user_url(user))),
    )


@requires(P.MANAGE_USERS)
@require_POST
def membership_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """End a role at once."""
    today = clock.today()
    membership = get_object_or_404(
        Membership.objects.visible_to(request.actor, today).select_related("user"), public_id=public_id
    )
    try:
        services.end_membership(actor=request.actor, membership=membership, today=today)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_user_url(membership.user))
