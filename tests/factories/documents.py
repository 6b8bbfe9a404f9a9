import io
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from PIL import Image

from ali.accounts.models import User
from ali.documents.models import Document
from ali.documents.states import Audience, DocumentKind
from tests.factories.accounts import UserFactory


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), exif: Image.Exif | None = None) -> bytes:
    """A small picture in memory."""
    stream = io.BytesIO()
    Image.new("RGB", size, (120, 90, 60)).save(stream, form, **({"exif": exif} if exif else {}))
    return stream.getvalue()


def document_of(kind: str, subject: UUID, organisation_id: int, **rest: Any) -> Document:
    """A photo of a record, open to the network unless told otherwise."""
    by: User = rest.pop("added_by", None) or UserFactory()
    content = rest.pop("content", picture())
    facts = {"kind": DocumentKind.PHOTO, "audience": Audience.NETWORK, "title": "Facciata", **rest}
    made = Document(
        subject_kind=kind,
        subject=subject,
        organisation_id=organisation_id,
        media_type="image/jpeg",
        size=len(content),
        sha256=str(hash(content)),
        added_by=by,
        **facts,
    )
    made.file.save("prova.jpg", ContentFile(content), save=False)
    made.thumbnail.save("prova-piccola.jpg", ContentFile(content), save=False)
    made.save()
    return made
