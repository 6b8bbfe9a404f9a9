"""What happens to an account. Who may do it is told by memberships: `organisations.services` asks permission and records."""

import secrets

from ali.accounts.models import User, UserSession
from ali.core.transactions import atomic

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read two ways: no i, l, o, 0, 1
GROUPS, GROUP = 4, 5


def new_password() -> str:
    """Return a password to be told once: four groups of five, about 98 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


@atomic
def give_one_time_password(user: User) -> str:
    """Give `user` a password that must be changed at the next sign-in; whoever is signed in with the old one is out."""
    password = new_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password", "changed_at"])
    close_sessions(user)
    return password


@atomic
def disable_account(user: User) -> None:
    """Close the account and every session of it."""
    user.is_active = False
    user.save(update_fields=["is_active", "changed_at"])
    close_sessions(user)


def enable_account(user: User) -> None:
    """Open the account again; the password stays as it was."""
    user.is_active = True
    user.save(update_fields=["is_active", "changed_at"])


def close_sessions(user: User) -> int:
    """Sign `user` out everywhere; return from how many places."""
    closed, _ = UserSession.objects.filter(user_id=user.pk).delete()
    return closed
