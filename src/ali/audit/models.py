from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7


class AuditEvent(models.Model):
    """One thing that somebody did or read. Never changed, never deleted by the application."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    at = models.DateTimeField(_("quando"), auto_now_add=True, db_index=True)
    user_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True, db_index=True)
    role = models.CharField(max_length=40, blank=True)
    verb = models.CharField(_("che cosa"), max_length=60, db_index=True)
    is_read = models.BooleanField(default=False)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    reason = models.CharField(_("motivo"), max_length=1000, blank=True)
    details = models.JSONField(default=dict)

    class Privacy:
        hidden = ["user_id", "details", "reason"]
        shown = ["public_id", "at", "organisation_id", "role", "verb", "is_read", "object_type", "object_id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type}"


class AuditSubject(models.Model):
    """A person whom an event is about, by public id: «who has read this file?» is one look-up."""

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="subjects")
    person = models.UUIDField(db_index=True)

    class Privacy:
        hidden = ["person"]
        shown = ["event"]
