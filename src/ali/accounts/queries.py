"""What other apps, and the sign-in page of the demo, read from here."""

from dataclasses import dataclass

from django.utils.functional import Promise

from ali.accounts.actors import actor_for
from ali.accounts.models import User
from ali.accounts.roles import ROLES


@dataclass(frozen=True)
class DemoAccount:
    """An invented user whom the sign-in page of the demo offers with one button."""

    public_id: str
    name: str
    role_label: str | Promise
    organisation_name: str


def demo_accounts() -> list[DemoAccount]:
    """Return one invented user for each role, in the order of the roles: the first created of each."""
    found: dict[str, DemoAccount] = {}
    for user in User.objects.filter(is_invented=True, is_active=True).order_by("pk")[:60]:
        actor = actor_for(user)
        if actor is None or actor.role is None or actor.role_code in found:
            continue
        found[actor.role_code] = DemoAccount(
            str(user.public_id), user.full_name, actor.role.label, actor.organisation_name
        )
        if len(found) == len(ROLES):
            break
    return [found[code] for code in ROLES if code in found]
