"""The household: who, what their home must have, with whom they would live."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.models import StaleRecord
from ali.core.once import repeatable
from ali.core.pages import version_of
from ali.people import queries, services
from ali.people.forms import FindPersonForm, JoinForm, NeedsForm, RelationForm, explain
from ali.people.models import Household, Person
from ali.people.queries import WishWith
from ali.people.views.conflicts import BothValues, both_values
from ali.people.views.opening import back_to, file_page, open_person


@dataclass(frozen=True)
class Found:
    """Somebody found by name, with the form to enter their household."""

    person: Person
    joining: JoinForm


@requires(P.EDIT_PEOPLE)
def household(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Members, needs, wishes, and the ways to join and to part."""
    return _household_page(request, open_person(request, public_id))


def _household_page(
    request: StaffRequest,
    person: Person,
    *,
    needs: NeedsForm | None = None,
    version: int | None = None,
    both: Collection[BothValues] = (),
    finding: FindPersonForm | None = None,
    found: list[Found] | None = None,
    refused: forms.BaseForm | None = None,
    problem: str = "",
) -> HttpResponse:
    home: Household = person.household
    members = list(queries.members_of(request.actor, [home.pk]))
    wishes = queries.wishes_of(request.actor, home.pk)
    return file_page(
        request,
        "people/household.html",
        person,
        section="household",
        others=_everybody(members, wishes, found or []),
        status=422 if problem or (refused is not None and refused.errors) else 200,
        household=home,
        members=[
            {
                "person": one,
                "form": RelationForm(initial={"relation": one.relation}, prefix=f"member-{one.pk}"),
            }
            for one in members
        ],
        hidden_members=queries.has_hidden_members(home.pk, members),
        is_alone=home.members.count() < 2,
        wishes=wishes,
        needs=needs or NeedsForm(initial=_needs_of(home)),
        version=home.version if version is None else version,
        both=both,
        finding=finding or FindPersonForm(),
        found=found,
        problem=problem,
    )


def _everybody(members: list[Person], wishes: list[WishWith], found: list[Found]) -> list[Person]:
    return [*members, *(one for wish in wishes for one in wish.members), *(one.person for one in found)]


def _needs_of(home: Household) -> dict[str, Any]:
    return {
        "wants_territory": home.wants_territory,
        "needs_step_free": home.needs_step_free,
        "notes": home.notes,
    }


@requires(P.EDIT_PEOPLE)
@require_POST
def household_needs(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write where the household would live and what the home must have."""
    person = open_person(request, public_id)
    form = NeedsForm(request.POST)
    version, both = version_of(request), []
    if form.is_valid():
        try:
            services.change_needs(
                actor=request.actor,
                household=person.household,
                expected_version=version,
                **form.cleaned_data,
            )
        except StaleRecord as refusal:
            person = open_person(request, public_id)
            both, version = both_values(form, _needs_of(person.household)), person.household.version
            explain(form, refusal)
        except Refusal as refusal:
            explain(form, refusal)
        else:
            return back_to(request, "household", person, _("Esigenze scritte."))
    return _household_page(
        request, open_person(request, public_id), needs=form, version=version, both=both, refused=form
    )


@requires(P.EDIT_PEOPLE)
@repeatable
@require_POST
def household_find(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Look for somebody to live with, by name or code: never in the address."""
    person = open_person(request, public_id)
    form = FindPersonForm(request.POST)
    found: list[Found] | None = None
    if form.is_valid():
        found = [
            Found(one, JoinForm(prefix=f"join-{one.pk}"))
            for one in queries.find_people(request.actor, form.cleaned_data["words"])
            if one.household_id != person.household_id
        ]
    return _household_page(request, person, finding=form, found=found, refused=form)


def _other(request: StaffRequest) -> Person:
    """The other person that the form names by public id, if the actor sees them."""
    try:
        return open_person(request, uuid.UUID(request.POST.get("other", "")))
    except ValueError as error:
        raise Http404 from error


@requires(P.EDIT_PEOPLE)
@require_POST
def household_relation(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say what a member is for the household."""
    person = open_person(request, public_id)
    member = _other(request)
    if member.household_id != person.household_id:
        raise Http404
    form = RelationForm(request.POST, prefix=f"member-{member.pk}")
    if form.is_valid():
        try:
            services.change_relation(actor=request.actor, person=member, **form.cleaned_data)
        except Refusal as refusal:
            return _household_page(request, person, problem=str(refusal))
        return back_to(request, "household", person, _("Relazione scritta."))
    return _household_page(request, person, problem=_("Scegli una relazione dell'elenco."))


@requires(P.EDIT_PEOPLE)
@require_POST
def household_join(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move the person into the household of another."""
    person, other = open_person(request, public_id), _other(request)
    form = JoinForm(request.POST, prefix=f"join-{other.pk}")
    if not form.is_valid():
        return _household_page(request, person, problem=_("Scegli che cosa è la persona per quel nucleo."))
    try:
        services.join_household(
            actor=request.actor,
            person=person,
            household=other.household,
            today=clock.today(),
            **form.cleaned_data,
        )
    except Refusal as refusal:
        return _household_page(request, open_person(request, public_id), problem=str(refusal))
    return back_to(request, "household", person, _("Ora sono un solo nucleo: si cerca una casa per tutti."))


@requires(P.EDIT_PEOPLE)
@require_POST
def household_split(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give the person a household of their own."""
    person = open_person(request, public_id)
    try:
        services.split_household(actor=request.actor, person=person, today=clock.today())
    except Refusal as refusal:
        return _household_page(request, open_person(request, public_id), problem=str(refusal))
    return back_to(request, "household", person, _("La persona ha ora un nucleo proprio."))


@requires(P.EDIT_PEOPLE)
@require_POST
def wish_add(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that two households ask to live together."""
    person, other = open_person(request, public_id), _other(request)
    try:
        services.state_wish(
            actor=request.actor, first=person.household, second=other.household, stated_on=clock.today()
        )
    except Refusal as refusal:
        return _household_page(request, person, problem=str(refusal))
    return back_to(request, "household", person, _("Desiderio scritto: chi propone una casa ne tiene conto."))


@requires(P.EDIT_PEOPLE)
@require_POST
def wish_withdraw(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take back a wish that one side no longer has."""
    person = open_person(request, public_id)
    try:
        wanted = uuid.UUID(request.POST.get("other", ""))
    except ValueError as error:
        raise Http404 from error
    other = get_object_or_404(Household.objects.visible_to(request.actor), public_id=wanted)
    wishes = queries.wishes_of(request.actor, person.household_id)
    wish = next((one.wish for one in wishes if one.other.pk == other.pk), None)
    if wish is None:
        raise Http404
    services.withdraw_wish(actor=request.actor, wish=wish)
    return back_to(request, "household", person, _("Desiderio tolto."))
