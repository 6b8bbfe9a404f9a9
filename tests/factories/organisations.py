from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from ali.accounts import roles
from ali.accounts.actors import Actor, actor_for
from ali.accounts.models import User
from ali.core.text import fold
from ali.organisations.models import Membership, Organisation, OrganisationKind, OrganisationRole
from tests.factories.accounts import UserFactory
from tests.factories.places import MUNICIPALITIES, load_small_places

SINCE = date(2020, 1, 1)

KIND_OF_ROLE = {
    roles.PREFECTURE_OFFICER.code: OrganisationKind.PREFECTURE,
    roles.CENTRE_OPERATOR.code: OrganisationKind.RECEPTION_MANAGER,
    roles.CENTRE_COORDINATOR.code: OrganisationKind.RECEPTION_MANAGER,
    roles.HOUSING_MANAGER.code: OrganisationKind.HOUSING_AGENCY,
    roles.HOUSING_OPERATOR.code: OrganisationKind.HOUSING_AGENCY,
    roles.RENT_ACCOUNTANT.code: OrganisationKind.HOUSING_AGENCY,
    roles.MUNICIPAL_OFFICER.code: OrganisationKind.MUNICIPALITY,
    roles.PROJECT_MANAGER.code: OrganisationKind.NETWORK,
    roles.DATA_PROTECTION_OFFICER.code: OrganisationKind.PREFECTURE,
    roles.ADMINISTRATOR.code: OrganisationKind.PREFECTURE,
}


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A body with a role in one province. `OrganisationFactory(kind="IMM", province="VI")`; traits name the common ones."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    class Params:
        prefecture = factory.Trait(kind=OrganisationKind.PREFECTURE)
        reception_manager = factory.Trait(kind=OrganisationKind.RECEPTION_MANAGER)
        housing_agency = factory.Trait(kind=OrganisationKind.HOUSING_AGENCY)
        town = factory.Trait(kind=OrganisationKind.MUNICIPALITY)
        invented = factory.Trait(is_invented=True)

    name = factory.Sequence(lambda number: f"Ente di prova {number}")
    folded = factory.LazyAttribute(lambda made: fold(made.name))
    kind = OrganisationKind.RECEPTION_MANAGER
    province = "PD"

    @classmethod
    def _create(cls, model_class: type[Organisation], *args: Any, **kwargs: Any) -> Organisation:
        kind, province = kwargs.pop("kind"), kwargs.pop("province")
        load_small_places()
        made: Organisation = super()._create(model_class, *args, **kwargs)
        town = next((istat for istat, _name, of, *_rest in MUNICIPALITIES if of == province), None)
        OrganisationRole.objects.create(
            organisation=made,
            kind=kind,
            province_id=province,
            municipality_id=town if kind == OrganisationKind.MUNICIPALITY else None,
            starts_on=SINCE,
        )
        return made


class MembershipFactory(DjangoModelFactory[Membership]):
    """A user's role in an organisation of the right kind, since 2020. One trait per role, and `ended`."""

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    class Params:
        province = "PD"
        prefecture_officer = factory.Trait(role=roles.PREFECTURE_OFFICER.code)
        centre_operator = factory.Trait(role=roles.CENTRE_OPERATOR.code)
        centre_coordinator = factory.Trait(role=roles.CENTRE_COORDINATOR.code)
        housing_manager = factory.Trait(role=roles.HOUSING_MANAGER.code)
        housing_operator = factory.Trait(role=roles.HOUSING_OPERATOR.code)
        rent_accountant = factory.Trait(role=roles.RENT_ACCOUNTANT.code)
        municipal_officer = factory.Trait(role=roles.MUNICIPAL_OFFICER.code)
        project_manager = factory.Trait(role=roles.PROJECT_MANAGER.code)
        data_protection_officer = factory.Trait(role=roles.DATA_PROTECTION_OFFICER.code)
        administrator = factory.Trait(role=roles.ADMINISTRATOR.code)
        ended = factory.Trait(ends_on=date(2021, 1, 1))

    role = roles.CENTRE_OPERATOR.code
    user = factory.SubFactory(UserFactory)
    organisation = factory.LazyAttribute(
        lambda made: OrganisationFactory(kind=KIND_OF_ROLE[made.role], province=made.province)
    )
    starts_on = SINCE


def actor_of(user: User) -> Actor:
    """The actor of a user who has a membership."""
    actor = actor_for(user)
    assert actor is not None, "the user has no valid membership"
    return actor


def actor_for_role(
    role_code: str, province: str = "PD", organisation: Organisation | None = None, **user: Any
) -> Actor:
    """A new user with `role_code` in `organisation` (a new one of the right kind in `province` when not given)."""
    body = organisation or OrganisationFactory(kind=KIND_OF_ROLE[role_code], province=province)
    return actor_of(MembershipFactory(role=role_code, organisation=body, user=UserFactory(**user)).user)
