"""allauth, closed: nobody signs up alone; users are created by an administrator."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.models import User


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No open registration, no user names, our own sentences."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail o password non corrispondono: controllale e riprova."),
        "too_many_login_attempts": _(
            "Troppi tentativi di accesso: per sicurezza aspetta cinque minuti, poi riprova."
        ),
        "incorrect_password": _("La password attuale non è questa."),
        "enter_current_password": _("La password attuale non è questa."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Users have no user name."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("desk:home")

    def reauthenticate(self, user: User, password: str) -> bool:
        """Check the password again, within the same limits as signing in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk
