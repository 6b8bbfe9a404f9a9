"""A year of rent of those who live in the homes of the network: most pay, a few are late, each at another step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ali.accounts.actors import SYSTEM
from ali.agreements.states import ContractType
from ali.demo.chance import stream
from ali.demo.filling.rows import write
from ali.housing.models import Occupancy
from ali.people.models import Assignment
from ali.people.states import Capacity
from ali.rents.bank.proposing import propose
from ali.rents.dues import first_day, last_day, month_dues, months_between, prorata_rule
from ali.rents.instalments import instalments
from ali.rents.ledger import Entry, post
from ali.rents.models import Account, Arrears, ArrearsStep, BankMovement, Instalment, Plan
from ali.rents.overdue import refresh_arrears
from ali.rents.services import open_accounts
from ali.rents.services.monthly import share_of
from ali.rents.settlements import open_charges
from ali.rents.states import ARREARS_TRANSITIONS, ArrearsState, Cause, MovementKind
from ali.tenancies.models import Tenancy, TenancyParty, TenancyShare
from ali.tenancies.states import LIVED_IN_STATES, OPEN_STATES, Bond, TenancyState

HISTORY_DAYS = 365
BATCH = 8  # accounts posted together: an account is never cut in two
IN_THE_BANK = 6


@dataclass(frozen=True)
class Trouble:
    """Somebody who stopped paying `months` ago, and what was done about it so far."""

    months: int
    steps: tuple[str, ...] = ()
    cause: str = ""
    instalments: int = 0
    is_broken: bool = False


TROUBLES = (
    Trouble(1),
    Trouble(1, ("remind",)),
    Trouble(2, ("remind", "contact"), Cause.JOB_LOST),
    Trouble(3, ("remind", "contact"), instalments=4),
    Trouble(4, ("remind", "contact"), instalments=3, is_broken=True),
    Trouble(3, ("remind", "contact", "committee"), Cause.ILLNESS),
    Trouble(5, ("remind", "contact", "committee", "warn")),
)
OUTCOMES = {
    "remind": "Messaggio mandato nella sua lingua.",
    "contact": "Sentito al telefono: paga appena arriva lo stipendio.",
    "committee": "Il comitato propone un piano e un contributo.",
    "warn": "Raccomandata consegnata.",
}


def add_rents(*, seed: int, today: date) -> int:
    """Write tenancies, charges, payments, a few arrears and some bank movements to review; return how many accounts."""
    chance = stream(seed, "rents")
    parties = [*_living(), *_new_tenancies(today)]
    open_accounts([party.pk for party in parties])
    accounts = list(
        Account.objects.filter(party__in=[party.pk for party in parties])
        .select_related("party__tenancy", "person", "dwelling__building")
        .prefetch_related("party__shares")
        .order_by("pk")
    )
    late = _troubled(accounts, chance)
    waiting = [one for one in accounts if one.pk not in late][:IN_THE_BANK]
    for start in range(0, len(accounts), BATCH):
        some = accounts[start : start + BATCH]
        entries = [
            entry for one in some for entry in _history(one, late.get(one.pk), one in waiting, chance, today)
        ]
        post(entries, actor=SYSTEM, today=today)
    for one in accounts:
        if one.pk in late:
            _follow(one, late[one.pk], today)
    _add_bank_movements(waiting, chance, today)
    return len(accounts)


def _living() -> list[TenancyParty]:
    """Those who have a tenancy already."""
    return list(TenancyParty.objects.filter(tenancy__state__in=LIVED_IN_STATES, ends_on=None).order_by("pk"))


def _new_tenancies(today: date) -> list[TenancyParty]:
    """A hospitality agreement for each person of the network who sleeps in a bed of an agency without one."""
    housed = TenancyParty.objects.filter(tenancy__state__in=OPEN_STATES).values("person")
    stays = list(
        Occupancy.objects.filter(person__isnull=False, starts_on__lte=today, person__is_reserved=False)
        .exclude(person__in=housed)
        .exclude(ends_on__lte=today)
        .select_related("bed__room__dwelling")
        .order_by("pk")
    )
    persons = [stay.person_id for stay in stays if stay.person_id is not None]
    tenancies = write([_tenancy(stay) for stay in stays])
    parties = write(
        [
            TenancyParty(
                tenancy=tenancy,
                person_id=person,
                bed=stay.bed,
                share_cents=tenancy.monthly_cents,
                starts_on=stay.starts_on,
            )
            for stay, person, tenancy in zip(stays, persons, tenancies, strict=True)
        ]
    )
    write([TenancyShare(party=one, starts_on=one.starts_on, cents=one.share_cents) for one in parties])
    write(
        [
            Assignment(
                person_id=person,
                organisation_id=tenancy.landlord_id,
                capacity=Capacity.TENANCY,
                reason="vive in una casa dell'ente",
                starts_on=stay.starts_on,
            )
            for stay, person, tenancy in zip(stays, persons, tenancies, strict=True)
        ]
    )
    return list(parties)


def _tenancy(stay: Occupancy) -> Tenancy:
    dwelling = stay.bed.room.dwelling
    return Tenancy(
        landlord_id=dwelling.manager_id,
        dwelling=dwelling,
        room=stay.bed.room,
        contract_type=ContractType.HOSPITALITY,
        bond=Bond.HOSPITALITY,
        state=TenancyState.RUNNING,
        signed_on=stay.starts_on,
        starts_on=stay.starts_on,
        rent_cents=dwelling.rent_cents,
        condominium_cents=dwelling.condominium_cents,
        utilities_cents=dwelling.utilities_cents,
        deposit_cents=dwelling.rent_cents * dwelling.deposit_months,
    )


def _troubled(accounts: Sequence[Account], chance: Random) -> dict[int, Trouble]:
    """A few of those who have lived there long enough: one in three at most."""
    chosen = list(accounts)
    chance.shuffle(chosen)
    count = min(len(TROUBLES), max(1, len(accounts) // 3)) if accounts else 0
    return {one.pk: trouble for one, trouble in zip(chosen[:count], TROUBLES, strict=False)}


def _history(
    account: Account, trouble: Trouble | None, is_waiting: bool, chance: Random, today: date
) -> Iterator[Entry]:
    """The deposit, then each month's charges and, most months, their payment."""
    start = max(account.party.starts_on, today - timedelta(days=HISTORY_DAYS))
    deposit = account.party.tenancy.deposit_cents
    if deposit:
        yield Entry(account.pk, MovementKind.DEPOSIT_IN, deposit, start, start, cause="deposito all'ingresso")
    stopped = _months_back(today, trouble.months) if trouble else None
    for month in months_between(start, today):
        dues = month_dues(share_of(account), month, **prorata_rule(month).value)
        for one in dues:
            yield Entry(account.pk, one.kind, one.cents, month, month, due_on=one.due_on, is_regular=True)
        total = sum(one.cents for one in dues)
        paid_on = min(today, month + timedelta(days=chance.randint(1, 4)))
        is_this_month = month == first_day(today)
        if not total or (stopped and month >= stopped) or (is_this_month and (is_waiting or today.day < 3)):
            continue
        yield Entry(
            account.pk, MovementKind.PAYMENT, -total, paid_on, paid_on, cause=f"affitto {month:%m/%Y}"
        )


def _months_back(today: date, months: int) -> date:
    day = first_day(today)
    for _number in range(months):
        day = first_day(day - timedelta(days=1))
    return day


# --- arrears -------------------------------------------------------------------------------------------


def _follow(account: Account, trouble: Trouble, today: date) -> None:
    """Write what was done about an arrears, as people would have written it."""
    arrears = Arrears.objects.filter(account=account, closed_on__isnull=True).first()
    if arrears is None:
        return
    state = ArrearsState.LATE
    for number, verb in enumerate(trouble.steps, start=1):
        state = ARREARS_TRANSITIONS.after(verb, state)
        done_on = min(today, arrears.since + timedelta(days=12 * number))
        ArrearsStep.objects.create(arrears=arrears, verb=verb, done_on=done_on, outcome=OUTCOMES[verb])
    arrears.state, arrears.opened_on = state, min(today, arrears.since + timedelta(days=1))
    if trouble.cause:
        arrears.cause, arrears.cause_reason = trouble.cause, "Contratto finito e non rinnovato (esempio)."
    if trouble.instalments:
        arrears.state = ARREARS_TRANSITIONS.after("plan", ArrearsState(arrears.state))
        _agree(account, trouble, today)
    arrears.save()
    refresh_arrears([account.pk], today=today)


def _agree(account: Account, trouble: Trouble, today: date) -> None:
    agreed_on = today - timedelta(days=45)
    charges = [one for one in open_charges([account.pk])[account.pk] if one.due_on and one.due_on < agreed_on]
    if not charges:
        return
    total = sum(one.left for one in charges)
    plan = Plan.objects.create(account=account, agreed_on=agreed_on, total_cents=total)
    plan.charges.set([one.pk for one in charges])
    rows = instalments(total, trouble.instalments, agreed_on + timedelta(days=20))
    write([Instalment(plan=plan, number=one.number, due_on=one.due_on, cents=one.cents) for one in rows])
    since = open_charges([account.pk])[account.pk]
    current = sum(one.left for one in since if one not in charges)
    repaid = 0 if trouble.is_broken else sum(one.cents for one in rows if one.due_on <= today)
    if current + repaid:
        cause = "mesi correnti" if trouble.is_broken else "mesi correnti e rate del piano"
        entry = Entry(account.pk, MovementKind.PAYMENT, -(current + repaid), today, today, cause=cause)
        post([entry], actor=SYSTEM, today=today)


# --- the bank ------------------------------------------------------------------------------------------


def _add_bank_movements(accounts: Sequence[Account], chance: Random, today: date) -> None:
    """This month's rent of a few, as the bank says it, and something that is no rent."""
    by_landlord: dict[int, list[BankMovement]] = {}
    for number, account in enumerate(accounts):
        movement = BankMovement(
            landlord_id=account.landlord_id,
            digest=f"demo{number:060d}",
            booked_on=today,
            cents=max(1, account.party.share_cents),
            payer_name=f"{account.person.given_names} {account.person.surname}".strip(),
            payer_iban=f"IT00X{chance.randrange(10**22):022d}",
            cause=f"affitto {last_day(today):%m/%Y}",
            reference=f"ESEMPIO{number}",
        )
        by_landlord.setdefault(account.landlord_id, []).append(movement)
    for landlord, movements in by_landlord.items():
        movements.append(
            BankMovement(
                landlord_id=landlord,
                digest="demo".ljust(64, "f"),
                booked_on=today,
                cents=150_000,
                payer_name="Comune di Esempio",
                cause="contributo primo trimestre",
                reference="ESEMPIO-C",
            )
        )
        propose(movements, landlord_id=landlord)
        write(movements)
