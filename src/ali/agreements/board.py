"""The clocks of an agreement: one row and one deadline each, written again whenever its dates change."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from ali.agreements.checks import type_rule
from ali.agreements.clocks import LABELS, ContractClock, ContractTerms, after_months, contract_clocks
from ali.agreements.models import Agreement, AgreementClock
from ali.agreements.queries import covered_dwellings, people_in, place_of
from ali.agreements.states import AgreementState, TaxRegime
from ali.core import clock
from ali.deadlines.models import Deadline, DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadlines
from ali.rules.values import rule_in_force

END_WARNING = "agreements.end_warning_months"
# Between a body and an owner the «tenant» of a contract type is the body.
OWN_LABELS: dict[str, str | Promise] = {
    **LABELS,
    "start": _("mettere in corso l'accordo: oggi decorre"),
    "tenant_notice": _("ultimo giorno per la disdetta dell'ente"),
    "landlord_notice": _("ultimo giorno in cui può arrivare la disdetta del proprietario"),
    "amendment_registration": _("registrare la modifica del contratto"),
}
_NOTICES = ("tenant_notice", "landlord_notice")
# Days that come by themselves, or are closed by a step of the agreement: nobody marks them as done.
BY_THEMSELVES = ("start", "end", "first_end", "renewed_end")
_WHEN_OVER = ("registration", "yearly_tax", "end_registration", "amendment_registration")
TITLE = gettext_noop("Accordo con il proprietario, %(what)s: %(home)s")
PEOPLE_INSIDE = gettext_noop("L'accordo finisce il %(day)s e ci abita qualcuno: %(home)s")
STILL_INSIDE = gettext_noop("L'accordo è finito e ci abita ancora qualcuno: %(home)s")
# What goes to an office is a communication due; ends and notices are decisions.
_COMMUNICATIONS = ("registration", "yearly_tax", "end_registration", "renewal_registration")


def clocks_of(agreement: Agreement) -> list[ContractClock]:
    """Return every day that an agreement sets going, as its state and dates are now; without rows. A few queries."""
    terms = ContractTerms.from_rule(type_rule(agreement))
    amended = [
        ContractClock("amendment_registration", one.signed_on + timedelta(days=terms.registration_days))
        for one in agreement.amendments.order_by("number")
        if terms.registration_days is not None
    ]
    is_extended = any("ends_on" in one.changes for one in agreement.amendments.all())
    if agreement.notice_on or agreement.ended_on or is_extended:
        terms = replace(terms, renewal_months=0)
    if agreement.tax_regime != TaxRegime.REGISTER:
        terms = replace(terms, has_yearly_tax=False)
    if agreement.tax_regime == TaxRegime.FLAT:
        terms = replace(terms, has_index_update=False)
    found = contract_clocks(
        terms, starts_on=agreement.starts_on, signed_on=agreement.signed_on, ends_on=agreement.last_on
    )
    if agreement.state == AgreementState.SIGNED:
        found.append(ContractClock("start", agreement.starts_on))
    if agreement.notice_on:
        found = [one for one in found if one.code not in _NOTICES]
    if agreement.state == AgreementState.ENDED:
        found = [one for one in found if one.code in _WHEN_OVER]
    return sorted([*found, *amended], key=lambda one: (one.due_on is None, one.due_on or date.max))


def write_clocks(agreement: Agreement, today: date) -> None:
    """Write, move or take away the clocks of an agreement and their deadlines. What was done stays done."""
    wanted = dict(_numbered(agreement)) if _has_clocks(agreement) else {}
    stored = {(row.code, row.number): row for row in agreement.clocks.order_by("pk")}
    for key, row in stored.items():
        if key not in wanted and row.done_on is None:
            Deadline.objects.filter(source=source_of(row)).delete()
            row.delete()
    for (code, number), due_on in wanted.items():
        row = stored.get((code, number)) or AgreementClock(agreement=agreement, code=code, number=number)
        if row.done_on is None and row.due_on != due_on:
            row.due_on = due_on
            row.save()
    waiting = [row for row in agreement.clocks.order_by("pk") if row.done_on is None]
    write_deadlines([due_of(agreement, row) for row in waiting])
    warn_of_people(agreement, today)


def _has_clocks(agreement: Agreement) -> bool:
    return agreement.state not in {AgreementState.DRAFT, AgreementState.CANCELLED}


def _numbered(agreement: Agreement) -> Iterator[tuple[tuple[str, int], date]]:
    numbers: dict[str, int] = defaultdict(int)
    for one in clocks_of(agreement):
        if one.due_on is not None:
            numbers[one.code] += 1
            yield (one.code, numbers[one.code]), one.due_on


def source_of(row: AgreementClock) -> str:
    """Return the name of a clock's deadline."""
    return f"agreements.clock:{row.public_id}"


def label_of(code: str) -> str:
    """Return what is due, in words."""
    text = str(OWN_LABELS.get(code, code))
    return text[:1].upper() + text[1:]


def due_of(agreement: Agreement, row: AgreementClock) -> Due:
    return Due(
        kind=DeadlineKind.COMMUNICATION if row.code in _COMMUNICATIONS else DeadlineKind.OTHER,
        source=source_of(row),
        due_on=row.due_on,
        title=TITLE,
        words={"what": OWN_LABELS.get(row.code, row.code), "home": agreement.building},
        organisations=(agreement.holder_id,),
        url_name="agreements:agreement_detail",
        url_id=agreement.public_id,
    )


def end_warning_on(agreement: Agreement, today: date) -> date | None:
    """Return the day from which the end of an agreement is a warning; None without an end."""
    last = agreement.last_on
    if last is None:
        return None
    rule = rule_in_force(END_WARNING, day=today, **place_of(agreement))
    return after_months(last, -int(rule.value))


def warn_of_people(agreement: Agreement, today: date) -> None:
    """Put an agreement that ends while somebody lives in the home on the board months before, and after; take it away when
    nobody does."""
    source, last = f"agreements.people:{agreement.public_id}", agreement.last_on
    dwellings = [one.pk for one in covered_dwellings(agreement)]
    is_inside = any(people_in(dwellings, today).values()) if last and _has_clocks(agreement) else False
    if not is_inside or last is None:
        close_deadline(source, now=clock.now())
        return
    is_over = agreement.state == AgreementState.ENDED
    warned_on = last if is_over else max(end_warning_on(agreement, today) or last, agreement.starts_on)
    due = Due(
        kind=DeadlineKind.OTHER,
        source=source,
        due_on=warned_on,
        title=STILL_INSIDE if is_over else PEOPLE_INSIDE,
        words={"day": f"{last:%d/%m/%Y}", "home": agreement.building},
        organisations=(agreement.holder_id,),
        url_name="agreements:agreement_detail",
        url_id=agreement.public_id,
    )
    write_deadlines([due])
    Deadline.objects.filter(source=source, done_at__isnull=False).update(done_at=None)


def refresh_warnings(today: date) -> int:
    """Look at every agreement with an end: who moved in or out since. Say how many were looked at."""
    found = (
        Agreement.objects.exclude(state__in=(AgreementState.DRAFT, AgreementState.CANCELLED))
        .exclude(ends_on__isnull=True, leaves_on__isnull=True, ended_on__isnull=True)
        .exclude(state=AgreementState.ENDED, ended_on__lt=today - timedelta(days=365))
        .select_related("building__municipality")
        .order_by("pk")
    )
    count = 0
    for one in found.iterator(chunk_size=500):
        warn_of_people(one, today)
        count += 1
    return count
