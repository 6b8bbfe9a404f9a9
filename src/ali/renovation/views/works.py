from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.core.paging import take_page
from ali.housing.models import Dwelling
from ali.renovation import permissions, services
from ali.renovation.forms import (
    OpenForm,
    PhaseForm,
    ProgrammeForm,
    StepForm,
    TitleForm,
    TitleStepForm,
    WorksForm,
)
from ali.renovation.gantt import draw
from ali.renovation.models import PhaseRow, Title, Works
from ali.renovation.queries import list_of, present_row, rows_of, safety_notice, titles_view
from ali.renovation.schedule import usual_plan
from ali.renovation.states import (
    BACKWARD_LABELS,
    PLANNED_PHASES,
    TITLE_TRANSITIONS,
    TITLE_VERBS,
    TITLE_VERBS_WITH_REASON,
    UNDER_WAY,
    WORKS_TRANSITIONS,
    Phase,
    StopReason,
    TitleKind,
    TitleState,
)
from ali.renovation.views.frame import back, breadcrumb, form_page, say_errors, tabs, take, works_or_404
from ali.rules.wording import note


@requires(P.SEE_WORKS)
def works_list(request: StaffRequest) -> HttpResponse:
    """The works of the body: those under way first by the day their homes are expected."""
    today = clock.today()
    asked = request.GET.get("quali", "in-corso")
    mine = Works.objects.visible_to(request.actor)
    counts = {
        "in-corso": mine.under_way().exclude(phase=Phase.SUSPENDED).count(),
        "fermi": mine.filter(phase=Phase.SUSPENDED).count(),
        "tutti": mine.count(),
    }
    chosen = {
        "in-corso": mine.under_way().exclude(phase=Phase.SUSPENDED),
        "fermi": mine.filter(phase=Phase.SUSPENDED),
        "tutti": mine,
    }.get(asked, mine.under_way())
    rows = take_page(
        request,
        chosen.select_related("building__municipality")
        .prefetch_related("phases", "stops", "dwellings")
        .order_by("ready_on", "pk"),
    )
    labels = {"in-corso": _("In corso"), "fermi": _("Sospesi"), "tutti": _("Tutti")}
    return page(
        request,
        "renovation/works_list.html",
        rows=list_of(rows.rows, today),
        slice=rows,
        tabs=[
            {
                "label": labels[key],
                "href": f"?quali={key}",
                "current": key == asked,
                "icon": "",
                "count": counts[key],
            }
            for key in labels
        ],
        may_open=permissions.may_open_works(request.actor),
        today=today,
    )


@requires(P.EDIT_WORKS)
def works_open(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Open works from the page of a home."""
    home = get_object_or_404(
        Dwelling.objects.visible_to(request.actor).select_related("building"), public_id=public_id
    )
    form = OpenForm(request.POST if request.method == "POST" else None, home=home)
    made: list[Works] = []

    def act() -> None:
        made.append(
            services.open_works(
                actor=request.actor,
                building=home.building,
                dwellings=list(form.cleaned_data["dwellings"]),
                facts=form.facts(),
                today=clock.today(),
            )
        )

    return form_page(
        request,
        form,
        act=act,
        answer=lambda: back(made[0], "works_programme"),
        title=_("Apri i lavori"),
        lead=str(home.building),
        crumbs=breadcrumb(last=_("Apri i lavori")),
        cancel=reverse("housing:home_detail", args=[home.public_id]),
        submit=_("Apri i lavori"),
    )


@requires(P.SEE_WORKS)
def works_detail(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Where the works are: programme, titles with their clocks, stops, papers."""
    works = works_or_404(request.actor, public_id)
    today = clock.today()
    rows = rows_of(works)
    may_edit = permissions.may_edit_works(request.actor, works)
    present = present_row(works)
    return page(
        request,
        "renovation/works_detail.html",
        works=works,
        breadcrumb=breadcrumb(works),
        tabs=tabs(works, "works_detail"),
        rows=[{"row": row, "late": row.is_late_on(today), "slip": _slip(row)} for row in rows],
        gantt=draw(rows, today),
        present=present,
        late_days=(today - present.planned_ends_on).days
        if present and present.planned_ends_on and present.is_late_on(today) and works.phase in UNDER_WAY
        else 0,
        titles=[
            {"view": one, "steps": _title_steps(one.title), "note": note(one.rule)}
            for one in titles_view(works, today)
        ],
        title_form=TitleForm(),
        missing_titles=[kind for kind in TitleKind if kind not in {one.kind for one in works.titles.all()}],
        safety=safety_notice(works, today),
        stops=works.stops.order_by("-stopped_on", "-pk"),
        homes=works.dwellings.select_related("building").order_by("label", "pk"),
        may_edit=may_edit,
        actions=_actions(works) if may_edit else None,
        today=today,
        wide=True,
    )


def _slip(row: PhaseRow) -> int:
    """By how many days the phase ends later than first planned."""
    last = row.ended_on or row.planned_ends_on
    return (last - row.first_ends_on).days if last and row.first_ends_on else 0


def _actions(works: Works) -> dict[str, Any]:  # Any: values of a template
    """What may happen to the works now."""
    state = Phase(works.phase)
    return {
        "next": services.next_phases(works),
        "back": [
            (verb, label) for verb, label in BACKWARD_LABELS.items() if WORKS_TRANSITIONS.can(verb, state)
        ],
        "suspend": bool(WORKS_TRANSITIONS.can("suspend", state)),
        "resume": bool(WORKS_TRANSITIONS.can("resume", state)),
        "abandon": bool(WORKS_TRANSITIONS.can("abandon", state)),
        "reasons": StopReason.choices,
    }


def _title_steps(title: Title) -> list[dict[str, Any]]:  # Any: values of a template
    return [
        {
            "verb": verb,
            "label": label,
            "asks_reason": verb in TITLE_VERBS_WITH_REASON,
            "asks_day": verb in {"file", "grant"},
            "asks_protocol": verb in {"file", "grant"},
        }
        for verb, label in TITLE_VERBS.items()
        if TITLE_TRANSITIONS.can(verb, TitleState(title.state))
    ]


@requires(P.EDIT_WORKS)
def works_edit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change what is written of works."""
    works = works_or_404(request.actor, public_id)
    initial = {name: getattr(works, name) for name in WorksForm.base_fields}
    form = WorksForm(request.POST if request.method == "POST" else None, initial=initial)
    return form_page(
        request,
        form,
        act=lambda: services.change_works(
            actor=request.actor,
            works=works,
            facts=form.facts(),
            expected_version=version_of(request),
            today=clock.today(),
        ),
        answer=lambda: back(works),
        title=_("Modifica i lavori"),
        crumbs=breadcrumb(works, _("Modifica")),
        cancel=reverse("renovation:works_detail", args=[public_id]),
        version=works.version,
    )


@requires(P.EDIT_WORKS)
def works_programme(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write the first programme: a day to begin and how long each phase takes."""
    works = works_or_404(request.actor, public_id)
    form = ProgrammeForm(
        request.POST if request.method == "POST" else None, initial={"starts_on": clock.today()}
    )
    return form_page(
        request,
        form,
        act=lambda: services.plan_all(
            actor=request.actor,
            works=works,
            spans=usual_plan(form.cleaned_data["starts_on"], form.days()),
            expected_version=version_of(request),
            today=clock.today(),
        ),
        answer=lambda: back(works),
        title=_("Programma dei lavori"),
        lead=_(
            "Quanti giorni dura ogni fase: poi ognuna si sposta da sola, e le case si aspettano alla fine."
        ),
        crumbs=breadcrumb(works, _("Programma")),
        cancel=reverse("renovation:works_detail", args=[public_id]),
        version=works.version,
        template="renovation/programme.html",
    )


@requires(P.EDIT_WORKS)
def phase_edit(request: StaffRequest, public_id: UUID, phase: str) -> HttpResponse:
    """Plan one phase."""
    works = works_or_404(request.actor, public_id)
    if phase not in [one.value for one in PLANNED_PHASES]:
        raise Http404
    row = PhaseRow.objects.get(works=works, phase=phase)
    form = PhaseForm(request.POST if request.method == "POST" else None, row=row)
    return form_page(
        request,
        form,
        act=lambda: services.plan_phase(
            actor=request.actor,
            works=works,
            phase=Phase(phase),
            expected_version=version_of(request),
            today=clock.today(),
            **form.cleaned_data,
        ),
        answer=lambda: back(works),
        title=_("Fase: %(phase)s") % {"phase": Phase(phase).label},
        lead=_("Se la fine si sposta, anche le case pronte si spostano: chi le aspetta viene avvisato."),
        crumbs=breadcrumb(works, str(Phase(phase).label)),
        cancel=reverse("renovation:works_detail", args=[public_id]),
        version=works.version,
    )


@requires(P.EDIT_WORKS)
@require_POST
def works_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Begin a phase, go back, suspend, resume, abandon."""
    works = works_or_404(request.actor, public_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return back(works)
    return take(request, lambda: _step(request, works, form.cleaned_data), back(works))


def _step(request: StaffRequest, works: Works, data: dict[str, Any]) -> Works:  # Any: cleaned data
    given = {
        "actor": request.actor,
        "works": works,
        "on": data["on"],
        "expected_version": version_of(request),
        "today": clock.today(),
    }
    verb = data["verb"]
    if verb in BACKWARD_LABELS:
        return services.step_back(verb=verb, reason=data["reason"], **given)
    if verb == "suspend":
        return services.suspend_works(reason=data["why"], note=data["reason"], **given)
    if verb == "resume":
        return services.resume_works(**given)
    if verb == "abandon":
        return services.abandon_works(reason=data["why"], note=data["reason"], **given)
    wanted = verb.removeprefix("begin_")
    if wanted not in Phase.values:
        raise Refusal(_("Questo passaggio non esiste."))
    return services.begin_phase(phase=Phase(wanted), skipped_because=data["reason"], **given)


@requires(P.EDIT_WORKS)
@require_POST
def title_add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add a title."""
    works = works_or_404(request.actor, public_id)
    form = TitleForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return back(works)
    return take(
        request,
        lambda: services.add_title(
            actor=request.actor, works=works, kind=form.cleaned_data["kind"], today=clock.today()
        ),
        back(works),
    )


@requires(P.EDIT_WORKS)
@require_POST
def title_step(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a title a step further."""
    title = get_object_or_404(
        Title.objects.visible_to(request.actor).select_related("works__building__municipality"),
        public_id=public_id,
    )
    form = TitleStepForm(request.POST)
    answer = HttpResponseRedirect(
        reverse("renovation:works_detail", args=[title.works.public_id]) + "#titoli"
    )
    if not form.is_valid():
        say_errors(request, form)
        return answer
    data = form.cleaned_data
    return take(
        request,
        lambda: services.take_title_step(
            actor=request.actor,
            title=title,
            verb=data["verb"],
            on=data["on"],
            protocol=data["protocol"],
            note=data["reason"],
            expected_version=version_of(request),
            today=clock.today(),
        ),
        answer,
    )
