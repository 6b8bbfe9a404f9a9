"""Code lists of work."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobKind(models.TextChoices):
    PERMANENT = "permanent", _("tempo indeterminato")
    FIXED_TERM = "fixed_term", _("tempo determinato")
    SEASONAL = "seasonal", _("stagionale")
    APPRENTICESHIP = "apprenticeship", _("apprendistato")
    TRAINEESHIP = "traineeship", _("tirocinio")
    AGENCY = "agency", _("somministrazione")
    DOMESTIC = "domestic", _("lavoro domestico")
    OTHER = "other", _("altro reddito")
