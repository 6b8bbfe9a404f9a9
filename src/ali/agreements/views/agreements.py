from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Min, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import Actor, StaffRequest
from ali.accounts.roles import Permission as P
from ali.agreements import permissions, services
from ali.agreements.board import BY_THEMSELVES, clocks_of, end_warning_on, label_of
from ali.agreements.checks import checks_of, show_share, taxes_of, type_rule
from ali.agreements.clocks import terms_rule
from ali.agreements.files import AGREEMENT_FILES
from ali.agreements.filters import AgreementFilter
from ali.agreements.forms import (
    AgreementForm,
    AmendmentForm,
    ClockForm,
    DepositForm,
    EndForm,
    HandBackForm,
    NoticeForm,
    RegistrationForm,
    ShareForm,
)
from ali.agreements.models import Agreement, AgreementClock, HandBack
from ali.agreements.queries import covered_dwellings, people_in, shares_of
from ali.agreements.states import AgreementState, ContractType
from ali.agreements.terms import AMENDABLE, terms_on
from ali.agreements.views.acting import act_and_go, data_of, form_page
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.money import show_euros
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.documents.services import DocumentFacts, attach_file
from ali.documents.states import DocumentKind
from ali.housing.models import Building, Dwelling
from ali.rules.values import RuleValue, reading_rules_once
from ali.rules.wording import note, value_in_words

TERM_NAMES = {
    "ends_on": Agreement._meta.get_field("ends_on").verbose_name,
    "rent_cents": Agreement._meta.get_field("rent_cents").verbose_name,
    "condominium_cents": Agreement._meta.get_field("condominium_cents").verbose_name,
    "deposit_cents": Agreement._meta.get_field("deposit_cents").verbose_name,
    "allows_sublet": Agreement._meta.get_field("allows_sublet").verbose_name,
}


def _tabs(actor: Actor, current: str) -> list[dict[str, Any]]:  # Any: values of a component
    """The three lists of this area, those that the actor opens."""
    names = [
        ("agreement_list", _("Accordi"), "it-file", actor.may(P.SEE_AGREEMENTS)),
        ("scheme_list", _("Garanzie locali"), "it-bookmark", actor.may(P.SEE_AGREEMENTS)),
        ("fund_list", _("Fondi di garanzia"), "ali-euro", actor.may(P.SEE_FUND)),
    ]
    return [
        {
            "label": label,
            "href": reverse(f"agreements:{name}"),
            "current": name == current,
            "icon": icon,
            "count": None,
        }
        for name, label, icon, is_open in names
        if is_open
    ]


def _crumbs(agreement: Agreement | None = None) -> list[dict[str, str]]:
    steps = [{"label": _("Accordi"), "url": reverse("agreements:agreement_list")}]
    if agreement is not None:
        steps.append({"label": agreement.building.address, "url": _address(agreement)})
    return steps


def _address(agreement: Agreement) -> str:
    return reverse("agreements:agreement_detail", args=[agreement.public_id])


def _agreement_or_404(request: StaffRequest, public_id: UUID) -> Agreement:
    rows = Agreement.objects.visible_to(request.actor).select_related(
        "building__municipality__province", "owner", "holder"
    )
    found: Agreement = get_object_or_404(rows, public_id=public_id)
    return found


@requires(P.SEE_AGREEMENTS)
def agreement_list(request: StaffRequest) -> HttpResponse:
    """The agreements of the body, what falls due first on top."""
    today = clock.today()
    found = AgreementFilter(request.GET, actor=request.actor, today=today)
    waiting = Q(clocks__done_on__isnull=True)
    rows = (
        found.qs.select_related("building__municipality", "owner")
        .annotate(next_on=Min("clocks__due_on", filter=waiting))
        .order_by("next_on", "starts_on", "pk")
    )
    shown = take_page(request, rows, size=30)
    return page(
        request,
        "agreements/agreement_list.html",
        fragment="results",
        agreements=replace(shown, rows=_with_next(shown.rows)),
        form=found.form,
        active=found.active(),
        tabs=_tabs(request.actor, "agreement_list"),
        may_add=permissions.may_draft_agreement(request.actor),
        today=today,
        wide=True,
    )


def _with_next(agreements: list[Agreement]) -> list[Agreement]:
    """Say of each agreement what is due next. One query."""
    labels: dict[int, str] = {}
    rows = AgreementClock.objects.filter(agreement__in=agreements, done_on__isnull=True)
    for row in rows.order_by("due_on", "pk"):
        labels.setdefault(row.agreement_id, label_of(row.code))
    for one in agreements:
        one.next_label = labels.get(one.pk, "")
    return agreements


@requires(P.SEE_AGREEMENTS)
def contract_type_list(request: StaffRequest) -> HttpResponse:
    """Every type of contract with its terms and where they come from."""
    today = clock.today()
    with reading_rules_once():
        types = [(one, _known(terms_rule(one.value, day=today))) for one in ContractType]
    return page(
        request,
        "agreements/contract_type_list.html",
        types=types,
        breadcrumb=[*_crumbs(), {"label": _("Tipi di contratto"), "url": ""}],
    )


def _terms_shown(contract_type: str, building: Building, day: date) -> dict[str, Any]:  # Any: a template
    town = building.municipality
    rule = terms_rule(contract_type, day=day, province=town.province_id, municipality=town.pk)
    return {"type": ContractType(contract_type).label, "note": _known(rule)}


def _known(rule: RuleValue) -> dict[str, str]:
    """Return a type's terms in words, without those that no law fixes."""
    fixed = {name: part for name, part in rule.value.items() if part is not None}
    return {**note(rule), "value": value_in_words(fixed, rule.unit)}


def _home_or_404(request: StaffRequest, public_id: UUID) -> Dwelling:
    rows = Dwelling.objects.visible_to(request.actor).filter(manager=request.actor.organisation_id)
    found: Dwelling = get_object_or_404(
        rows.select_related("building__municipality__province"), public_id=public_id
    )
    return found


@requires(P.EDIT_AGREEMENTS)
def contract_terms(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The terms of the type that is being chosen, shown beside the form."""
    home = _home_or_404(request, public_id)
    chosen = request.GET.get("contract_type", "")
    contract_type = chosen if chosen in ContractType.values else ContractType.LOAN.value
    shown = _terms_shown(contract_type, home.building, clock.today())
    return page(request, "agreements/_terms.html", terms=shown)


@requires(P.EDIT_AGREEMENTS)
def agreement_choose(request: StaffRequest) -> HttpResponse:
    """Which building the new agreement is for."""
    homes = (
        Dwelling.objects.visible_to(request.actor)
        .filter(manager=request.actor.organisation_id)
        .exclude(state="given_back")
        .select_related("building__municipality")
        .order_by("building__municipality__name", "building__address", "label", "pk")
    )
    return page(
        request,
        "agreements/agreement_choose.html",
        homes=take_page(request, homes, size=50),
        breadcrumb=[*_crumbs(), {"label": _("Nuovo accordo"), "url": ""}],
    )


@requires(P.EDIT_AGREEMENTS)
def agreement_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Prepare an agreement for the building of one of our homes."""
    home, today = _home_or_404(request, public_id), clock.today()
    initial = {"dwellings": [home], "starts_on": today, "contract_type": ContractType.LOAN}
    form = AgreementForm(data_of(request), actor=request.actor, building=home.building, initial=initial)

    def act() -> str:
        return _address(services.draft_agreement(actor=request.actor, facts=form.facts()))

    return _agreement_form(request, form, act, home, title=_("Nuovo accordo"))


@requires(P.EDIT_AGREEMENTS)
def agreement_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change an agreement in preparation."""
    agreement = _agreement_or_404(request, public_id)
    form = AgreementForm(
        data_of(request), actor=request.actor, building=agreement.building, agreement=agreement
    )

    def act() -> None:
        services.change_agreement(
            actor=request.actor,
            agreement=agreement,
            facts=form.facts(),
            expected_version=version_of(request),
        )

    home = covered_dwellings(agreement)[0]
    return _agreement_form(request, form, act, home, title=_("Modifica l'accordo"), agreement=agreement)


def _agreement_form(
    request: StaffRequest,
    form: AgreementForm,
    act: Any,  # Any: what the button does
    home: Dwelling,
    *,
    title: str,
    agreement: Agreement | None = None,
) -> HttpResponse:
    chosen = form["contract_type"].value()
    contract_type = chosen if chosen in ContractType.values else ContractType.LOAN.value
    return form_page(
        request,
        form,
        act,
        title=title,
        back=_address(agreement) if agreement else reverse("agreements:agreement_list"),
        breadcrumb=_crumbs(agreement),
        template="agreements/agreement_form.html",
        home=home,
        terms=_terms_shown(contract_type, home.building, clock.today()),
        version=agreement.version if agreement else None,
    )


@requires(P.SEE_AGREEMENTS)
def agreement_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """An agreement: terms in force, homes, what is due, amendments, owners, papers, guarantees."""
    agreement, today = _agreement_or_404(request, public_id), clock.today()
    with reading_rules_once():
        return page(request, "agreements/agreement_detail.html", **_shown(request, agreement, today))


def _shown(request: StaffRequest, agreement: Agreement, today: date) -> dict[str, Any]:  # Any: a template
    homes = covered_dwellings(agreement)
    people = people_in([home.pk for home in homes], today)
    back = {row.dwelling_id: row for row in HandBack.objects.filter(agreement=agreement)}
    amendments = list(agreement.amendments.order_by("number"))
    inside, last, warned_on = sum(people.values()), agreement.last_on, end_warning_on(agreement, today)
    checks = checks_of(agreement) if agreement.state == AgreementState.DRAFT else []
    may_edit = permissions.may_edit_agreement(request.actor, agreement)
    clocks = _clock_rows(agreement)
    return {
        "agreement": agreement,
        "breadcrumb": [_crumbs()[0], {"label": agreement.building.address, "url": ""}],
        "homes": [(home, people[home.pk], back.get(home.pk)) for home in homes],
        "inside": inside,
        "ends_with_people": bool(inside and agreement.is_binding and warned_on and today >= warned_on),
        "ended_with_people": bool(inside and agreement.state == AgreementState.ENDED),
        "last_on": last,
        "terms": terms_on(agreement, amendments, today),
        "amendments": [(one, _changes(one.changes)) for one in amendments],
        "owners": [agreement.owner, *agreement.co_owners.order_by("folded", "pk")],
        "shares": [
            (line.ownership, show_share(line.ownership.share), line.signs)
            for line in shares_of(agreement, max(today, agreement.starts_on))
        ],
        "clocks": [one for one in clocks if one["row"] is None or one["row"].done_on is None],
        "done_clocks": [one for one in clocks if one["row"] is not None and one["row"].done_on],
        "checks": [(check, note(check.rule)) for check in checks],
        "is_stopped": any(check.is_blocking for check in checks),
        "type_note": note(type_rule(agreement)),
        "taxes": [(tax, note(tax.rule)) for tax in taxes_of(agreement)],
        "applications": list(
            agreement.guarantee_applications.select_related("scheme__fund").order_by("-asked_on", "-pk")
        ),
        "commitments": list(agreement.fund_commitments.select_related("fund").order_by("number")),
        "may_edit": may_edit,
        "may_start": agreement.starts_on <= today,
        "may_ask": permissions.may_ask_guarantee(request.actor),
        "today": today,
    }


def _changes(changes: dict[str, dict[str, Any]]) -> list[str]:  # Any: values of a JSON document
    return [
        _("%(term)s: da %(before)s a %(after)s")
        % {
            "term": TERM_NAMES[name],
            "before": _in_words(name, pair["before"]),
            "after": _in_words(name, pair["after"]),
        }
        for name, pair in changes.items()
    ]


def _in_words(name: str, value: Any) -> str:  # Any: a value of a JSON document
    if name == "ends_on":
        return f"{date.fromisoformat(value):%d/%m/%Y}" if value else _("senza termine")
    if name == "allows_sublet":
        return _("sì") if value else _("no")
    return show_euros(value) or "0 €"


def _clock_rows(agreement: Agreement) -> list[dict[str, Any]]:  # Any: values of a template
    """What is due, with its row once the agreement is signed; before that what will be."""
    stored = list(agreement.clocks.order_by("due_on", "pk"))
    if stored:
        return [
            {
                "label": label_of(one.code),
                "due_on": one.due_on,
                "row": one,
                "can_be_done": one.code not in BY_THEMSELVES,
            }
            for one in stored
        ]
    return [
        {"label": label_of(one.code), "due_on": one.due_on, "length": one.length, "row": None}
        for one in clocks_of(agreement)
    ]


@requires(P.EDIT_AGREEMENTS)
@require_POST
def agreement_sign(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Everybody has signed."""
    agreement = _agreement_or_404(request, public_id)
    return act_and_go(
        request,
        lambda: services.sign_agreement(
            actor=request.actor,
            agreement=agreement,
            signed_on=_sent_day(request, "signed_on"),
            expected_version=version_of(request),
            today=clock.today(),
        ),
        _address(agreement),
    )


def _sent_day(request: StaffRequest, name: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise Refusal(_("Scrivi la data.")) from None


@requires(P.EDIT_AGREEMENTS)
@require_POST
def agreement_start(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The agreement runs from today on."""
    agreement = _agreement_or_404(request, public_id)
    return act_and_go(
        request,
        lambda: services.start_agreement(
            actor=request.actor,
            agreement=agreement,
            expected_version=version_of(request),
            today=clock.today(),
        ),
        _address(agreement),
    )


@requires(P.EDIT_AGREEMENTS)
@require_POST
def agreement_cancel(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Give up a draft."""
    agreement = _agreement_or_404(request, public_id)
    return act_and_go(
        request,
        lambda: services.cancel_agreement(
            actor=request.actor,
            agreement=agreement,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
        ),
        _address(agreement),
    )


@requires(P.EDIT_AGREEMENTS)
def agreement_amend(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A signed amendment."""
    agreement = _agreement_or_404(request, public_id)
    initial = {name: getattr(agreement, name) for name in AMENDABLE}
    form = AmendmentForm(data_of(request), initial=initial)

    def act() -> None:
        data = form.cleaned_data
        services.amend_agreement(
            actor=request.actor,
            agreement=agreement,
            signed_on=data["signed_on"],
            effective_on=data["effective_on"],
            terms=form.terms(),
            note=data["note"],
            expected_version=version_of(request),
            today=clock.today(),
        )

    lead = _(
        "Cambia solo i valori concordati. La modifica resta con il suo numero; le scadenze si riscrivono."
    )
    return _of_agreement(request, form, act, agreement, title=_("Modifica concordata"), lead=lead)


def _of_agreement(
    request: StaffRequest,
    form: Any,  # Any: one of our forms
    act: Any,  # Any: what the button does
    agreement: Agreement,
    **shown: Any,  # Any: values of a template
) -> HttpResponse:
    return form_page(
        request,
        form,
        act,
        back=_address(agreement),
        breadcrumb=_crumbs(agreement),
        version=agreement.version,
        **shown,
    )


@requires(P.EDIT_AGREEMENTS)
def agreement_register(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The registration of the contract."""
    agreement = _agreement_or_404(request, public_id)
    names = ["registered_on", "registration_office", "registration_code"]
    names += ["registration_series", "registration_number"]
    form = RegistrationForm(data_of(request), initial={name: getattr(agreement, name) for name in names})

    def act() -> None:
        services.register_agreement(
            actor=request.actor,
            agreement=agreement,
            facts=form.facts(),
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        )

    return _of_agreement(request, form, act, agreement, title=_("Registrazione"))


@requires(P.EDIT_AGREEMENTS)
def agreement_notice(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """A notice given or received."""
    agreement = _agreement_or_404(request, public_id)
    form = NoticeForm(data_of(request), initial={"notice_on": clock.today()})

    def act() -> None:
        services.give_notice(
            actor=request.actor,
            agreement=agreement,
            **form.cleaned_data,
            expected_version=version_of(request),
            today=clock.today(),
        )

    rule = note(type_rule(agreement))
    return _of_agreement(request, form, act, agreement, title=_("Disdetta"), rule=rule)


@requires(P.EDIT_AGREEMENTS)
@require_POST
def agreement_notice_back(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The notice was taken back."""
    agreement = _agreement_or_404(request, public_id)
    return act_and_go(
        request,
        lambda: services.take_back_notice(
            actor=request.actor,
            agreement=agreement,
            reason=request.POST.get("reason", ""),
            expected_version=version_of(request),
            today=clock.today(),
        ),
        _address(agreement),
    )


@requires(P.EDIT_AGREEMENTS)
def agreement_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The agreement is over."""
    agreement = _agreement_or_404(request, public_id)
    initial = {"ended_on": min(agreement.last_on or clock.today(), clock.today()), "reason": "term"}
    if agreement.notice_reason:
        initial["reason"] = agreement.notice_reason
    form = EndForm(data_of(request), initial=initial)

    def act() -> None:
        services.end_agreement(
            actor=request.actor,
            agreement=agreement,
            **form.cleaned_data,
            expected_version=version_of(request),
            today=clock.today(),
        )

    lead = _("Le case si restituiscono dopo, una per una, quando non ci abita più nessuno.")
    return _of_agreement(request, form, act, agreement, title=_("Fine dell'accordo"), lead=lead)


@requires(P.EDIT_AGREEMENTS)
def agreement_deposit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The deposit that came back from the owner."""
    agreement = _agreement_or_404(request, public_id)
    form = DepositForm(data_of(request), initial={"back_cents": agreement.deposit_cents})

    def act() -> None:
        services.settle_deposit(
            actor=request.actor,
            agreement=agreement,
            **form.cleaned_data,
            expected_version=version_of(request),
        )

    lead = _("Il deposito versato era di %(sum)s.") % {"sum": show_euros(agreement.deposit_cents)}
    return _of_agreement(request, form, act, agreement, title=_("Deposito"), lead=lead)


@requires(P.EDIT_AGREEMENTS)
def agreement_share(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The share of one owner."""
    agreement = _agreement_or_404(request, public_id)
    initial = {"owner": agreement.owner, "starts_on": agreement.starts_on}
    form = ShareForm(data_of(request), actor=request.actor, agreement=agreement, initial=initial)

    def act() -> None:
        services.record_ownership(actor=request.actor, agreement=agreement, **form.cleaned_data)

    lead = _("Le quote di una casa insieme non superano l'intero.")
    return _of_agreement(request, form, act, agreement, title=_("Quota di un proprietario"), lead=lead)


@requires(P.EDIT_AGREEMENTS)
def clock_done(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Something due was done, with its receipt."""
    rows = AgreementClock.objects.visible_to(request.actor).select_related(
        "agreement__building__municipality__province"
    )
    row: AgreementClock = get_object_or_404(rows, public_id=public_id)
    form = ClockForm(data_of(request), request.FILES or None, initial={"done_on": clock.today()})
    title = label_of(row.code)

    def act() -> None:
        data = form.cleaned_data
        services.complete_clock(
            actor=request.actor,
            clock=row,
            done_on=data["done_on"],
            reference=data["reference"],
            expected_version=version_of(request),
            now=clock.now(),
            today=clock.today(),
        )
        if data["receipt"]:
            _keep_receipt(request, row.agreement, data["receipt"], title)

    lead = _("Entro il %(day)s.") % {"day": f"{row.due_on:%d/%m/%Y}"}
    return form_page(
        request,
        form,
        act,
        title=title,
        lead=lead,
        back=_address(row.agreement),
        breadcrumb=_crumbs(row.agreement),
        version=row.version,
    )


def _keep_receipt(request: StaffRequest, agreement: Agreement, upload: Any, title: str) -> None:
    attach_file(
        actor=request.actor,
        subject=AGREEMENT_FILES,
        found=agreement,
        subject_id=agreement.public_id,
        facts=DocumentFacts(DocumentKind.RECEIPT, _("Ricevuta: %(what)s") % {"what": title}),
        stream=upload,
        size=upload.size,
    )


@requires(P.EDIT_AGREEMENTS)
def home_return(request: StaffRequest, public_id: UUID, home_id: UUID) -> HttpResponse:
    """Give one home back to its owner."""
    agreement = _agreement_or_404(request, public_id)
    home = _home_or_404(request, home_id)
    form = HandBackForm(data_of(request), initial={"given_on": clock.today()})

    def act() -> None:
        services.give_back_home(
            actor=request.actor,
            agreement=agreement,
            dwelling=home,
            **form.cleaned_data,
            today=clock.today(),
        )

    lead = _("Da allora la casa non si può più abbinare. Si restituisce quando non ci abita più nessuno.")
    return _of_agreement(
        request, form, act, agreement, title=_("Restituisci %(home)s") % {"home": home}, lead=lead
    )
