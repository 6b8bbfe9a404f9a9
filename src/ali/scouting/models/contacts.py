from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.organisations.models import Organisation
from ali.scouting.models.leads import Lead
from ali.scouting.models.owners import Owner
from ali.scouting.querysets import CampaignQuerySet
from ali.scouting.states import CampaignState, Channel, Outcome


class Campaign(Record):
    """A letter to some owners: its text with blanks, who gets it, how they answered."""

    kept_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="campaigns")
    title = models.CharField(_("nome della campagna"), max_length=120)
    subject = models.CharField(_("oggetto della lettera"), max_length=150)
    text = models.TextField(_("testo della lettera"))
    state = models.CharField(_("stato"), max_length=6, choices=CampaignState, default=CampaignState.DRAFT)
    sent_on = models.DateField(_("spedita il"), null=True, blank=True)
    call_by = models.DateField(_("richiamare entro il"), null=True, blank=True)

    objects = models.Manager.from_queryset(CampaignQuerySet)()

    class Meta:
        verbose_name = _("campagna")
        verbose_name_plural = _("campagne")

    class Privacy:
        hidden = ["text", "subject", "title"]
        shown = ["public_id", "version", "created_at", "changed_at", "kept_by", "state", "sent_on", "call_by"]

    def __str__(self) -> str:
        return self.title


class OwnerContact(Record):
    """A call, a letter or a meeting with an owner, what came of it and what comes next."""

    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="contacts")
    lead = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, blank=True, related_name="contacts")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="contacts"
    )
    channel = models.CharField(_("come"), max_length=7, choices=Channel)
    on = models.DateField(_("giorno"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("com'è andata"), max_length=11, choices=Outcome)
    notes = models.TextField(_("note"), blank=True)
    next_step = models.CharField(_("prossimo passo"), max_length=150, blank=True)
    next_on = models.DateField(_("entro il"), null=True, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("contatto")
        verbose_name_plural = _("contatti")

    class Privacy:
        hidden = ["owner", "notes", "next_step"]
        shown = ["public_id", "version", "created_at", "changed_at", "lead", "campaign", "channel", "on"]
        shown += ["by", "outcome", "next_on"]


class Recipient(models.Model):
    """An owner who gets the letter of a campaign, about which empty home if one is meant."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recipients")
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="letters")
    lead = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "owner"], name="owner_gets_one_letter_a_campaign"),
        ]

    class Privacy:
        hidden = ["owner"]
        shown = ["campaign", "lead"]
