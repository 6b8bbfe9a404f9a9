from collections.abc import Mapping
from typing import Any

from ali.accounts.actors import Actor
from ali.organisations.models import Organisation, OrganisationRole
from tests.factories.organisations import MembershipFactory, OrganisationFactory
from tests.rules.url_examples import Example


def _body(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.organisation_id)


def _own_body(actor: Actor) -> dict[str, Any]:
    return {"public_id": _body(actor).public_id}


def _body_nearby(actor: Actor) -> dict[str, Any]:
    return {"public_id": OrganisationFactory(province=min(actor.provinces)).public_id}


def _colleague(actor: Actor) -> dict[str, Any]:
    return {"public_id": MembershipFactory(prefecture_officer=True, organisation=_body(actor)).user.public_id}


def _membership_of_colleague(actor: Actor) -> dict[str, Any]:
    return {"public_id": MembershipFactory(prefecture_officer=True, organisation=_body(actor)).public_id}


def _its_role(made: Mapping[str, Any]) -> dict[str, Any]:
    return {"role": OrganisationRole.objects.filter(organisation__public_id=made["public_id"]).get().pk}


EXAMPLES = {
    "organisations:organisation_list": Example(query={"who": "all"}),
    "organisations:organisation_detail": Example(make=_own_body, is_shared=True),
    "organisations:organisation_edit": Example(make=_own_body),
    "organisations:role_add": Example(make=_body_nearby, is_shared=True),
    "organisations:role_end": Example(make=_body_nearby, is_shared=True, post=_its_role),
    "organisations:user_detail": Example(make=_colleague),
    "organisations:user_disable": Example(make=_colleague, post={}),
    "organisations:user_enable": Example(make=_colleague, post={}),
    "organisations:user_reset_password": Example(make=_colleague, post={}),
    "organisations:membership_add": Example(make=_colleague),
    "organisations:membership_end": Example(make=_membership_of_colleague, post={}),
}
