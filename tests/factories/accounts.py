from typing import Any

import factory
from factory.django import DjangoModelFactory

from ali.accounts.models import User

PASSWORD = "una frase lunga di prova"


class UserFactory(DjangoModelFactory[User]):
    """A user without any role: memberships come from `tests.factories.organisations`. Traits: inactive, invented."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        inactive = factory.Trait(is_active=False)
        invented = factory.Trait(is_invented=True)

    email = factory.Sequence(lambda number: f"utente{number}@esempio.it")
    full_name = factory.Sequence(lambda number: f"Utente Numero{number}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(password=kwargs.pop("password", PASSWORD), **kwargs)
