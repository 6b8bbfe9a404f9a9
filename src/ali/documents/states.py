"""What a file is, and who of those who see its record may open it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    PHOTO = "photo", _("foto")
    PLAN = "plan", _("planimetria")
    CERTIFICATE = "certificate", _("certificato")
    ACT = "act", _("atto o delibera")
    CONTRACT = "contract", _("contratto")
    REPORT = "report", _("verbale o relazione")
    QUOTE = "quote", _("preventivo")
    INVOICE = "invoice", _("fattura o ricevuta")
    RECEIPT = "receipt", _("ricevuta di una comunicazione")
    OTHER = "other", _("altro")


class Audience(models.TextChoices):
    BODY = "body", _("solo il nostro ente")
    NETWORK = "network", _("chi vede questa scheda")
