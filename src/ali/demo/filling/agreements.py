"""How the bodies hold the invented homes: an agreement for each building, one that ends soon, and a guarantee fund."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ali.accounts.actors import SYSTEM
from ali.accounts.models import User
from ali.accounts.roles import MUNICIPAL_OFFICER
from ali.agreements.board import due_of, refresh_warnings
from ali.agreements.clocks import ContractTerms, after_months, contract_clocks, last_day, terms_rule
from ali.agreements.guaranteeing import weighted
from ali.agreements.ledger import Posting, post
from ali.agreements.models import (
    Agreement,
    AgreementClock,
    Commitment,
    Fund,
    FundCall,
    GuaranteeApplication,
    GuaranteeScheme,
)
from ali.agreements.services import load_schemes
from ali.agreements.services.funds import look_at_balance
from ali.agreements.states import AgreementState, CallState, ContractType, EntryKind, TaxRegime
from ali.deadlines.services import write_deadlines
from ali.demo.chance import stream
from ali.demo.filling.bodies import MUNICIPALITY
from ali.demo.filling.rows import write
from ali.housing.models import Dwelling
from ali.housing.states import Channel, DwellingState
from ali.organisations.models import Organisation
from ali.rents.models import Arrears
from ali.scouting.models import Owner, Ownership
from ali.scouting.states import OwnerKind
from ali.tenancies.models import Tenancy
from ali.tenancies.states import LIVED_IN_STATES

MONTHS = {ContractType.LOAN: 60, ContractType.LOAN_FOR_WORKS: 180, ContractType.AGREED_3_2: 36}
TYPE_OF_OWNER = {
    OwnerKind.PUBLIC: ContractType.LOAN_FOR_WORKS,
    OwnerKind.CHURCH: ContractType.LOAN,
    OwnerKind.ASSOCIATION: ContractType.LOAN,
}
HELD = (DwellingState.AGREED, DwellingState.WORKS, DwellingState.FREE, DwellingState.OCCUPIED)
GUARANTEED = 12
WEIGHT = Decimal("0.3")


def add_agreements(*, seed: int, today: date) -> int:
    """Write the agreements of the homes that bodies hold, their clocks and a fund; return how many agreements."""
    chance = stream(seed, "agreements")
    by_building = _held_homes()
    owners = _owners(by_building)
    made = [
        _agreement(homes, owners[key], chance, today) for key, homes in by_building.items() if key in owners
    ]
    write(made)
    _cover(made, [homes for key, homes in by_building.items() if key in owners])
    _write_clocks(made, today)
    refresh_warnings(today)
    load_schemes()
    _add_fund(today)
    return len(made)


def _held_homes() -> dict[tuple[int, int], list[Dwelling]]:
    rows = (
        Dwelling.objects.filter(state__in=HELD)
        .exclude(channel=Channel.MARKET)
        .select_related("building__municipality")
        .order_by("pk")
    )
    found: dict[tuple[int, int], list[Dwelling]] = defaultdict(list)
    for home in rows:
        found[home.building_id, home.manager_id].append(home)
    return found


def _owners(homes: Mapping[tuple[int, int], Sequence[Dwelling]]) -> dict[tuple[int, int], Owner]:
    rows = Ownership.objects.filter(building__in={building for building, _body in homes})
    return {
        (row.building_id, row.owner.kept_by_id): row.owner
        for row in rows.select_related("owner__kept_by").order_by("pk")
        if row.owner.name != row.owner.kept_by.name
    }


def _agreement(homes: Sequence[Dwelling], owner: Owner, chance: Random, today: date) -> Agreement:
    contract_type = TYPE_OF_OWNER.get(OwnerKind(owner.kind), ContractType.AGREED_3_2)
    months = MONTHS[contract_type]
    lived = chance.randint(2, months - 8)
    starts_on = after_months(today, -lived) + timedelta(days=chance.randint(1, 27))
    is_lease = contract_type == ContractType.AGREED_3_2
    rent = sum(home.rent_cents for home in homes) * 7 // 10 // 1000 * 1000 if is_lease else 0
    return Agreement(
        holder_id=homes[0].manager_id,
        owner=owner,
        building=homes[0].building,
        contract_type=contract_type,
        state=AgreementState.IN_FORCE,
        signed_on=starts_on - timedelta(days=chance.randint(0, 20)),
        starts_on=starts_on,
        ends_on=last_day(starts_on, months),
        rent_cents=rent,
        deposit_cents=2 * rent,
        allows_sublet=chance.random() < 0.95,
        tax_regime=TaxRegime.REGISTER if is_lease else TaxRegime.ONCE,
        registered_on=starts_on + timedelta(days=10),
        registration_office="Direzione provinciale di Padova",
        registration_series="3T",
        registration_number=str(chance.randint(1000, 9999)),
    )


def _cover(agreements: Sequence[Agreement], homes: Sequence[Sequence[Dwelling]]) -> None:
    through = Agreement.dwellings.through
    through.objects.bulk_create(
        [
            through(agreement_id=one.pk, dwelling_id=home.pk)
            for one, covered in zip(agreements, homes, strict=True)
            for home in covered
        ],
        batch_size=1000,
    )


def _write_clocks(agreements: Sequence[Agreement], today: date) -> None:
    """One of each body ends soon; what fell due in the past was done in time."""
    rules = {one: ContractTerms.from_rule(terms_rule(one, day=today)) for one in MONTHS}
    soon: set[int] = set()
    for one in agreements:
        if one.holder_id not in soon:
            soon.add(one.holder_id)
            one.ends_on = today + timedelta(days=100)
    Agreement.objects.bulk_update(agreements, ["ends_on"], batch_size=500)
    rows = [row for one in agreements for row in _clocks(one, rules[ContractType(one.contract_type)], today)]
    AgreementClock.objects.bulk_create(rows, batch_size=1000)
    write_deadlines([due_of(row.agreement, row) for row in rows if row.done_on is None])


def _clocks(agreement: Agreement, terms: ContractTerms, today: date) -> Iterator[AgreementClock]:
    numbers: dict[str, int] = defaultdict(int)
    known = contract_clocks(
        terms, starts_on=agreement.starts_on, signed_on=agreement.signed_on, ends_on=agreement.ends_on
    )
    for one in known:
        if one.due_on is None:
            continue
        numbers[one.code] += 1
        is_past = one.due_on < today
        yield AgreementClock(
            agreement=agreement,
            code=one.code,
            number=numbers[one.code],
            due_on=one.due_on,
            done_on=one.due_on - timedelta(days=3) if is_past else None,
            reference=f"RLI {agreement.pk}-{numbers[one.code]}" if is_past else "",
        )


def _add_fund(today: date) -> None:
    """The Comune's fund guarantees some tenancies; one call was paid, one waits when somebody is in arrears."""
    town = Organisation.objects.get(name=MUNICIPALITY, is_invented=False)
    fund = Fund.objects.create(
        name="Fondo di garanzia per la casa (esempio)",
        body=town,
        max_months=18,
        franchise_months=1,
        weight=WEIGHT,
        source="Regolamento di esempio",
        is_invented=True,
    )
    since = after_months(today, -20)
    paid_in = [("Comune (esempio)", 4_000_000), ("Fondazione (esempio)", 2_500_000)]
    post(
        fund,
        [Posting(EntryKind.ENDOWMENT, cents, since, payer=payer) for payer, cents in paid_in],
        actor=SYSTEM,
    )
    troubled = list(
        Arrears.objects.filter(closed_on__isnull=True, cause__in=("job_lost", "illness"))
        .select_related("account__party__tenancy")
        .order_by("pk")[:2]
    )
    ids = [one.account.party.tenancy_id for one in troubled]
    others = Tenancy.objects.filter(state__in=LIVED_IN_STATES, rent_cents__gt=0).exclude(pk__in=ids)
    tenancies = [*Tenancy.objects.filter(pk__in=ids).order_by("pk"), *others.order_by("pk")[:GUARANTEED]]
    commitments = [_commitment(fund, number, one, since) for number, one in enumerate(tenancies, start=1)]
    write(commitments)
    post(
        fund,
        [
            Posting(EntryKind.COMMITMENT, -one.weighted_cents, one.starts_on, commitment=one)
            for one in commitments
        ],
        actor=SYSTEM,
    )
    if commitments:
        _ask(commitments[0], troubled[0] if troubled else None, today)
    if len(commitments) > 1:
        _pay(fund, commitments[-1], today)
    _ask_guarantee(fund, today)
    look_at_balance(fund, today)


def _commitment(fund: Fund, number: int, tenancy: Tenancy, since: date) -> Commitment:
    monthly = tenancy.rent_cents + tenancy.condominium_cents
    return Commitment(
        fund=fund,
        number=number,
        body_id=tenancy.landlord_id,
        dwelling_id=tenancy.dwelling_id,
        tenancy=tenancy.public_id,
        monthly_cents=monthly,
        months=12,
        weight=WEIGHT,
        weighted_cents=monthly * 12 * 3 // 10,
        starts_on=max(tenancy.starts_on, since),
    )


def _ask(commitment: Commitment, arrears: Arrears | None, today: date) -> None:
    """Write the call that waits for an answer, for somebody in arrears when there is one."""
    known = arrears is not None and arrears.account.party.tenancy.public_id == commitment.tenancy
    owed = max(arrears.overdue_cents if arrears and known else 0, 3 * commitment.monthly_cents)
    FundCall.objects.create(
        commitment=commitment,
        arrears=arrears.public_id if arrears and known else None,
        arrears_cents=owed,
        asked_cents=owed - commitment.monthly_cents,
        is_involuntary=True,
        reason="Il reddito è venuto meno; il piano di rientro non basta.",
        asked_on=today - timedelta(days=4),
    )


def _pay(fund: Fund, commitment: Commitment, today: date) -> None:
    """Write a call that the fund paid some months ago."""
    decided_on, cents = after_months(today, -5), 2 * commitment.monthly_cents
    officer = User.objects.filter(is_invented=True, memberships__role=MUNICIPAL_OFFICER.code)
    call = FundCall.objects.create(
        commitment=commitment,
        state=CallState.PAID,
        arrears_cents=cents + commitment.monthly_cents,
        asked_cents=cents,
        paid_cents=cents,
        is_involuntary=True,
        reason="Contratto di lavoro non rinnovato.",
        asked_on=decided_on - timedelta(days=12),
        decided_on=decided_on,
        decided_by=officer.order_by("pk")[0],
        decision="Documentata: si paga.",
    )
    left = weighted(commitment.left_cents - cents, commitment.weight)
    freed = commitment.weighted_cents - left
    commitment.called_cents, commitment.weighted_cents = cents, left
    commitment.save()
    post(
        fund,
        [
            Posting(EntryKind.CALL, -cents, decided_on, note=call.decision, commitment=commitment, call=call),
            Posting(EntryKind.RELEASE, freed, decided_on, commitment=commitment, call=call),
        ],
        actor=SYSTEM,
    )


def _ask_guarantee(fund: Fund, today: date) -> None:
    """A guarantee that a body has asked of the Comune's fund."""
    scheme = GuaranteeScheme.objects.create(
        name="Garanzia comunale (esempio)",
        agency="Comune (esempio)",
        organisation=fund.body,
        province_id="PD",
        fund=fund,
        max_months=fund.max_months,
        one_off_cents=150_000,
        works_cents=800_000,
        conditions="Canone concordato; nucleo seguito da un ente della rete.",
        source="Dati di esempio",
        is_invented=True,
    )
    lease = (
        Agreement.objects.filter(contract_type=ContractType.AGREED_3_2, rent_cents__gt=0)
        .prefetch_related("dwellings")
        .order_by("pk")
        .first()
    )
    if lease is None:
        return
    GuaranteeApplication.objects.create(
        scheme=scheme,
        body_id=lease.holder_id,
        dwelling=min(lease.dwellings.all(), key=lambda one: one.pk),
        agreement=lease,
        monthly_cents=lease.rent_cents,
        months=12,
        asked_on=today - timedelta(days=9),
        note="Proprietario al primo affitto.",
    )
