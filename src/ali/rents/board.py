"""What an arrears puts on the deadline board of the body: the next step and its day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_noop

from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, write_deadlines
from ali.people.models import Assignment
from ali.people.querysets import valid_on
from ali.rents.ladder import NextStep, in_days, ladder_rule, next_step
from ali.rents.models import Account, Arrears, Instalment
from ali.rents.states import STEP_LABELS, ArrearsState, PlanState


def write_arrears_deadlines(arrears: Sequence[Arrears], today: date) -> None:
    """Write, move or take away the next step of each arrears."""
    if not arrears:
        return
    accounts = {
        one.pk: one
        for one in Account.objects.filter(pk__in={one.account_id for one in arrears})
        .select_related("person")
        .order_by()
    }
    days = in_days(ladder_rule(today))
    instalments = _next_instalments(
        [one.account_id for one in arrears if one.state == ArrearsState.PLANNED], today
    )
    named = _named_of([one.person_id for one in accounts.values() if one.person.is_reserved], today)
    write_deadlines(
        [_due(one, accounts[one.account_id], _step(one, days, instalments), named) for one in arrears]
    )


def _step(arrears: Arrears, days: Mapping[str, int], instalments: dict[int, date]) -> NextStep | None:
    if arrears.closed_on:
        return None
    if arrears.account_id in instalments:
        return NextStep("plan", instalments[arrears.account_id])
    return next_step(arrears.state, arrears.since, days)


def _next_instalments(account_ids: Collection[int], today: date) -> dict[int, date]:
    """Return the day of the next instalment of each running plan."""
    rows = (
        Instalment.objects.filter(
            plan__account__in=account_ids, plan__state=PlanState.RUNNING, due_on__gte=today
        )
        .order_by("-due_on")
        .values_list("plan__account_id", "due_on")
    )
    return dict(rows)


def _named_of(person_ids: Collection[int], today: date) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return who was named to see these reserved persons, as (organisation, user)."""
    named: dict[int, tuple[tuple[int, int], ...]] = {}
    rows = Assignment.objects.filter(valid_on(today), Q(user__isnull=False), person__in=person_ids)
    for person, organisation, user in rows.order_by("pk").values_list(
        "person_id", "organisation_id", "user_id"
    ):
        named[person] = (*named.get(person, ()), (organisation, user))
    return named


def _due(
    arrears: Arrears, account: Account, step: NextStep | None, named: dict[int, tuple[tuple[int, int], ...]]
) -> Due:
    person = account.person
    readers = () if step is None or person.is_reserved else (account.landlord_id,)
    users = named.get(person.pk, ()) if step and person.is_reserved else ()
    return Due(
        kind=DeadlineKind.RENT,
        source=f"rents.arrears:{arrears.public_id}",
        due_on=step.due_on if step else arrears.since,
        title=gettext_noop("Canone non pagato: %(step)s"),
        words={"step": STEP_LABELS[step.verb] if step else ""},
        organisations=readers,
        named=tuple(pair for pair in users if pair[0] == account.landlord_id),
        person=person.public_id,
        is_reserved=person.is_reserved,
        url_name="rents:account_detail",
        url_id=account.public_id,
    )
