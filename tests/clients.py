"""Test clients that send forms as our pages write them, with a key each; one is signed in with a role."""

from typing import Any, Protocol
from uuid import uuid4

from django.test import Client

from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.core.once import KEY_FIELD
from ali.organisations.models import Organisation
from tests.factories.organisations import actor_for_role


class FormClient(Client):
    """A client whose forms carry a new key each, unless the test says which."""

    def post(self, path: str, data: Any = None, *args: Any, **rest: Any) -> Any:
        if data is None or (isinstance(data, dict) and KEY_FIELD not in data):
            data = {**once(), **(data or {})}
        return super().post(path, data, *args, **rest)


class RoleClient(FormClient):
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
    return {KEY_FIELD: uuid4().hex}
