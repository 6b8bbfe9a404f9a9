"""Who acts: a user in one role for one organisation. Every visibility expression and every permission asks an `Actor`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest

from ali.accounts.models import User
from ali.accounts.roles import Permission, Role


@dataclass(frozen=True)
class Grant:
    """A role in an organisation for some provinces (`provinces` of the organisation's role), valid today."""

    key: str
    role: Role
    organisation_id: int
    organisation_name: str
    provinces: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Actor:
    """A user acting in one grant at a time."""

    user_id: int | None
    name: str
    role: Role | None
    organisation_id: int | None
    organisation_name: str = ""
    provinces: frozenset[str] = frozenset()
    grant_key: str = ""
    other_grants: tuple[Grant, ...] = field(default=())

    @property
    def role_code(self) -> str:
        return self.role.code if self.role else "system"

    @property
    def signer(self) -> int:
        """The user whose name a decision carries. The system cannot sign: `ValueError`."""
        if self.user_id is None:
            raise ValueError("the system signs nothing")
        return self.user_id

    @property
    def body(self) -> int:
        """The organisation whose record this becomes. The system belongs to none: `ValueError`."""
        if self.organisation_id is None:
            raise ValueError("the system belongs to no organisation")
        return self.organisation_id

    def may(self, permission: Permission) -> bool:
        """Say whether the role holds `permission`."""
        return self.role is not None and self.role.may(permission)


class StaffRequest(HttpRequest):
    """A request that passed `requires`: it has an actor."""

    actor: Actor


SYSTEM = Actor(user_id=None, name="sistema", role=None, organisation_id=None)

GrantLoader = Callable[[User], Sequence[Grant]]
_loaders: list[GrantLoader] = []


def provide_grants(load: GrantLoader) -> None:
    """Let the app that owns memberships (organisations) supply a user's grants."""
    _loaders[:] = [load]


def actor_for(user: User, chosen: str = "") -> Actor | None:
    """Return the actor of `user` in the grant `chosen` (or the first one); None without any valid grant."""
    grants = list(_loaders[0](user)) if _loaders and user.is_active else []
    if not grants:
        return None
    grant = next((one for one in grants if one.key == chosen), grants[0])
    return Actor(
        user_id=user.pk,
        name=user.full_name,
        role=grant.role,
        organisation_id=grant.organisation_id,
        organisation_name=grant.organisation_name,
        provinces=grant.provinces,
        grant_key=grant.key,
        other_grants=tuple(one for one in grants if one.key != grant.key),
    )
