"""Sessions in the database, each with its user (the `SESSION_ENGINE`)."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from ali.accounts.models import UserSession

USER_IN_SESSION = "_auth_user_id"


class SessionStore(DatabaseStore):
    """Django's store over our table."""

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        return UserSession

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:
        session: UserSession = super().create_model_instance(data)  # type: ignore[assignment]
        user = data.get(USER_IN_SESSION)
        session.user_id = int(user) if user else None
        return session
