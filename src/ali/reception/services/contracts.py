"""Contracts read from free text: a person confirms them; those that say who and where give centres."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.text import fold
from ali.core.transactions import atomic
from ali.organisations.models import Organisation, OrganisationKind, OrganisationRole
from ali.people.details import UnclearData
from ali.places.models import Municipality
from ali.reception import permissions
from ali.reception.contract_texts.managers import bare_name, personal_name_in
from ali.reception.contract_texts.reading import SURE_ENOUGH
from ali.reception.models import Centre, Contract
from ali.reception.services.centres import MANY
from ali.reception.services.clocks import write_contract_deadlines
from ali.reception.states import CentreKind, ReadingStatus

# A contract without a stated end says nothing of today when it is older than the longest we have seen with renewals.
STILL_TELLING: Final = timedelta(days=3 * 365)


@atomic
def confirm_contract(
    *,
    actor: Actor,
    contract: Contract,
    kind: str,
    places: int | None,
    starts_on: date | None,
    ends_on: date | None,
    manager: Organisation | None,
    today: date,
    now: datetime,
    expected_version: int,
    new_manager: str = "",
    municipalities: Sequence[Municipality] | None = None,
) -> Contract:
    """A person has read the contract's text and confirms, corrects or completes what was taken from it.

    With who runs it and where, the contract gives its centres.
    """
    permissions.may_confirm_contract(actor, contract).or_refuse()
    _check(kind, places, starts_on, ends_on)
    given = {"kind": kind, "places": places, "starts_on": starts_on, "ends_on": ends_on}
    corrected = [name for name, value in given.items() if getattr(contract, name) != value]
    for name, value in given.items():
        setattr(contract, name, value)
    contract.manager = manager or _body_named(new_manager, contract)
    contract.reading = ReadingStatus.CONFIRMED
    contract.confirmed_by_id, contract.confirmed_at = actor.signer, now
    contract.save_if_unchanged(expected_version)
    if municipalities is not None:
        contract.municipalities.set(municipalities)
    centres = write_centres_of([contract], today)
    audit.record(actor, "contract_confirmed", contract, corrected=corrected, centres=centres)
    write_contract_deadlines([contract.pk], today)
    return contract


def _check(kind: str, places: int | None, starts_on: date | None, ends_on: date | None) -> None:
    if kind not in CentreKind.values:
        raise UnclearData("kind", _("Scegli il tipo di accoglienza."))
    if places is not None and not 1 <= places <= MANY:
        raise UnclearData("places", _("I posti vanno da 1 a %(most)d.") % {"most": MANY})
    if starts_on and ends_on and ends_on < starts_on:
        raise UnclearData("ends_on", _("La fine viene prima dell'inizio: controlla le due date."))


def _body_named(name: str, contract: Contract) -> Organisation | None:
    """The body of this name, added to the network when it is new."""
    name = " ".join(name.split())
    if not name:
        return None
    if personal_name_in(name):
        raise UnclearData(
            "new_manager", _("Sembra il nome di una persona: scrivi la denominazione dell'ente.")
        )
    return Bodies.known().find_or_make(name, contract.province_id, contract.starts_on)


# --- the bodies that run reception ---------------------------------------------------------------------


@dataclass(slots=True)
class Bodies:
    """The bodies that run reception, by name without legal form."""

    by_name: dict[str, Organisation] = field(default_factory=dict)
    provinces: set[tuple[int, str]] = field(default_factory=set)
    made: int = 0

    @classmethod
    def known(cls) -> "Bodies":
        """Those that already exist; invented ones never stand for real ones."""
        roles = OrganisationRole.objects.filter(organisation__is_invented=False).select_related(
            "organisation"
        )
        held = list(roles.order_by("organisation_id", "pk"))
        return cls(
            {bare_name(one.organisation.name): one.organisation for one in reversed(held)},
            {
                (one.organisation_id, one.province_id or "")
                for one in held
                if one.kind == OrganisationKind.RECEPTION_MANAGER
            },
        )

    def find(self, name: str) -> Organisation | None:
        """Return the body of this name, whatever its legal form."""
        return self.by_name.get(bare_name(name))

    def find_or_make(self, name: str, province: str, since: date | None) -> Organisation:
        """Return the body of this name, made when new, with the role of manager in the province."""
        body = self.find(name)
        if body is None:
            body = Organisation.objects.create(name=name[:200], folded=fold(name)[:200])
            self.by_name[bare_name(name)] = body
            self.made += 1
        if not {(body.pk, province), (body.pk, "")} & self.provinces:
            OrganisationRole.objects.create(
                organisation=body,
                kind=OrganisationKind.RECEPTION_MANAGER,
                province_id=province,
                starts_on=since,
            )
            self.provinces.add((body.pk, province))
        return body


# --- centres -------------------------------------------------------------------------------------------


def write_centres_of(contracts: Iterable[Contract], today: date) -> int:
    """A centre for each manager, municipality and kind that a contract gives clearly: the latest contract speaks."""
    latest: dict[tuple[int, str, str], Contract] = {}
    for contract in sorted(contracts, key=lambda one: (_since(one), one.pk)):
        for place in _clear_places(contract, today):
            latest[(contract.manager_id or 0, place, contract.kind)] = contract
    for (manager, place, kind), contract in latest.items():
        _write_centre(manager, place, kind, contract, today)
    return len(latest)


def _clear_places(contract: Contract, today: date) -> list[str]:
    """The municipalities of a contract that says clearly who hosts, where and of which kind, and is not too old to tell."""
    if contract.manager_id is None or not contract.kind or not _is_relied_on(contract):
        return []
    if contract.ends_on is None and _since(contract) < today - STILL_TELLING:
        return []
    return sorted(contract.municipalities.values_list("pk", flat=True).order_by())


def _is_relied_on(contract: Contract) -> bool:
    if contract.reading == ReadingStatus.OK:
        return contract.confidence > SURE_ENOUGH
    return contract.reading == ReadingStatus.CONFIRMED


def _since(contract: Contract) -> date:
    return contract.starts_on or contract.published_on or date.min


def _write_centre(manager: int, place: str, kind: str, contract: Contract, today: date) -> None:
    """Places that the text does not say, or says of several municipalities together, stay zero: somebody writes them.

    A contract that has ended closes its centre.
    """
    centre = (
        Centre.objects.filter(
            manager=manager, municipality=place, kind=kind, contract__isnull=False, is_invented=False
        )
        .order_by("pk")
        .first()
    )
    if centre is None:
        centre = Centre(manager_id=manager, municipality_id=place, kind=kind, places=0)
    elif centre.contract is not None and _since(centre.contract) > _since(contract):
        return
    towns = {one.pk: one.name for one in contract.municipalities.order_by("pk")}
    centre.name = f"{contract.manager} - {towns[place]}"[:120]
    centre.contract = contract
    if contract.places is not None and len(towns) == 1:
        centre.places = contract.places
    centre.closes_on = contract.ends_on if contract.ends_on and contract.ends_on < today else None
    centre.save()
