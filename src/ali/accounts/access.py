"""The access rule of a view: `@requires(...)` or `@public`. A view without either does not answer to anybody."""

from collections.abc import Callable
from typing import Any, TypeVar

from ali.accounts.roles import ROLES, Permission

View = TypeVar("View", bound=Callable[..., Any])


def requires(*permissions: Permission, also: Permission | None = None) -> Callable[[View], View]:
    """Open a view to roles that hold at least one of `permissions`, and `also` when it is given."""

    def mark(view: View) -> View:
        view.access_rule = frozenset(permissions)  # type: ignore[attr-defined]  # read by the middleware
        view.access_also = also  # type: ignore[attr-defined]  # read by the middleware
        return view

    return mark


def signed_in(view: View) -> View:
    """Open a view to every signed-in user with a role."""
    view.access_rule = frozenset()  # type: ignore[attr-defined]  # read by the middleware
    return view


def public(view: View) -> View:
    """Open a view to everybody, signed in or not."""
    view.access_rule = "public"  # type: ignore[attr-defined]  # read by the middleware
    return view


def roles_that_open(view: Callable[..., Any]) -> frozenset[str] | None:
    """Return the role codes that may open `view`; None when it is public; empty when it has no rule."""
    rule = getattr(view, "access_rule", None)
    if rule == "public":
        return None
    if rule is None:
        return frozenset()
    also = getattr(view, "access_also", None)
    return frozenset(
        role.code
        for role in ROLES.values()
        if (not rule or role.permissions & rule) and (also is None or role.may(also))
    )
