"""Attaching files to records and withdrawing them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.utils.translation import gettext as _
from uuid6 import uuid7

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.documents import permissions
from ali.documents.checking import clean_file
from ali.documents.models import Document
from ali.documents.states import Audience
from ali.documents.subjects import Found, Subject


class AlreadyAttached(Refusal):
    """The same file is already there."""


class NoReason(Refusal):
    """A file is withdrawn with a reason."""


@dataclass(frozen=True)
class DocumentFacts:
    """What a file is: its kind, title, date, and who of those who see the record may open it."""

    kind: str
    title: str
    audience: str = Audience.BODY
    issued_on: date | None = None


def attach_file(
    *,
    actor: Actor,
    subject: Subject,
    found: Found,
    subject_id: UUID,
    facts: DocumentFacts,
    stream: BinaryIO,
    size: int,
) -> Document:
    """Check, clean and keep a file of a record. Nothing stays on the disk when the row cannot be written."""
    permissions.may_attach_file(actor, subject, found).or_refuse()
    clean = clean_file(stream, size=size)
    document = Document(
        subject_kind=subject.kind,
        subject=subject_id,
        organisation_id=actor.body,
        kind=facts.kind,
        title=facts.title.strip(),
        audience=facts.audience,
        issued_on=facts.issued_on,
        media_type=clean.media_type,
        size=len(clean.content),
        sha256=clean.sha256,
        added_by_id=actor.signer,
    )
    document.file.save(f"{uuid7().hex}.{clean.extension}", ContentFile(clean.content), save=False)
    if clean.thumbnail:
        document.thumbnail.save(f"{uuid7().hex}.jpg", ContentFile(clean.thumbnail), save=False)
    try:
        with atomic():
            document.save()
            audit.record(actor, "file_attached", document, kind=document.kind, persons=subject.persons(found))
    except IntegrityError as problem:
        _forget_files(document)
        raise AlreadyAttached(_("Questo file c'è già: non serve caricarlo di nuovo.")) from problem
    except Exception:
        _forget_files(document)
        raise
    return document


def _forget_files(document: Document) -> None:
    document.file.storage.delete(document.file.name)
    if document.thumbnail:
        document.thumbnail.storage.delete(document.thumbnail.name)


@atomic
def withdraw_file(
    *,
    actor: Actor,
    subject: Subject,
    found: Found,
    document: Document,
    reason: str,
    now: datetime,
    expected_version: int,
) -> Document:
    """Take a file away from its record; it stays in the archive with who withdrew it and why."""
    permissions.may_withdraw_file(actor, subject, found, document).or_refuse()
    if not reason.strip():
        raise NoReason(_("Scrivi perché ritiri il documento."))
    document.withdrawn_by_id, document.withdrawn_at = actor.signer, now
    document.withdrawn_reason = reason.strip()[:300]
    document.save_if_unchanged(expected_version)
    audit.record(actor, "file_withdrawn", document, kind=document.kind, persons=subject.persons(found))
    return document
