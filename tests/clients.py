"""A test client signed in with a role, and the key that forms carry."""

from typing import Protocol
from uuid import uuid4

from django.test import Client

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.organisations.models import Organisation
from tests.factories.organisations import actor_for_role


class RoleClient(Client):
    """A client that knows who it is."""

    actor: Actor
    user: User


class ClientAs(Protocol):
    """Signs in a new user with a role, in a new organisation when none is given."""

    def __call__(
        self, role_code: str, organisation: Organisation | None = None, *, province: str = "PD"
    ) -> RoleClient: ...


def client_as(
    role_code: str, organisation: Organisation | None = None, *, province: str = "PD"
) -> RoleClient:
    actor = actor_for_role(role_code, province, organisation)
    client = RoleClient()
    client.actor = actor
    client.user = User.objects.get(pk=actor.user_id)
    client.force_login(client.user)
    return client


def once() -> dict[str, str]:
    """The field that lets a form be received once."""
    return {"idempotency_key": uuid4().hex}
