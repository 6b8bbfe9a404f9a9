from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.pages import page
from ali.core.paging import take_page
from ali.desk import audit_log
from ali.desk.audit_forms import LogFilter
from ali.people.models import Person


@requires(P.SEE_AUDIT)
def event_list(request: StaffRequest) -> HttpResponse:
    """What the people of the own body did and read. Reading it is itself recorded."""
    today = clock.today()
    form = LogFilter(request.GET, actor=request.actor)
    events = audit_log.events_visible_to(request.actor, today).filter(**form.conditions())
    slice_ = take_page(request, events.order_by("-at", "-pk"))
    hidden = audit_log.hidden_persons(request.actor, today)
    audit.record_read(request.actor, "audit_log_read")
    return page(
        request,
        "desk/event_list.html",
        fragment="results",
        form=form,
        active=_active(request, form),
        slice=slice_,
        lines=audit_log.lines(slice_.rows, request.actor, hidden=hidden),
    )


def _active(request: HttpRequest, form: LogFilter) -> list[dict[str, str]]:
    """The filters in force, each with the address that takes it away."""
    active = []
    for name, field in form.fields.items():
        if not request.GET.get(name) or name in form.errors:
            continue
        query = request.GET.copy()
        del query[name]
        value = form.cleaned_data[name]
        words = dict(getattr(field, "choices", [])).get(value, value) if name in {"verb", "kind"} else value
        active.append(
            {"label": f"{field.label}: {words}", "remove_url": f"{request.path}?{query.urlencode()}"}
        )
    return active


@requires(P.SEE_AUDIT, P.SEE_READERS)
def person_readers(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Who has opened or changed the file of a person, in every body."""
    person = get_object_or_404(audit_log.persons_whose_readers_show(request.actor), public_id=public_id)
    slice_ = take_page(request, audit_log.events_about(person).order_by("-at", "-pk"))
    audit.record_read(request.actor, "person_readers_read", person, persons=[person.public_id])
    return page(
        request,
        "desk/person_readers.html",
        fragment="results",
        name=_name(request, person),
        slice=slice_,
        lines=audit_log.lines(slice_.rows, request.actor),
    )


def _name(request: StaffRequest, person: Person) -> str:
    """The name for those who see the person; the number of the file for a data-protection officer."""
    if request.actor.may(P.SEE_PEOPLE):
        return person.display_name
    return _("scheda %(number)s") % {"number": person.public_id}
