from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ali.accounts.access import requires
from ali.accounts.actors import StaffRequest
from ali.accounts.roles import Permission as P
from ali.audit import services as audit
from ali.core import clock
from ali.core.decisions import Refusal
from ali.core.pages import page, version_of
from ali.core.uploads import refused_upload_of
from ali.documents import permissions, services
from ali.documents.checking import EXTENSIONS
from ali.documents.forms import DocumentForm
from ali.documents.models import Document
from ali.documents.subjects import Found, Subject, found_or_404


@requires(P.ATTACH_FILES)
def document_add(request: StaffRequest, kind: str, public_id: UUID) -> HttpResponse:
    """Attach a file to a record."""
    subject, found = found_or_404(request.actor, kind, public_id)
    may_add = permissions.may_attach_file(request.actor, subject, found)
    if not may_add:
        raise Http404
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if refused_upload_of(request):
            form.errors.pop("file", None)
            form.add_error("file", _("Il file è troppo grande: al massimo 12 MB."))
        if form.is_valid() and _attach(request, subject, found, public_id, form):
            return HttpResponseRedirect(subject.address(found))
    return page(
        request,
        "documents/document_add.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        subject=subject,
        found=found,
        back=subject.address(found),
        breadcrumb=[
            {"label": str(found), "url": subject.address(found)},
            {"label": _("Aggiungi un file"), "url": ""},
        ],
    )


def _attach(
    request: StaffRequest, subject: Subject, found: Found, public_id: UUID, form: DocumentForm
) -> bool:
    upload = form.cleaned_data["file"]
    try:
        services.attach_file(
            actor=request.actor,
            subject=subject,
            found=found,
            subject_id=public_id,
            facts=form.facts(),
            stream=upload,
            size=upload.size,
        )
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return False
    messages.info(request, _("Il file è nella scheda."))
    return True


def _readable_or_404(request: StaffRequest, public_id: UUID) -> tuple[Subject, Found, Document]:
    document = get_object_or_404(
        Document.objects.readable_by(request.actor), public_id=public_id, withdrawn_at__isnull=True
    )
    subject, found = found_or_404(request.actor, document.subject_kind, document.subject)
    return subject, found, document


@requires(P.SEE_FILES)
@require_GET
def document_open(request: StaffRequest, public_id: UUID) -> FileResponse:
    """The file itself: a picture opens in the page, everything else is saved."""
    subject, found, document = _readable_or_404(request, public_id)
    persons = subject.persons(found)
    if persons:
        audit.record_read(request.actor, "file_read", persons=persons)
    name = f"{slugify(document.title)[:60] or 'documento'}.{EXTENSIONS[document.media_type]}"
    answer = FileResponse(
        document.file.open("rb"),
        as_attachment=not document.is_picture,
        filename=name,
        content_type=document.media_type,
    )
    return _harmless(answer)


def _harmless(answer: FileResponse) -> FileResponse:
    """Somebody's file never runs as a page of ours."""
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@requires(P.SEE_FILES)
@require_GET
def document_thumbnail(request: StaffRequest, public_id: UUID) -> FileResponse:
    """The small picture of a photo, for lists of files."""
    _subject, _found, document = _readable_or_404(request, public_id)
    if not document.thumbnail:
        raise Http404
    return _harmless(FileResponse(document.thumbnail.open("rb"), content_type="image/jpeg"))


@requires(P.ATTACH_FILES)
@require_POST
def document_withdraw(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a file away from its record, with a reason."""
    subject, found, document = _readable_or_404(request, public_id)
    try:
        services.withdraw_file(
            actor=request.actor,
            subject=subject,
            found=found,
            document=document,
            reason=request.POST.get("reason", ""),
            now=clock.now(),
            expected_version=version_of(request),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(subject.address(found))
