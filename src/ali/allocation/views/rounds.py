from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.allocation import permissions, services, wording
from ali.allocation.forms import RoundForm
from ali.allocation.models import Pin, Round, RoundEntry
from ali.allocation.queries import changed_share, criteria_in_force, members_seen, stopped_most
from ali.allocation.states import UNDECIDED, UNDER_WAY, Handling, Outcome, RoundState
from ali.allocation.tasks import solve_round
from ali.allocation.views.trying import what_if_form
from ali.audit import services as audit
from ali.core import clock, spreadsheets
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.people.models import Person
from ali.places.models import Province

PAGE = 25
SHOWN_ROUNDS = 30


def _provinces(request: StaffRequest) -> list[Province]:
    return list(Province.objects.filter(code__in=request.actor.provinces).order_by("name"))


@requires(P.RUN_ROUNDS)
def round_list(request: StaffRequest) -> HttpResponse:
    """The rounds of the actor's provinces, the latest first, and the form for a new one."""
    return _round_list(request, None)


def _round_list(request: StaffRequest, form: RoundForm | None) -> HttpResponse:
    provinces = _provinces(request)
    today = clock.today()
    rounds = (
        Round.objects.visible_to(request.actor)
        .select_related("province", "criteria", "asked_by")
        .defer("instance")
        .order_by("-pk")[:SHOWN_ROUNDS]
    )
    return page(
        request,
        "allocation/round_list.html",
        status=422 if form else 200,
        rounds=rounds,
        form=form or RoundForm(provinces=[(one.code, one.name) for one in provinces]),
        criteria=[{"province": one, "criteria": criteria_in_force(one.code, today)} for one in provinces],
    )


@requires(P.RUN_ROUNDS)
@require_POST
def round_open(request: StaffRequest) -> HttpResponse:
    """Ask for a round; the worker solves it, page open or not."""
    form = RoundForm(request.POST, provinces=[(one.code, one.name) for one in _provinces(request)])
    if not form.is_valid():
        return _round_list(request, form)
    province = form.cleaned_data["province"]
    solved = (
        Round.objects.visible_to(request.actor)
        .in_earnest()
        .filter(province=province, state=RoundState.SOLVED)
    )
    try:
        asked = services.open_round(
            actor=request.actor,
            province=province,
            window_days=form.cleaned_data["window_days"],
            today=clock.today(),
            previous=solved.order_by("-pk").first() if form.cleaned_data["stay_close"] else None,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("allocation:round_list"))
    solve_round.enqueue(asked.pk, request.actor.grant_key)
    return HttpResponseRedirect(reverse("allocation:round_detail", args=[asked.public_id]))


def round_or_404(request: StaffRequest, public_id: str) -> Round:
    """Return a round that the actor sees."""
    found: Round = get_object_or_404(
        Round.objects.visible_to(request.actor)
        .select_related("province", "criteria", "asked_by", "previous")
        .defer("instance", "previous__instance"),
        public_id=public_id,
    )
    return found


def _rows(request: StaffRequest, round_: Round, outcome: Outcome, part: slice) -> list[dict[str, Any]]:
    """Return a part of the entries with the members whom the actor sees now. Three queries."""
    entries = list(
        round_.entries.filter(outcome=outcome)
        .select_related(
            "household", "dwelling__building__municipality", "dwelling__manager", "suggested__building"
        )
        .order_by("-weight", "-persons", "pk")[part]
    )
    members = members_seen(request.actor, [entry.household_id for entry in entries], for_lists=True)
    pins: dict[tuple[int, int | None], Pin] = {
        (pin.household_id, pin.dwelling_id): pin
        for pin in Pin.objects.filter(household__in=[entry.household_id for entry in entries])
    }
    today = clock.today()
    return [
        _row(entry, members[entry.household_id], pins, today, is_trial=round_.is_trial)
        for entry in entries
        if entry.household_id in members
    ]


def _row(
    entry: RoundEntry,
    members: Sequence[Person],
    pins: Mapping[tuple[int, int | None], Pin],
    today: date,
    *,
    is_trial: bool,
) -> dict[str, Any]:
    stopped = wording.stopped_sentences(entry.stopped_by)
    was_moved = entry.engine_home != entry.dwelling_id
    solidity = None if was_moved else entry.solidity  # people chose that home: the trials were of another
    return {
        "entry": entry,
        "members": members,
        "is_open": entry.handling in UNDECIDED and not is_trial,
        "was_moved": was_moved,
        "solidity": solidity,
        "badge": wording.solidity_badge(solidity),
        "is_free_now": entry.free_on is not None and entry.free_on <= today,
        "pin": pins.get((entry.household_id, entry.dwelling_id)),
        "reasons": wording.reason_sentences(entry.reasons),
        "stopped": stopped,
        "stopped_most": stopped[0] if stopped else _("nessuna regola: i posti adatti sono andati ad altri"),
        "help": wording.help_sentence(entry.would_help),
    }


EVERY = slice(None)


def _context(request: StaffRequest, round_: Round, verb: str, part: slice) -> dict[str, Any]:
    proposed = _rows(request, round_, Outcome.PROPOSED, EVERY)
    not_housed = _rows(request, round_, Outcome.NOT_HOUSED, part)
    audit.record_read(
        request.actor,
        verb,
        round_,
        persons=[person.public_id for row in (*proposed, *not_housed) for person in row["members"]],
    )
    return {
        "round": round_,
        "proposed": proposed,
        "groups": wording.grouped_by_solidity(proposed),
        "solidity": wording.solidity_sentence(proposed),
        "not_housed": not_housed,
        "without": round_.without,
        "stopped": wording.stopped_households(stopped_most(round_)),
        "certificate": wording.certificate_sentence(round_.certificate),
        "certificate_rows": wording.certificate_rows(round_),
        "moves": wording.moves_sentence(round_.certificate),
        "rules": wording.rule_rows(round_.rules),
        "is_simulation": not round_.criteria.is_approved,
        "is_solved": round_.state == RoundState.SOLVED,
        **_changed(round_),
    }


def _changed(round_: Round) -> dict[str, Any]:
    """Count the suggestions that people followed, changed or set aside."""
    share = changed_share(round_)
    changed = share[Handling.CHANGED] + share[Handling.EXCHANGED] + share[Handling.SET_ASIDE]
    decided = share[Handling.PUT_FORWARD] + changed
    return {
        "decided": decided,
        "changed": changed,
        "changed_percent": round(100 * changed / decided) if decided else 0,
        "still_open": share[Handling.OPEN],
    }


@requires(P.RUN_ROUNDS)
def round_detail(request: StaffRequest, public_id: str) -> HttpResponse:
    """What the engine proposes and why; for who has no home, what stopped most homes and what would help."""
    round_ = round_or_404(request, public_id)
    number = _number(request)
    part = slice((number - 1) * PAGE, number * PAGE)
    latest = (
        Round.objects.visible_to(request.actor)
        .in_earnest()
        .filter(province=round_.province_id, state=RoundState.SOLVED, pk__gt=round_.pk)
    )
    url = reverse("allocation:round_detail", args=[round_.public_id])
    context = _context(request, round_, "round_read", part)
    return page(
        request,
        "allocation/round_detail.html",
        fragment="not_housed",
        wide=True,
        breadcrumb=[
            {"label": _("Abbinamenti"), "url": reverse("allocation:round_list")},
            {"label": _("Giro del %(day)s") % {"day": f"{round_.day:%d/%m/%Y}"}, "url": ""},
        ],
        what_if=what_if_form(context["proposed"]),
        homes_url=f"{reverse('housing:free_bed_list')}?days={round_.window_days}",
        is_under_way=round_.state in UNDER_WAY,
        newer=latest.defer("instance").order_by("-pk").first(),
        number=number,
        previous_url=f"{url}?page={number - 1}" if number > 1 else "",
        next_url=f"{url}?page={number + 1}" if round_.households - round_.housed > number * PAGE else "",
        may_export=bool(permissions.may_export_round(request.actor)),
        **_progress(round_),
        **context,
    )


def _number(request: StaffRequest) -> int:
    asked = request.GET.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def _progress(round_: Round) -> dict[str, Any]:
    """Return what the component `progress` takes."""
    states = {RoundState.SOLVED: "done", RoundState.FAILED: "failed", RoundState.CANCELLED: "cancelled"}
    note = round_.progress_note if round_.state == RoundState.RUNNING else ""
    if round_.state == RoundState.QUEUED:
        note = _(
            "In coda: parte appena il processo di calcolo è libero. Puoi chiudere la pagina, il giro va avanti."
        )
    return {"progress_state": states.get(RoundState(round_.state), "running"), "progress_note": note}


@requires(P.RUN_ROUNDS)
def round_progress(request: StaffRequest, public_id: str) -> HttpResponse:
    """How far a round is; asked again by the page until it ends."""
    round_ = round_or_404(request, public_id)
    response = page(request, "allocation/_round_progress.html", round=round_, **_progress(round_))
    if round_.state not in UNDER_WAY:
        response.headers["HX-Redirect"] = reverse("allocation:round_detail", args=[round_.public_id])
    return response


@requires(P.RUN_ROUNDS)
@require_POST
def round_cancel(request: StaffRequest, public_id: str) -> HttpResponse:
    """Stop a round that waits or runs."""
    round_ = round_or_404(request, public_id)
    try:
        services.cancel_round(actor=request.actor, round_=round_, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("allocation:round_detail", args=[round_.public_id]))


@requires(P.RUN_ROUNDS)
def round_print(request: StaffRequest, public_id: str) -> HttpResponse:
    """The round on A4."""
    context = _context(request, round_or_404(request, public_id), "round_printed", EVERY)
    return page(request, "allocation/round_print.html", **context)


COLUMNS = [
    _lazy("Persone"),
    _lazy("Componenti"),
    _lazy("Esito"),
    _lazy("Casa"),
    _lazy("Comune"),
    _lazy("Ente della casa"),
    _lazy("Fascia"),
    _lazy("Ragioni o regole"),
    _lazy("Che cosa aiuterebbe"),
    _lazy("Decisione"),
    _lazy("Motivo"),
]


@requires(P.RUN_ROUNDS)
@require_POST
def round_export(request: StaffRequest, public_id: str) -> HttpResponse:
    """The round as XLSX: a right of its own, with the reason typed and logged."""
    permissions.may_export_round(request.actor).or_refuse()
    round_, reason = round_or_404(request, public_id), request.POST.get("reason", "").strip()
    if len(reason) < 5:
        messages.error(request, _("Scrivi perché esporti il giro: il motivo resta nel registro."))
        return HttpResponseRedirect(reverse("allocation:round_detail", args=[round_.public_id]))
    rows = [row for outcome in Outcome for row in _rows(request, round_, outcome, EVERY)]
    persons = [person.public_id for row in rows for person in row["members"]]
    audit.record(request.actor, "round_exported", round_, persons=persons, reason=reason, rows=len(rows))
    notes = [_("Simulazione: nessun atto ha approvato i criteri.")] if not round_.criteria.is_approved else []
    content = spreadsheets.workbook(
        _("Giro"), [str(column) for column in COLUMNS], (_exported(row) for row in rows), notes=notes
    )
    return spreadsheets.download(content, f"giro-{round_.day:%Y%m%d}")


def _exported(row: dict[str, Any]) -> list[Any]:
    entry: RoundEntry = row["entry"]
    home = entry.dwelling
    return [
        "; ".join(person.display_name for person in row["members"]),
        entry.persons,
        entry.get_outcome_display(),
        str(home) if home else "",
        home.building.municipality.name if home else "",
        str(home.manager) if home else "",
        wording.band_name(entry.band),
        "; ".join([reason["sentence"] for reason in row["reasons"]] or row["stopped"]),
        row["help"] if not home else "",
        entry.get_handling_display(),
        entry.handling_reason,
    ]


@requires(P.PUT_FORWARD)
@require_POST
def entry_set_aside(request: StaffRequest, public_id: str) -> HttpResponse:
    """Do not follow a suggestion of the round, with a reason."""
    entry = get_object_or_404(
        RoundEntry.objects.filter(round__in=Round.objects.visible_to(request.actor)).select_related("round"),
        public_id=public_id,
    )
    try:
        services.set_aside(
            actor=request.actor,
            entry=entry,
            expected_version=version_of(request),
            reason=request.POST.get("reason", ""),
        )
        messages.success(
            request, _("Segnato: il suggerimento non è stato seguito, e il motivo resta scritto.")
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("allocation:round_detail", args=[entry.round.public_id]))
