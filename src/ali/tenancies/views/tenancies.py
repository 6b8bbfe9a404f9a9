from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.pages import page
from ali.core.paging import take_page
from ali.housing.services import communication_day
from ali.rules.wording import note
from ali.tenancies import permissions, services
from ali.tenancies.checks import Case, blocking, checks_of, present, visit_day
from ali.tenancies.filters import TenancyFilter
from ali.tenancies.forms import (
    BedsForm,
    CommunicationForm,
    DeductionForms,
    DepositForm,
    DutyForm,
    ExtensionForm,
    LeavingForm,
    NoticeForm,
    SendForm,
    SharesForm,
    SignForm,
    beds_of,
)
from ali.tenancies.models import Tenancy, TenancyParty
from ali.tenancies.papers import papers_for
from ali.tenancies.progress import next_step, phases
from ali.tenancies.queries import (
    communications_of,
    parties_of,
    persons_seen,
    placements_without_tenancy,
)
from ali.tenancies.services.duties import rule_of_duty
from ali.tenancies.states import LIVED_IN_STATES, HandOverKind, TenancyState
from ali.tenancies.terms import rule_of_contract


def list_step() -> dict[str, str]:
    return {"label": _("Affitti"), "url": reverse("tenancies:tenancy_list")}


def breadcrumb(tenancy: Tenancy, last: str = "") -> list[dict[str, str]]:
    """Return where the page is: the list, the tenancy, and `last` when it is a page of its own."""
    here = {"label": str(tenancy.dwelling), "url": address(tenancy) if last else ""}
    return [list_step(), here, *([{"label": last, "url": ""}] if last else [])]


def address(tenancy: Tenancy) -> str:
    return reverse("tenancies:tenancy_detail", args=[tenancy.public_id])


def find_tenancy(request: StaffRequest, public_id: UUID) -> Tenancy:
    """Return a tenancy that the actor sees; 404 otherwise."""
    found: Tenancy = get_object_or_404(
        Tenancy.objects.visible_to(request.actor)
        .with_progress(clock.today())
        .select_related(
            "dwelling__building__municipality__province",
            "dwelling__manager",
            "landlord",
            "room",
            "placement__proposal",
            "house_rules",
        ),
        public_id=public_id,
    )
    return found


@requires(P.SEE_TENANCIES)
def tenancy_list(request: StaffRequest) -> HttpResponse:
    """The tenancies that the actor sees, with what comes next; above them the signed proposals that still lack one."""
    today = clock.today()
    found = TenancyFilter(request.GET, actor=request.actor, today=today)
    shown = take_page(
        request,
        found.qs.select_related("dwelling__building__municipality", "room").order_by("-starts_on", "-pk"),
        size=30,
    )
    parties = parties_of([row.pk for row in shown.rows])
    everybody = [party for group in parties.values() for party in group]
    seen = {one.pk: one for one in persons_seen(request.actor, [party.person_id for party in everybody])}
    audit.record_read(request.actor, "tenancy_list_read", persons=[one.public_id for one in seen.values()])
    may_edit = permissions.may_edit_tenancies(request.actor)
    return page(
        request,
        "tenancies/tenancy_list.html",
        fragment="results",
        rows=[
            {
                "tenancy": row,
                "people": _people(
                    parties.get(row.pk, []), {pk: one.display_name for pk, one in seen.items()}, today
                ),
                "step": next_step(row, today),
            }
            for row in shown.rows
        ],
        shown=shown,
        form=found.form,
        active=found.active(),
        waiting=placements_without_tenancy(request.actor) if may_edit else [],
        today=today,
        wide=True,
    )


def _people(parties: Sequence[TenancyParty], names: dict[int, str], today: date) -> str:
    """Return who lives there as the reader may know them: «BAH Moussa, 1 altra persona»."""
    here = present(parties, today) or list(parties)
    known = [names[party.person_id] for party in here if party.person_id in names]
    others = len(here) - len(known)
    if others:
        known.append(_("una persona") if others == 1 else _("%(count)s persone") % {"count": others})
    return ", ".join(known)


@requires(P.SEE_TENANCIES)
def tenancy_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One tenancy: what comes next, who lives there, what is due, its papers."""
    return show_tenancy(request, find_tenancy(request, public_id))


def show_tenancy(
    request: StaffRequest, tenancy: Tenancy, *, status: int = 200, **forms: Any
) -> HttpResponse:  # Any: forms that come back
    """Answer the page of a tenancy, with what has been typed when a form comes back."""
    actor, today = request.actor, clock.today()
    parties = list(tenancy.parties.select_related("person__household", "bed__room", "tenancy").order_by("pk"))
    seen = persons_seen(actor, [party.person_id for party in parties])
    names = {one.pk: one.display_name for one in seen}
    audit.record_read(actor, "tenancy_read", tenancy, persons=[one.public_id for one in seen])
    may_edit = permissions.may_edit_tenancy(actor, tenancy)
    checks = _checks(tenancy, parties, names, today) if may_edit else []
    here = present(parties, today)
    return page(
        request,
        "tenancies/tenancy_detail.html",
        status=status,
        breadcrumb=breadcrumb(tenancy),
        tenancy=tenancy,
        phases=phases(tenancy),
        step=next_step(tenancy, today),
        may_edit=may_edit,
        checks=checks,
        stopped=blocking([check["check"] for check in checks]),
        people=_rows(tenancy, parties, names, request, today),
        household=_household(actor, here, seen),
        gap=services.share_gap(tenancy, parties, today),
        proposed=_proposed(tenancy, parties, names, today),
        contract_rule=note(rule_of_contract(tenancy.contract_type, tenancy.dwelling, today)),
        visit=visit_day(tenancy),
        signatures=_signatures(tenancy, names),
        communications=_communications(tenancy, names),
        duties=_duties(tenancy, names, today),
        hand_overs=list(tenancy.hand_overs.order_by("done_on", "pk")),
        has_been_handed=tenancy.hand_overs.filter(kind=HandOverKind.IN).exists(),
        extensions=list(tenancy.extensions.order_by("agreed_on", "pk")),
        deposits=list(tenancy.deposit_returns.prefetch_related("deductions").order_by("pk")),
        deposit_left=services.still_held(tenancy),
        may_return_deposit=permissions.may_return_deposit(actor, tenancy),
        papers=papers_for(tenancy) if may_edit else [],
        is_lived_in=tenancy.state in LIVED_IN_STATES,
        is_running=tenancy.state == TenancyState.RUNNING,
        today=today,
        **{**_forms(tenancy, here, names, today), "beds_form": _beds_form(tenancy, parties, names), **forms},
    )


def _forms(
    tenancy: Tenancy, here: Sequence[TenancyParty], names: dict[int, str], today: date
) -> dict[str, Any]:  # Any: forms
    payers = [party for party in here if party.is_signatory]
    return {
        "send_form": SendForm(),
        "shares_form": _shares_form(tenancy, payers, names, today),
        "notice_form": NoticeForm(initial={"notice_on": today}),
        "extension_form": ExtensionForm(initial={"agreed_on": today}),
        "end_form": LeavingForm(prefix="fine", initial={"left_on": tenancy.leaves_on or today}),
        "deposit_form": DepositForm(
            initial={"held_cents": services.still_held(tenancy), "returned_on": today}
        ),
        "deductions": DeductionForms(prefix="trattenute"),
    }


def _shares_form(
    tenancy: Tenancy, payers: Sequence[TenancyParty], names: dict[int, str], today: date
) -> SharesForm:
    """Return the form with what each pays, or would pay so that the shares add up again: a person decides."""
    wanted = services.proposed_shares(tenancy, payers, today)
    initial = {f"share_{party}": cents for party, cents in wanted.items()}
    return SharesForm(initial={"starts_on": today, **initial}, parties=payers, names=names)


def _beds_form(tenancy: Tenancy, parties: Sequence[TenancyParty], names: dict[int, str]) -> BedsForm | None:
    if tenancy.state != TenancyState.DRAFT:
        return None
    return BedsForm(parties=parties, names=names, dwelling=tenancy.dwelling)


def _checks(
    tenancy: Tenancy, parties: list[TenancyParty], names: dict[int, str], today: date
) -> list[dict[str, Any]]:  # Any: values of a component
    if tenancy.state in {TenancyState.ENDED, TenancyState.CANCELLED}:
        return []
    found = checks_of(Case(tenancy, parties, names, today))
    return [{"check": check, "note": note(check.rule) if check.rule else None} for check in found]


def _rows(
    tenancy: Tenancy,
    parties: Sequence[TenancyParty],
    names: dict[int, str],
    request: StaffRequest,
    today: date,
) -> list[dict[str, Any]]:  # Any: values of a template
    here = {party.pk for party in present(parties, today)}
    several = sum(party.is_signatory for party in parties if party.pk in here) > 1
    beds = list(beds_of(tenancy.dwelling)) if tenancy.state in LIVED_IN_STATES else []
    return [
        {
            "party": party,
            "name": names.get(party.person_id, ""),
            "is_here": party.pk in here,
            "may_leave": several or not party.is_signatory,
            "leave_form": LeavingForm(prefix=f"esce-{party.pk}", initial={"left_on": today}),
            "beds": [bed for bed in beds if bed.pk != party.bed_id],
        }
        for party in parties
    ]


def _household(actor: Any, here: Sequence[TenancyParty], seen: Sequence[Any]) -> UUID | None:
    """Return the household whose cost to enter the reader may follow."""
    known = {one.pk for one in seen}
    first = next((party for party in here if party.person_id in known), None)
    return first.person.household.public_id if first and actor.may(P.SEE_PEOPLE) else None


def _proposed(
    tenancy: Tenancy, parties: list[TenancyParty], names: dict[int, str], today: date
) -> list[dict[str, Any]]:  # Any: values of a template
    """Return what each would pay so that the shares add up again."""
    wanted = services.proposed_shares(tenancy, parties, today)
    return [
        {
            "party": party,
            "name": names.get(party.person_id, ""),
            "now": party.share_cents,
            "then": wanted[party.pk],
            "more": wanted[party.pk] - party.share_cents,
        }
        for party in parties
        if party.pk in wanted
    ]


def _signatures(tenancy: Tenancy, names: dict[int, str]) -> list[dict[str, Any]]:  # Any: values of a template
    line = list(tenancy.signatures.select_related("party").order_by("position"))
    turn = services.next_signature(line)
    return [
        {
            "signature": one,
            "who": one.name or (names.get(one.party.person_id, _("una persona")) if one.party else ""),
            "is_turn": turn is not None and one.pk == turn.pk and tenancy.state == TenancyState.SIGNING,
            "form": SignForm(prefix=f"firma-{one.pk}", initial={"signed_on": clock.today()}),
        }
        for one in line
    ]


def _communications(
    tenancy: Tenancy, names: dict[int, str]
) -> list[dict[str, Any]]:  # Any: values of a template
    if tenancy.state in {TenancyState.DRAFT, TenancyState.SIGNING, TenancyState.CANCELLED}:
        return []
    return [
        {
            "stay": one.stay,
            "name": names.get(one.stay.person_id or 0, _("una persona")),
            "due_on": (due := communication_day(one.stay)),
            "days": (due - clock.today()).days,
            "is_done": one.is_done,
            "form": CommunicationForm(
                prefix=f"com-{one.stay.pk}", initial={"communicated_on": clock.today()}
            ),
        }
        for one in communications_of(tenancy)
    ]


def _duties(
    tenancy: Tenancy, names: dict[int, str], today: date
) -> list[dict[str, Any]]:  # Any: values of a template
    return [
        {
            "duty": duty,
            "who": names.get(duty.party.person_id, _("una persona")) if duty.party else "",
            "days": (duty.due_on - today).days,
            "source": rule_of_duty(duty.kind, tenancy, duty.due_on).source,
            "form": DutyForm(prefix=f"fatto-{duty.pk}", initial={"done_on": today}),
        }
        for duty in tenancy.duties.select_related("party").order_by("done_on", "due_on", "pk")
    ]
