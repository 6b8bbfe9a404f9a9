from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.documents.querysets import DocumentQuerySet
from ali.documents.states import Audience, DocumentKind
from ali.organisations.models import Organisation


class Document(Record):
    """A file of a record, named by kind and public id. It is never overwritten: a wrong one is withdrawn with a reason."""

    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("che cos'è"), max_length=12, choices=DocumentKind)
    audience = models.CharField(_("chi lo vede"), max_length=8, choices=Audience, default=Audience.BODY)
    title = models.CharField(_("titolo"), max_length=150)
    file = models.FileField(upload_to="documents/%Y/%m", max_length=200)
    thumbnail = models.FileField(upload_to="documents/%Y/%m", max_length=200, blank=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    issued_on = models.DateField(_("data del documento"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = models.Manager.from_queryset(DocumentQuerySet)()

    class Meta:
        verbose_name = _("documento")
        verbose_name_plural = _("documenti")
        indexes = [models.Index(fields=["subject_kind", "subject"], name="document_by_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject", "sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="file_is_attached_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="document_withdrawn_by_somebody",
            ),
        ]

    class Privacy:
        hidden = ["title", "file", "thumbnail", "sha256", "withdrawn_reason", "subject"]
        shown = ["public_id", "version", "created_at", "changed_at", "subject_kind", "organisation", "kind"]
        shown += ["audience", "media_type", "size", "issued_on", "added_by", "withdrawn_by", "withdrawn_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")
