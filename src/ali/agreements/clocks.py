"""The days that a contract of a home sets going: registration, taxes, notices, ends (domain reference 4.3, 15).

The numbers are rules (`agreements.contract.<type>`): a length that no law fixes, or that nobody has confirmed, is None and
its day stays to be settled. Ends are the last day of the contract; a notice must arrive by its day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.agreements.states import ContractType
from ali.core import clock
from ali.rules.calculators import WrongInput, citation
from ali.rules.values import RuleValue, rule_in_force

FIRST_YEARS_SHOWN = 30

LABELS: dict[str, str | Promise] = {
    "registration": _("registrare il contratto"),
    "host_communication": _("comunicare l'ospitalità (se la persona non è cittadina dell'UE)"),
    "yearly_tax": _("pagare l'imposta di registro dell'anno (senza cedolare secca)"),
    "index_update": _("chiedere l'aggiornamento ISTAT, se il contratto lo prevede"),
    "tenant_notice": _("ultimo giorno per la disdetta di chi abita"),
    "landlord_notice": _("ultimo giorno per la disdetta di chi dà la casa"),
    "reconfirm_need": _("confermare l'esigenza transitoria"),
    "first_end": _("prima scadenza"),
    "renewal_registration": _("registrare la proroga"),
    "renewed_end": _("scadenza dopo la proroga"),
    "end": _("scadenza"),
    "end_registration": _("comunicare la risoluzione o la fine al registro"),
}


class ImpossibleContract(WrongInput):
    """Dates or lengths that this type of contract cannot have."""


@dataclass(frozen=True)
class ContractTerms:
    """The numbers of a contract type: months and days, None where the rule leaves them to be settled."""

    min_months: int | None
    max_months: int | None
    renewal_months: int | None
    tenant_notice_months: int | None
    landlord_notice_months: int | None
    registration_days: int | None
    reconfirm_days: int | None
    deposit_max_months: int | None
    has_yearly_tax: bool
    has_index_update: bool

    @classmethod
    def from_rule(cls, rule: RuleValue) -> "ContractTerms":
        """Return the terms of a rule `agreements.contract.<type>`."""
        return cls(**{name: rule.value.get(name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class ContractClock:
    """Something due. `due_on` None: no length is settled yet, or its beginning is not known."""

    code: str
    due_on: date | None
    length: str = ""

    @property
    def label(self) -> str | Promise:
        return LABELS[self.code]


def terms_rule(
    contract_type: str, *, day: date, province: str | None = None, municipality: str | None = None
) -> RuleValue:
    """Return the rule with the terms of a contract type; raise `RuleMissing` when none is valid."""
    return rule_in_force(
        f"agreements.contract.{contract_type}", day=day, province=province, municipality=municipality
    )


def after_months(day: date, months: int) -> date:
    """Return the day `months` later (earlier when negative), the last of the month when that month is shorter."""
    later: date = day + relativedelta(months=months)
    return later


def last_day(starts_on: date, months: int) -> date:
    """Return the last day of a contract of `months` that begins on `starts_on`."""
    return after_months(starts_on, months) - timedelta(days=1)


def months_between(starts_on: date, ends_on: date) -> int:
    """Return the whole months from the first to the last day of a contract."""
    span = relativedelta(ends_on + timedelta(days=1), starts_on)
    return int(span.years * 12 + span.months)


def duration_problem(terms: ContractTerms, starts_on: date, ends_on: date | None) -> str:
    """Say what is wrong with how long a contract lasts; empty when nothing is."""
    if ends_on is None:
        return ""
    months = months_between(starts_on, ends_on)
    if terms.min_months is not None and months < terms.min_months:
        return str(_("Questo contratto dura almeno %(least)s mesi: qui sono %(months)s.")) % {
            "least": terms.min_months,
            "months": months,
        }
    whole = terms.max_months is not None and ends_on > last_day(starts_on, terms.max_months)
    if whole:
        return str(_("Questo contratto dura al massimo %(most)s mesi.")) % {"most": terms.max_months}
    return ""


def contract_clocks(
    terms: ContractTerms,
    *,
    starts_on: date | None,
    signed_on: date | None = None,
    ends_on: date | None = None,
    host_hours: int | None = None,
) -> list[ContractClock]:
    """Return every notice and registration day of a contract, those without a day last."""
    end = ends_on
    if end is None and starts_on and terms.min_months and (terms.renewal_months is not None):
        end = last_day(starts_on, terms.min_months)
    found = [
        *_at_the_beginning(terms, starts_on, signed_on, host_hours),
        *_every_year(terms, starts_on, end),
        *_before_the_end(terms, end),
        *_at_the_end(terms, end),
    ]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max))


def _days_after(code: str, begins: date | None, days: int) -> ContractClock:
    due = begins + timedelta(days=days) if begins else None
    return ContractClock(code, due, str(_("%(days)s giorni")) % {"days": days})


def _months_before(code: str, end: date | None, months: int) -> ContractClock:
    due = after_months(end, -months) if end else None
    return ContractClock(code, due, str(_("%(months)s mesi prima")) % {"months": months})


def _at_the_beginning(
    terms: ContractTerms, starts_on: date | None, signed_on: date | None, host_hours: int | None
) -> Iterator[ContractClock]:
    if terms.registration_days is not None:
        known = [day for day in (signed_on, starts_on) if day]
        yield _days_after("registration", min(known, default=None), terms.registration_days)
    if host_hours is not None:
        due = starts_on + timedelta(days=-(-host_hours // 24)) if starts_on else None
        yield ContractClock("host_communication", due, str(_("%(hours)s ore")) % {"hours": host_hours})


def _every_year(terms: ContractTerms, starts_on: date | None, end: date | None) -> Iterator[ContractClock]:
    if not (terms.has_yearly_tax or terms.has_index_update):
        return
    if starts_on is None or end is None:
        if terms.has_yearly_tax and terms.registration_days is not None:
            yield _days_after("yearly_tax", None, terms.registration_days)
        if terms.has_index_update:
            yield ContractClock("index_update", None)
        return
    for year in range(1, FIRST_YEARS_SHOWN):
        anniversary = after_months(starts_on, 12 * year)
        if anniversary > end:
            return
        if terms.has_yearly_tax and terms.registration_days is not None:
            yield _days_after("yearly_tax", anniversary, terms.registration_days)
        if terms.has_index_update:
            yield ContractClock("index_update", anniversary)


def _before_the_end(terms: ContractTerms, end: date | None) -> Iterator[ContractClock]:
    if terms.tenant_notice_months is not None:
        yield _months_before("tenant_notice", end, terms.tenant_notice_months)
    if terms.landlord_notice_months is not None:
        yield _months_before("landlord_notice", end, terms.landlord_notice_months)
    if terms.reconfirm_days is not None:
        due = end - timedelta(days=terms.reconfirm_days) if end else None
        yield ContractClock(
            "reconfirm_need", due, str(_("%(days)s giorni prima")) % {"days": terms.reconfirm_days}
        )


def _at_the_end(terms: ContractTerms, end: date | None) -> Iterator[ContractClock]:
    if not terms.renewal_months:
        yield ContractClock("end", end)
        if terms.registration_days is not None:
            yield _days_after("end_registration", end, terms.registration_days)
        return
    yield ContractClock("first_end", end)
    if terms.registration_days is not None:
        begins = end + timedelta(days=1) if end else None
        yield _days_after("renewal_registration", begins, terms.registration_days)
    renewed = last_day(end + timedelta(days=1), terms.renewal_months) if end else None
    yield ContractClock("renewed_end", renewed, str(_("%(months)s mesi")) % {"months": terms.renewal_months})


def calculate(given: Mapping[str, Any]) -> dict[str, Any]:  # Any: values of a JSON document
    """Answer `ali calc contract-clocks`: {"type"} and, when known, {"starts_on", "signed_on", "ends_on", "non_eu",
    "province", "municipality", "day"}."""
    contract_type = str(given.get("type", ""))
    if contract_type not in ContractType.values:
        raise WrongInput(f"«type» è uno di: {', '.join(ContractType.values)}.")
    starts_on, signed_on, ends_on = (_day(given, name) for name in ("starts_on", "signed_on", "ends_on"))
    if starts_on and ends_on and ends_on <= starts_on:
        raise ImpossibleContract("«ends_on» viene prima di «starts_on».")
    day = _day(given, "day") or starts_on or clock.today()
    place = {"province": given.get("province"), "municipality": given.get("municipality")}
    rule = terms_rule(contract_type, day=day, **place)
    terms = ContractTerms.from_rule(rule)
    hours = (
        rule_in_force("housing.host_communication_hours", day=day, **place)
        if given.get("non_eu", True)
        else None
    )
    clocks = contract_clocks(
        terms,
        starts_on=starts_on,
        signed_on=signed_on,
        ends_on=ends_on,
        host_hours=int(hours.value) if hours else None,
    )
    return {
        "type": contract_type,
        "name": str(ContractType(contract_type).label),
        "clocks": [
            {
                "code": one.code,
                "what": str(one.label),
                "due_on": one.due_on.isoformat() if one.due_on else None,
                "length": one.length,
            }
            for one in clocks
        ],
        "problem": duration_problem(terms, starts_on, ends_on) if starts_on else "",
        **citation(rule),
    }


def _day(given: Mapping[str, Any], name: str) -> date | None:
    if given.get(name) is None:
        return None
    try:
        return date.fromisoformat(str(given[name]))
    except ValueError as problem:
        raise WrongInput(f"«{name}» è una data come 2026-03-02: è {given[name]!r}.") from problem
