"""Code lists of owners (domain reference 4.2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OwnerKind(models.TextChoices):
    PERSON = "person", _("persona")
    COMPANY = "company", _("impresa")
    PUBLIC = "public", _("ente pubblico")
    CHURCH = "church", _("ente religioso")
    ASSOCIATION = "association", _("ente del terzo settore")
