from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record


class UserManager(BaseUserManager["User"]):
    """Creates users by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(Record, AbstractBaseUser):
    """Somebody who works with the system. What they may do comes from memberships, never from the user."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("nome e cognome"), max_length=150)
    is_active = models.BooleanField(_("attivo"), default=True)
    is_invented = models.BooleanField(_("utente di esempio"), default=False)
    must_change_password = models.BooleanField(_("deve cambiare la password"), default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("utente")
        verbose_name_plural = _("utenti")

    class Privacy:
        hidden = ["email", "full_name", "password", "last_login"]
        shown = ["public_id", "version", "created_at", "changed_at", "is_active", "is_invented"]
        shown += ["must_change_password"]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)


class UserSession(AbstractBaseSession):
    """A session that knows its user, so that those of a disabled user can be closed at once."""

    user_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        verbose_name = _("sessione")
        verbose_name_plural = _("sessioni")

    class Privacy:
        hidden = ["session_key", "session_data", "user_id"]
        shown = ["expire_date"]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from ali.accounts.sessions import SessionStore  # noqa: PLC0415  the store imports this module

        return SessionStore
