from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from ali.accounts.access import requires, signed_in
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock, spreadsheets
from ali.core.once import repeatable
from ali.core.pages import page
from ali.core.paging import take_page
from ali.deadlines.models import Deadline, DeadlineKind
from ali.desk import exits as exit_page
from ali.desk import homes_by_role, persons, searches
from ali.desk.deadlines import due_rows
from ali.desk.exits import PAGE, by_day, exit_rows
from ali.desk.filters import DATING, ExitFilter
from ali.desk.navigation import SEARCHED
from ali.people.models import Person
from ali.reception.models import Exit
from ali.work.queries import with_sight

PRINTED, EXPORTED = 500, 5000
WHENS = [("", _lazy("tutte")), ("late", _lazy("già scadute")), ("next", _lazy("da oggi in poi"))]
BOUNDS = {"late": "due_on__lt", "next": "due_on__gte"}
SHOWN_FILTERS = ("days", "help", "gap", "municipality")


def _active_filters(request: HttpRequest, filters: ExitFilter) -> list[dict[str, str]]:
    """Return the filters in force, each with the address that takes it away."""
    active = []
    for name in request.GET:
        if name in {"page", "days", "dating"} or not request.GET[name] or name not in filters.filters:
            continue
        query = request.GET.copy()
        del query[name]
        bound = filters.form[name]
        choices = dict(getattr(bound.field, "choices", []))
        value = choices.get(request.GET[name], request.GET[name])
        active.append(
            {"label": f"{bound.label}: {value}", "remove_url": f"{request.path}?{query.urlencode()}"}
        )
    return active


@signed_in
def home(request: StaffRequest) -> HttpResponse:
    """The day's work of the actor's role."""
    context = homes_by_role.context_for(request.actor, clock.today())
    if named := [row.person.public_id for row in context["deadlines"] or () if row.person]:
        audit.record_read(request.actor, "deadlines_read", persons=named)
    return page(request, "desk/home.html", **context)


def _filtered(request: StaffRequest) -> ExitFilter:
    exits = Exit.objects.visible_to(request.actor).open()
    return ExitFilter(request.GET, exits, today=clock.today(), actor=request.actor)


def _tabs(request: HttpRequest, filters: ExitFilter) -> list[dict[str, object]]:
    """Return the ways of seeing the list: exits with a date and expected ones are kept apart."""
    current = filters.form["dating"].value()
    tabs = []
    for value, label in DATING:
        query = request.GET.copy()
        query["dating"] = value
        query.pop("page", None)
        tabs.append(
            {"label": label, "href": f"{request.path}?{query.urlencode()}", "current": value == current}
        )
    return tabs


@requires(P.SET_SOLUTIONS)
def exit_list(request: StaffRequest) -> HttpResponse:
    """Who leaves, when, what each still lacks, who follows and what is next."""
    filters = _filtered(request)
    shown = take_page(request, by_day(filters.qs), size=PAGE)
    rows = exit_rows(shown.rows, clock.today())
    audit.record_read(request.actor, "exit_list_read", persons=[row.exit.person.public_id for row in rows])
    return page(
        request,
        "desk/exit_list.html",
        fragment="results",
        rows=rows,
        shown_filters=[filters.form[name] for name in SHOWN_FILTERS],
        active=_active_filters(request, filters),
        tabs=_tabs(request, filters),
        dating=filters.form["dating"].value(),
        todo=filters.form["todo"].value(),
        shown=shown,
        query=request.GET.urlencode(),
        may_export=request.actor.may(P.EXPORT),
        wide=True,
    )


@requires(P.SET_SOLUTIONS)
def exit_list_print(request: StaffRequest) -> HttpResponse:
    """The same list on A4, without pages."""
    turn = list(by_day(_filtered(request).qs)[: PRINTED + 1])
    rows, more = exit_rows(turn[:PRINTED], clock.today()), len(turn) > PRINTED
    audit.record_read(request.actor, "exit_list_printed", persons=[row.exit.person.public_id for row in rows])
    return page(request, "desk/exit_list_print.html", rows=rows, more=more, today=clock.today())


@requires(P.EXPORT, also=P.SET_SOLUTIONS)
@require_POST
def exit_list_export(request: StaffRequest) -> HttpResponse:
    """The same list as XLSX: a right of its own, with the reason typed and logged."""
    reason = request.POST.get("reason", "").strip()
    if len(reason) < 5:
        messages.error(request, _("Scrivi perché esporti l'elenco: il motivo resta nel registro."))
        return HttpResponseRedirect(f"{reverse('desk:exit_list')}?{request.GET.urlencode()}")
    rows = exit_rows(list(by_day(_filtered(request).qs)[:EXPORTED]), clock.today())
    audit.record(
        request.actor,
        "exit_list_exported",
        persons=[row.exit.person.public_id for row in rows],
        reason=reason,
        rows=len(rows),
    )
    content = spreadsheets.workbook(
        _("Uscite"),
        [str(column) for column in exit_page.EXPORT_COLUMNS],
        (exit_page.export_row(row) for row in rows),
        notes=[
            _("Esportato il %(day)s da %(who)s. Motivo: %(why)s")
            % {"day": clock.today(), "who": request.actor.name, "why": reason}
        ],
    )
    return spreadsheets.download(content, f"uscite-{clock.today():%Y%m%d}")


@requires(P.SEE_PEOPLE)
def person(request: StaffRequest, public_id: str) -> HttpResponse:
    """One person on one page: header, timeline, Abitare, Lavorare, Integrarsi."""
    today = clock.today()
    seen = Person.objects.visible_to(request.actor, today).select_related("household", "case")
    found = get_object_or_404(with_sight(seen, request.actor, today), public_id=public_id)
    audit.record_read(request.actor, "person_read", found, persons=[found.public_id])
    return page(request, "desk/person.html", wide=True, **persons.context_for(request.actor, found, today))


@requires(P.EXPORT, also=P.SEE_PEOPLE)
@require_POST
def person_export(request: StaffRequest, public_id: str) -> HttpResponse:
    """The same page as XLSX: a right of its own, with the reason typed and logged."""
    found = get_object_or_404(
        Person.objects.visible_to(request.actor).select_related("household", "case"), public_id=public_id
    )
    reason = request.POST.get("reason", "").strip()
    if len(reason) < 5:
        messages.error(request, _("Scrivi perché esporti la scheda: il motivo resta nel registro."))
        return HttpResponseRedirect(reverse("desk:person", args=[found.public_id]))
    audit.record(request.actor, "person_exported", found, persons=[found.public_id], reason=reason)
    known = persons.context_for(request.actor, found, clock.today())
    notes = [
        _("Esportato il %(day)s da %(who)s. Motivo: %(why)s")
        % {"day": clock.today(), "who": request.actor.name, "why": reason}
    ]
    if found.is_invented:
        notes.append(_("Dati di esempio: persone inventate"))
    content = spreadsheets.workbook(
        _("Scheda"), [_("Che cosa"), _("Valore")], persons.sheet_rows(known), notes=notes
    )
    return spreadsheets.download(content, f"scheda-{clock.today():%Y%m%d}")


@requires(P.SEE_PEOPLE)
def person_print(request: StaffRequest, public_id: str) -> HttpResponse:
    """The same page on A4."""
    found = get_object_or_404(
        Person.objects.visible_to(request.actor).select_related("household", "case"), public_id=public_id
    )
    audit.record_read(request.actor, "person_printed", found, persons=[found.public_id])
    return page(request, "desk/person_print.html", **persons.context_for(request.actor, found, clock.today()))


@requires(*SEARCHED)
@repeatable
def search(request: StaffRequest) -> HttpResponse:
    """Names, identifiers, addresses: words arrive by POST and enter neither history nor logs."""
    words = request.POST.get("q", "").strip()[:100] if request.method == "POST" else ""
    found = searches.search(request.actor, words)
    if found.persons:
        audit.record_read(request.actor, "search_read", persons=[row.public_id for row in found.persons])
    return page(request, "desk/search.html", fragment="results", found=found, search_query=words)


@requires(P.SEE_DEADLINES)
def deadline_list(request: StaffRequest) -> HttpResponse:
    """Every clock of the actor's body on one board, by day."""
    today = clock.today()
    kind, when = request.GET.get("kind", ""), request.GET.get("when", "")
    due = Deadline.objects.visible_to(request.actor).open().filter(due_on__lte=today + timedelta(days=120))
    if when in BOUNDS:
        due = due.filter(**{BOUNDS[when]: today})
    if kind in DeadlineKind.values:
        due = due.filter(kind=kind)
    shown = take_page(request, due.order_by("due_on", "pk"))
    audit.record_read(
        request.actor, "deadlines_read", persons=[row.person for row in shown.rows if row.person]
    )
    return page(
        request,
        "desk/deadline_list.html",
        fragment="results",
        rows=due_rows(request.actor, shown.rows, today),
        shown=shown,
        kind=kind,
        when=when,
        whens=WHENS,
        kinds=DeadlineKind.choices,
    )
