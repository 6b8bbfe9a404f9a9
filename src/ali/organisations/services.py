"""Bodies, users and memberships: what an administrator does, and the network that comes with the product."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from ali.accounts import services as accounts
from ali.accounts.actors import SYSTEM, Actor
from ali.accounts.models import User
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.organisations import permissions
from ali.organisations.models import Membership, Organisation, OrganisationKind, OrganisationRole
from ali.places.models import Municipality, Province
from ali.places.services import record_dataset

DATA = Path(__file__).parent / "data"
EDITABLE = ("name", "short_name", "fiscal_code", "ipa_code", "phone", "email", "address")


class AlreadyHeld(Refusal):
    """The membership or the role is there already."""


class AlreadyExists(Refusal):
    """A body of that name is there already."""


class PlacesMissing(Refusal):
    """Provinces must be loaded first."""


@dataclass(frozen=True)
class NewUser:
    """A membership just given; `password` is told once, and empty when the account existed."""

    user: User
    membership: Membership
    password: str


@dataclass(frozen=True)
class NetworkLoaded:
    """What loading the network did."""

    organisations: int
    added: int
    roles_added: int


# Users ----------------------------------------------------------------------------------------------------------------


@atomic
def add_user(
    *, actor: Actor, email: str, full_name: str, role: str, organisation: Organisation, today: date
) -> NewUser:
    """Give somebody a role; make the account, with a password told once, unless the e-mail has one already."""
    user = User.objects.filter(email=email.strip().lower()).first()
    permissions.may_give_membership(actor, user, organisation, role, today).or_refuse()
    password = ""
    if user is None:
        user = User.objects.create_user(email=email.strip(), full_name=full_name.strip())
        password = accounts.give_one_time_password(user)
        audit.record(actor, "user_added", user)
    membership = give_membership(
        actor=actor, user=user, organisation=organisation, role=role, starts_on=today, today=today
    )
    return NewUser(user, membership, password)


@atomic
def give_membership(
    *,
    actor: Actor,
    user: User,
    organisation: Organisation,
    role: str,
    starts_on: date,
    today: date,
    ends_on: date | None = None,
) -> Membership:
    """Give `user` a role in `organisation` from a day on."""
    permissions.may_give_membership(actor, user, organisation, role, today).or_refuse()
    same = Membership.objects.not_ended_on(today).filter(user=user, organisation=organisation, role=role)
    if same.exists():
        raise AlreadyHeld(_("Ha già questo incarico."))
    membership: Membership = Membership.objects.create(
        user=user, organisation=organisation, role=role, starts_on=starts_on, ends_on=ends_on
    )
    audit.record(actor, "membership_given", membership, role=role, organisation=str(organisation.public_id))
    return membership


@atomic
def end_membership(*, actor: Actor, membership: Membership, today: date) -> Membership:
    """End a membership at once: yesterday was its last day."""
    permissions.may_end_membership(actor, membership, today).or_refuse()
    membership.ends_on = today - timedelta(days=1)
    membership.starts_on = min(membership.starts_on, membership.ends_on)
    membership.save()
    audit.record(actor, "membership_ended", membership, role=membership.role)
    return membership


@atomic
def disable_user(*, actor: Actor, user: User, today: date) -> User:
    """Close the account and sign the user out everywhere."""
    permissions.may_manage_account(actor, user, today).or_refuse()
    accounts.disable_account(user)
    audit.record(actor, "user_disabled", user)
    return user


@atomic
def enable_user(*, actor: Actor, user: User, today: date) -> User:
    """Open a closed account again."""
    permissions.may_manage_account(actor, user, today).or_refuse()
    accounts.enable_account(user)
    audit.record(actor, "user_enabled", user)
    return user


@atomic
def reset_password(*, actor: Actor, user: User, today: date) -> str:
    """Give a password told once; the old one and the open sessions end."""
    permissions.may_manage_account(actor, user, today).or_refuse()
    password = accounts.give_one_time_password(user)
    audit.record(actor, "password_reset", user)
    return password


# Bodies ---------------------------------------------------------------------------------------------------------------


@atomic
def add_organisation(*, actor: Actor, given: Mapping[str, Any], today: date) -> Organisation:
    """Add a body; what it does and where comes next, with `add_role`."""
    permissions.may_add_organisation(actor, today).or_refuse()
    organisation = Organisation(**{name: given.get(name, "") for name in EDITABLE})
    if Organisation.objects.filter(name__iexact=organisation.name).exists():
        raise AlreadyExists(_("C'è già un'organizzazione con questo nome: aprila e completala."))
    organisation.save()
    audit.record(actor, "organisation_added", organisation)
    return organisation


@atomic
def edit_organisation(
    *, actor: Actor, organisation: Organisation, given: Mapping[str, Any], version: int, today: date
) -> Organisation:
    """Change a body's name and contacts."""
    permissions.may_edit_organisation(actor, organisation, today).or_refuse()
    changed = [name for name in EDITABLE if name in given and given[name] != getattr(organisation, name)]
    for name in changed:
        setattr(organisation, name, given[name])
    organisation.save_if_unchanged(version)
    audit.record(actor, "organisation_edited", organisation, fields=changed)
    return organisation


@atomic
def add_role(
    *,
    actor: Actor,
    organisation: Organisation,
    kind: str,
    province: Province,
    today: date,
    municipality: Municipality | None = None,
    starts_on: date | None = None,
) -> OrganisationRole:
    """Say that a body does `kind` in a province (and municipality) from a day on."""
    permissions.may_set_role_of_organisation(actor, kind, province.pk, today).or_refuse()
    same = OrganisationRole.objects.valid_on(today).filter(
        organisation=organisation, kind=kind, province=province, municipality=municipality
    )
    if same.exists():
        raise AlreadyHeld(_("L'organizzazione ha già questo ruolo in questo territorio."))
    role: OrganisationRole = OrganisationRole.objects.create(
        organisation=organisation,
        kind=kind,
        province=province,
        municipality=municipality,
        starts_on=starts_on or today,
    )
    audit.record(actor, "organisation_role_added", organisation, kind=kind, province=province.pk)
    return role


@atomic
def end_role(*, actor: Actor, role: OrganisationRole, today: date, expected_version: int) -> OrganisationRole:
    """End what a body does in a territory: yesterday was the last day."""
    permissions.may_set_role_of_organisation(actor, role.kind, role.province_id, today).or_refuse()
    last = today - timedelta(days=1)
    role.ends_on, role.starts_on = last, min(role.starts_on or last, last)
    role.save_if_unchanged(expected_version)
    audit.record(
        actor, "organisation_role_ended", role.organisation, kind=role.kind, province=role.province_id
    )
    return role


# The network that comes with the product -----------------------------------------------------------------------------


@atomic
def load_network(*, actor: Actor = SYSTEM) -> NetworkLoaded:
    """Add the bodies of the project and every prefecture, with what they do and where; touch nothing that exists."""
    if not Province.objects.exists():
        raise PlacesMissing(_("Prima carica i luoghi: ali load_places."))
    wanted = _prefectures() + json.loads((DATA / "network.json").read_text(encoding="utf-8"))
    known = {
        organisation.name: organisation for organisation in Organisation.objects.filter(is_invented=False)
    }
    by_code = {one.fiscal_code: one for one in known.values() if one.fiscal_code}
    added = roles_added = 0
    for body in wanted:
        organisation = known.get(body["name"]) or by_code.get(body.get("fiscal_code") or "-")
        if organisation is None:
            organisation = Organisation(**{name: body.get(name, "") for name in EDITABLE})
            organisation.save()
            known[organisation.name] = organisation
            added += 1
        roles_added += sum(_ensure_role(organisation, role) for role in body["roles"])
    loaded = NetworkLoaded(len({body["name"] for body in wanted}), added, roles_added)
    if added or roles_added:
        audit.record(actor, "network_loaded", added=added, roles_added=roles_added)
    _record_versions()
    return loaded


def _prefectures() -> list[dict[str, Any]]:
    provinces: dict[str, list[str]] = {}
    for code, prefecture in Province.objects.values_list("code", "prefecture").order_by("code"):
        provinces.setdefault(prefecture, []).append(code)
    with (DATA / "prefectures.csv").open(encoding="utf-8", newline="") as lines:
        return [
            {
                "name": row["name"],
                "fiscal_code": row["fiscal_code"],
                "email": row["certified_email"],
                "phone": row["phone"],
                "address": f"{row['address']} ({row['postcode']})",
                "roles": [
                    {"kind": OrganisationKind.PREFECTURE, "province": province}
                    for province in provinces.get(row["province"], [])
                ],
            }
            for row in csv.DictReader(lines)
        ]


def _ensure_role(organisation: Organisation, wanted: Mapping[str, Any]) -> bool:
    """Add the role unless it was ever there: one that an office ended stays ended. Say the position where it is empty."""
    place = {
        "kind": wanted["kind"],
        "province_id": wanted["province"],
        "municipality_id": wanted.get("municipality"),
    }
    position = wanted.get("position", "")
    existing = OrganisationRole.objects.filter(organisation=organisation, **place)
    if existing.exists():
        if position:
            existing.filter(position="", ends_on__isnull=True).update(position=position)
        return False
    OrganisationRole.objects.create(organisation=organisation, position=position, **place)
    return True


def _record_versions() -> None:
    for code, file, source in (
        (
            "prefetture",
            "prefectures.csv",
            "Recapiti pubblici delle prefetture, luglio 2021, da ricontrollare",
        ),
        ("rete", "network.json", "Pagine pubbliche del progetto A.L.I."),
    ):
        content = (DATA / file).read_bytes()
        rows = content.count(b"\n") - 1
        record_dataset(code, content, rows=rows, source=source, licence="fatti pubblici")
