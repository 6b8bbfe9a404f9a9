from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.tenancies.papers import BY_KIND, papers_for, print_paper, subject_of
from ali.tenancies.queries import persons_seen
from ali.tenancies.views.tenancies import address, find_tenancy


@requires(P.EDIT_TENANCIES)
def paper(request: StaffRequest, public_id: UUID, kind: str) -> HttpResponse:
    """A paper of a tenancy as PDF, for whoever sees everybody in it."""
    tenancy = find_tenancy(request, public_id)
    if kind not in BY_KIND:
        raise Http404
    if BY_KIND[kind] not in papers_for(tenancy):
        messages.error(request, _("Questa carta non serve, o non ancora, a questo punto dell'affitto."))
        return HttpResponseRedirect(address(tenancy))
    subject = subject_of(tenancy, clock.today())
    ids = {person.pk for person in subject.persons}
    seen = persons_seen(request.actor, ids)
    if len(seen) < len(ids):
        messages.error(request, _("Di una delle persone non vedi il nome: la carta la stampa chi la segue."))
        return HttpResponseRedirect(address(tenancy))
    audit.record(
        request.actor, "tenancy_paper_made", tenancy, persons=[one.public_id for one in seen], paper=kind
    )
    made = print_paper(kind, subject, request.GET.get("lang", ""))
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{kind}.pdf"'
    return answer
