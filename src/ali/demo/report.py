"""What a demonstration holds, counted in its database, and the words for the terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ali.allocation.models import Round
from ali.allocation.states import RoundState
from ali.allocation.wording import certificate_sentence
from ali.demo.exits import HORIZON_DAYS
from ali.demo.shapes import LABEL
from ali.housing.models import Dwelling
from ali.organisations.models import Membership
from ali.reception.models import Centre, Contract, Exit, Stay
from ali.reception.states import DATED_STATES, ReadingStatus

ACCOUNTS_SHOWN = 12


@dataclass(frozen=True)
class Account:
    """One way in."""

    role: str
    organisation: str
    email: str


@dataclass(frozen=True)
class FirstRound:
    """What the latest round would do, and how good it is proved to be."""

    households: int
    housed: int
    places: int
    certificate: str
    is_simulation: bool


@dataclass(frozen=True)
class DemoReport:
    """The figures of the demonstration on a day."""

    people: int
    places: int
    centres: int
    contracts: int
    doubtful_contracts: int
    leaving_dated: int
    leaving_expected: int
    dwellings: int
    free_beds: int
    round: FirstRound | None
    accounts: tuple[Account, ...]


def count_demo(today: date) -> DemoReport:
    """Count what is there on `today`. Reserved persons are in no count."""
    leaving = Exit.objects.open().within(today, HORIZON_DAYS).filter(person__is_reserved=False)
    dated = leaving.filter(state__in=DATED_STATES).count()
    centres = list(
        Centre.objects.filter(is_invented=True).order_by("pk").values_list("places", "unavailable_places")
    )
    free = Dwelling.objects.free_within(today, HORIZON_DAYS).order_by("pk")
    return DemoReport(
        people=Stay.objects.present_on(today).filter(person__is_reserved=False).count(),
        places=sum(places - closed for places, closed in centres),
        centres=len(centres),
        contracts=Contract.objects.count(),
        doubtful_contracts=Contract.objects.filter(reading=ReadingStatus.DOUBTFUL).count(),
        leaving_dated=dated,
        leaving_expected=leaving.count() - dated,
        dwellings=Dwelling.objects.count(),
        free_beds=sum(dwelling.free_beds for dwelling in free),
        round=_latest_round(),
        accounts=tuple(_accounts()),
    )


def _latest_round() -> FirstRound | None:
    found = (
        Round.objects.in_earnest()
        .filter(state=RoundState.SOLVED)
        .select_related("criteria")
        .order_by("-pk")
        .first()
    )
    if found is None:
        return None
    return FirstRound(
        households=found.households,
        housed=found.housed,
        places=found.places,
        certificate=certificate_sentence(found.certificate),
        is_simulation=not found.criteria.is_approved,
    )


def _accounts() -> Iterator[Account]:
    """The first invented users, who are one for each role and a second body where two must agree."""
    for one in (
        Membership.objects.filter(user__is_invented=True, user__is_active=True, ends_on__isnull=True)
        .select_related("user", "organisation")
        .order_by("user_id", "pk")[:ACCOUNTS_SHOWN]
    ):
        yield Account(str(one.get_role_display()), one.organisation.name, one.user.email)


def sentences(report: DemoReport, password: str) -> Iterator[str]:
    """What the terminal says."""
    yield f"{LABEL}. Comuni, confini e contratti sono veri."
    yield (
        f"Contratti di accoglienza della provincia di Padova: {_number(report.contracts)}, di cui "
        f"{_number(report.doubtful_contracts)} da confermare. Centri di esempio: {_number(report.centres)}, con {_number(report.places)} posti in uso."
    )
    leaving = report.leaving_dated + report.leaving_expected
    yield (
        f"Persone in accoglienza: {_number(report.people)}. Escono nei prossimi {HORIZON_DAYS} giorni: "
        f"{_number(leaving)} ({_number(report.leaving_dated)} con una data, "
        f"{_number(report.leaving_expected)} attese)."
    )
    yield (
        f"Alloggi: {_number(report.dwellings)}, con {_number(report.free_beds)} posti letto liberi "
        f"entro {HORIZON_DAYS} giorni."
    )
    if report.round is not None:
        yield _round_sentence(report.round)
    yield ""
    yield f"Per entrare basta un pulsante nella pagina di accesso; la parola d'ordine di tutti è «{password}»:"
    for account in report.accounts:
        yield f"  {account.email:<24} {account.role}, {account.organisation}"


def _round_sentence(round_: FirstRound) -> str:
    kind = "simulazione: nessun atto ha approvato i criteri" if round_.is_simulation else "criteri approvati"
    return (
        f"Primo giro di abbinamento ({kind}): {_number(round_.housed)} nuclei su {_number(round_.households)} "
        f"senza soluzione avrebbero una casa; posti letto offerti: {_number(round_.places)}. {round_.certificate}"
    )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
