"""Invented bodies, and an account for each role. Real bodies of the network get accounts, never invented people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from ali.accounts import roles
from ali.accounts.models import User
from ali.accounts.roles import Role
from ali.core.text import fold
from ali.demo.filling.rows import write
from ali.organisations.models import Membership, Organisation, OrganisationKind, OrganisationRole

PASSWORD = "Casa-Lavoro-2026"  # noqa: S105  known to everybody: it opens invented data on this machine alone
DOMAIN = "esempio.invalid"
PROVINCE = "PD"
PREFECTURE = "Prefettura di Padova"
PARTNER = "GEA"
MUNICIPALITY = "Comune di Padova"
SINCE_DAYS = 900
GIVEN_NAMES = (
    "Ada", "Bruno", "Carla", "Dario", "Elena", "Fabio", "Giulia", "Hans", "Irene", "Jacopo", "Katia", "Luca",
    "Marta", "Nicola", "Olga", "Paolo", "Rita", "Sandro", "Teresa", "Ugo", "Vera", "Walter", "Zoe", "Aldo",
    "Bianca", "Corrado", "Delia", "Enzo", "Flavia", "Guido", "Ilaria", "Livio", "Monica", "Nadia", "Oscar",
)  # fmt: skip


@dataclass(frozen=True)
class Bodies:
    """Organisations by name, and the users who do the work in them, in the order in which they are presented."""

    by_name: Mapping[str, Organisation]
    prefecture: Organisation
    officer: User
    operators: Mapping[int, User]


def add_bodies(*, managers: Sequence[str], holders: Sequence[str], today: date) -> Bodies:
    """Create the invented bodies and the accounts. `managers` and `holders` come busiest first: theirs come first."""
    since = today - timedelta(days=SINCE_DAYS)
    kinds = {name: [OrganisationKind.RECEPTION_MANAGER] for name in managers}
    for name in holders:
        kinds.setdefault(name, []).append(OrganisationKind.HOUSING_AGENCY)
    by_name = _add_organisations(kinds, since)
    prefecture = _real_body(PREFECTURE)
    people = _Staff(since)
    officer = people.add(roles.PREFECTURE_OFFICER, prefecture)
    first, *other_managers = managers
    operators = {by_name[first].pk: people.add(roles.CENTRE_OPERATOR, by_name[first])}
    people.add(roles.CENTRE_COORDINATOR, by_name[first])
    for name in other_managers[:1]:
        operators[by_name[name].pk] = people.add(roles.CENTRE_OPERATOR, by_name[name])
    for name in holders[:2]:
        people.add(roles.HOUSING_MANAGER, by_name[name])
    for name in holders[:1]:
        people.add(roles.HOUSING_OPERATOR, by_name[name])
        people.add(roles.RENT_ACCOUNTANT, by_name[name])
    people.add(roles.MUNICIPAL_OFFICER, _real_body(MUNICIPALITY))
    people.add(roles.PROJECT_MANAGER, _real_body(PARTNER))
    people.add(roles.DATA_PROTECTION_OFFICER, prefecture)
    people.add(roles.ADMINISTRATOR, prefecture)
    people.add(roles.PREFECTURE_OFFICER, prefecture)
    for name in other_managers[1:]:
        operators[by_name[name].pk] = people.add(roles.CENTRE_OPERATOR, by_name[name])
    for name in managers[1:]:
        people.add(roles.CENTRE_COORDINATOR, by_name[name])
    for name in holders[2:]:
        people.add(roles.HOUSING_MANAGER, by_name[name])
    people.write()
    return Bodies(by_name, prefecture, officer, operators)


def _add_organisations(
    kinds: Mapping[str, Iterable[OrganisationKind]], since: date
) -> dict[str, Organisation]:
    bodies = write(
        [
            Organisation(
                name=name,
                folded=fold(name),
                is_invented=True,
                email=f"{fold(name).replace(' ', '-')}@{DOMAIN}",
                phone="+39 000 0000000",
            )
            for name in kinds
        ]
    )
    by_name = {body.name: body for body in bodies}
    write(
        [
            OrganisationRole(organisation=by_name[name], kind=kind, province_id=PROVINCE, starts_on=since)
            for name, of_body in kinds.items()
            for kind in of_body
        ]
    )
    return by_name


def _real_body(name: str) -> Organisation:
    """A body of the network, as preloaded."""
    found: Organisation = Organisation.objects.get(name=name, is_invented=False)
    return found


class _Staff:
    """Invented users, all with the same known password: hashed once, because hashing is slow on purpose."""

    def __init__(self, since: date) -> None:
        self.since = since
        self.password = make_password(PASSWORD)
        self.users: list[User] = []
        self.places: list[tuple[Role, Organisation]] = []

    def add(self, role: Role, organisation: Organisation) -> User:
        number = len(self.users)
        given = GIVEN_NAMES[number % len(GIVEN_NAMES)]
        suffix = number // len(GIVEN_NAMES) + 1
        user = User(
            email=f"{given.lower()}{suffix if suffix > 1 else ''}@{DOMAIN}",
            full_name=f"{given} Esempio" if suffix == 1 else f"{given} Esempio {suffix}",
            password=self.password,
            is_invented=True,
        )
        self.users.append(user)
        self.places.append((role, organisation))
        return user

    def write(self) -> None:
        write(self.users)
        write(
            [
                Membership(user=user, organisation=organisation, role=role.code, starts_on=self.since)
                for user, (role, organisation) in zip(self.users, self.places, strict=True)
            ]
        )
