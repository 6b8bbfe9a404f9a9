"""Tenancies of those who live in the homes of the network: most run, the newest ones are still on their way to the keys."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from ali.agreements.clocks import last_day
from ali.agreements.states import ContractType
from ali.demo.chance import stream
from ali.demo.filling.rows import write
from ali.housing.models import Dwelling, Occupancy
from ali.housing.queries import ongoing
from ali.housing.services.communications import write_communication_deadlines
from ali.housing.states import Mode
from ali.people.models import Assignment
from ali.people.states import Capacity
from ali.tenancies.models import (
    HandOver,
    HouseRules,
    InventoryItem,
    ItemCheck,
    Key,
    KeyLoan,
    MeterReading,
    Signature,
    Tenancy,
    TenancyParty,
    TenancyShare,
)
from ali.tenancies.services.duties import start_duties, write_term
from ali.tenancies.states import Bond, Condition, HandOverKind, Meter, SignerRole, TenancyState

ON_THE_WAY = (TenancyState.DRAFT, TenancyState.SIGNING, TenancyState.SIGNED)
RECENT_DAYS = 45
TOLD_AFTER_DAYS = 3
SIGNER = "Responsabile Esempio"
THINGS = (("Letto con materasso", 1), ("Tavolo", 1), ("Sedie", 4), ("Frigorifero", 1), ("Lavatrice", 1))
RULES = """Si fa silenzio dalle 22 alle 7.
Le pulizie degli spazi comuni si fanno a turno, una settimana ciascuno.
Non si fuma in casa. Gli ospiti si fermano a dormire solo se i coinquilini sono d'accordo.
Un guasto si dice subito: il numero è sul foglio di benvenuto."""


def add_tenancies(*, seed: int, today: date) -> int:
    """Write a tenancy for each person of the network who sleeps in a home let by the bed. Return how many."""
    stays = list(
        Occupancy.objects.filter(ongoing(today), person__isnull=False)
        .exclude(bed__room__dwelling__mode=Mode.WHOLE)
        .select_related("bed__room__dwelling__building__municipality", "person")
        .order_by("starts_on", "pk")
    )
    if not stays:
        return 0
    rules = _write_house_rules(stays, today)
    tenancies = write([_tenancy(stay, rules, today) for stay in stays])
    _leave_some_on_the_way(tenancies)
    parties = write([_party(stay, one) for stay, one in zip(stays, tenancies, strict=True)])
    write([TenancyShare(party=one, starts_on=one.starts_on, cents=one.share_cents) for one in parties])
    write([line for one, party in zip(tenancies, parties, strict=True) for line in _signatures(one, party)])
    write([_sight(stay, one) for stay, one in zip(stays, tenancies, strict=True)])
    entered = [
        (stay, one, party)
        for stay, one, party in zip(stays, tenancies, parties, strict=True)
        if one.state in {TenancyState.RUNNING, TenancyState.NOTICE}
    ]
    _hand_over(entered, seed, today)
    return len(tenancies)


def _write_house_rules(stays: Sequence[Occupancy], today: date) -> dict[int, HouseRules]:
    bodies = sorted({stay.bed.room.dwelling.manager_id for stay in stays})
    made = write(
        [
            HouseRules(body_id=body, number=1, text=RULES, valid_from=today - timedelta(days=900))
            for body in bodies
        ]
    )
    return {one.body_id: one for one in made}


def _tenancy(stay: Occupancy, rules: dict[int, HouseRules], today: date) -> Tenancy:
    home = stay.bed.room.dwelling
    is_new = stay.starts_on > today - timedelta(days=365)
    return Tenancy(
        landlord_id=home.manager_id,
        dwelling=home,
        contract_type=ContractType.HOSPITALITY if is_new else ContractType.SUBLET,
        bond=Bond.HOSPITALITY if is_new else Bond.ROOM,
        state=TenancyState.RUNNING,
        signed_on=stay.starts_on,
        starts_on=stay.starts_on,
        ends_on=last_day(stay.starts_on, 18 if is_new else 48),
        rent_cents=home.rent_cents,
        condominium_cents=home.condominium_cents,
        utilities_cents=home.utilities_cents,
        deposit_cents=home.rent_cents * min(home.deposit_months, 2),
        house_rules=rules[home.manager_id],
        visited_on=stay.starts_on - timedelta(days=9),
        flatmates_met_on=stay.starts_on - timedelta(days=9),
    )


def _leave_some_on_the_way(tenancies: Sequence[Tenancy]) -> None:
    """The newest three are a draft, one at the signatures and one waiting for its keys."""
    newest = tenancies[-len(ON_THE_WAY) :] if len(tenancies) > 2 * len(ON_THE_WAY) else []
    for one, state in zip(reversed(newest), ON_THE_WAY, strict=False):
        one.state = state
        one.signed_on = one.starts_on if state == TenancyState.SIGNED else None
    Tenancy.objects.bulk_update(newest, ["state", "signed_on"])


def _party(stay: Occupancy, tenancy: Tenancy) -> TenancyParty:
    return TenancyParty(
        tenancy=tenancy,
        person_id=stay.person_id or 0,
        bed=stay.bed,
        share_cents=tenancy.monthly_cents,
        starts_on=tenancy.starts_on,
    )


def _signatures(tenancy: Tenancy, party: TenancyParty) -> list[Signature]:
    if tenancy.state == TenancyState.DRAFT:
        return []
    signed = tenancy.signed_on
    return [
        Signature(
            tenancy=tenancy,
            position=1,
            role=SignerRole.TENANT,
            party=party,
            signed_on=signed,
            was_explained=bool(signed),
        ),
        Signature(tenancy=tenancy, position=2, role=SignerRole.LANDLORD, name=SIGNER, signed_on=signed),
    ]


def _sight(stay: Occupancy, tenancy: Tenancy) -> Assignment:
    """The landlord knows its tenants."""
    return Assignment(
        person_id=stay.person_id or 0,
        organisation_id=tenancy.landlord_id,
        capacity=Capacity.TENANCY,
        reason="Vive in una casa dell'ente",
        starts_on=tenancy.starts_on,
    )


def _hand_over(entered: Sequence[tuple[Occupancy, Tenancy, TenancyParty]], seed: int, today: date) -> None:
    """Keys, inventory and the report of each entry; what is still due for those who came lately."""
    chance = stream(seed, "meters")
    homes = {stay.bed.room.dwelling.pk: stay.bed.room.dwelling for stay, _one, _party in entered}
    keys = {one.dwelling_id: one for one in write([_key(home) for home in homes.values()])}
    items = write(
        [
            InventoryItem(dwelling=home, label=label, quantity=count)
            for home in homes.values()
            for label, count in THINGS
        ]
    )
    write(
        [
            KeyLoan(key=keys[one.dwelling_id], party=party, given_on=one.starts_on)
            for _stay, one, party in entered
        ]
    )
    reports = write(
        [
            HandOver(tenancy=one, kind=HandOverKind.IN, done_on=one.starts_on, for_body=SIGNER)
            for _stay, one, _party in entered
        ]
    )
    write(
        [
            MeterReading(
                hand_over=report, meter=Meter.ELECTRICITY, value=Decimal(chance.randrange(500, 9000))
            )
            for report in reports
        ]
    )
    first = {report.tenancy.dwelling_id: report for report in reports}
    write(
        [ItemCheck(hand_over=first[item.dwelling_id], item=item, condition=Condition.GOOD) for item in items]
    )
    _write_duties(entered, today)


def _key(home: Dwelling) -> Key:
    return Key(dwelling=home, label="Portone e appartamento", copies=8)


def _write_duties(entered: Sequence[tuple[Occupancy, Tenancy, TenancyParty]], today: date) -> None:
    told = []
    for stay, _one, _party in entered:
        if stay.starts_on <= today - timedelta(days=TOLD_AFTER_DAYS):
            stay.communicated_on = stay.starts_on + timedelta(days=1)
            told.append(stay)
    Occupancy.objects.bulk_update(told, ["communicated_on"])
    write_communication_deadlines([stay for stay, _one, _party in entered if stay.communicated_on is None])
    for stay, one, party in entered:
        if stay.starts_on > today - timedelta(days=RECENT_DAYS):
            start_duties(one, [party], stay.starts_on, is_whole=False)
        if one.ends_on and one.ends_on <= today + timedelta(days=400):
            write_term(one)
