"""Who came in, who went out, who tried: signals of Django and allauth become lines of the audit log."""

from dataclasses import dataclass
from typing import Any

from allauth.account.signals import password_changed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from ali.accounts.actors import actor_for
from ali.accounts.models import User
from ali.audit import services as audit


@dataclass(frozen=True)
class Visitor:
    """A user before any role is known."""

    user_id: int | None
    organisation_id: int | None = None
    role_code: str = ""


def visitor(user: User | None) -> Visitor:
    """Return what the log keeps of somebody at the door: the first of their roles, if any."""
    actor = actor_for(user) if user else None
    if actor is None:
        return Visitor(user.pk if user else None)
    return Visitor(actor.user_id, actor.organisation_id, actor.role_code)


def signed_in(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    audit.record(visitor(user), "signed_in", user)


def signed_out(sender: Any, request: HttpRequest, user: User | None, **rest: Any) -> None:
    if user is not None:
        audit.record(visitor(user), "signed_out", user)


def sign_in_failed(sender: Any, credentials: dict[str, Any], **rest: Any) -> None:
    """Record the attempt under the account it was for; of an unknown one, only that it happened."""
    email = str(credentials.get("email") or "").lower()
    tried = User.objects.filter(email=email).first() if email else None
    audit.record(visitor(tried), "sign_in_failed", tried)


def changed_password(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    user.must_change_password = False
    audit.record(visitor(user), "password_changed", user)


def listen() -> None:
    """Connect the four signals; called once, when the apps are ready."""
    user_logged_in.connect(signed_in, dispatch_uid="ali-signed-in")
    user_logged_out.connect(signed_out, dispatch_uid="ali-signed-out")
    user_login_failed.connect(sign_in_failed, dispatch_uid="ali-sign-in-failed")
    password_changed.connect(changed_password, dispatch_uid="ali-password-changed")
