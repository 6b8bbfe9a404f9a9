"""Letters to owners: who gets them, what they say, when they left."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadline
from ali.scouting import permissions
from ali.scouting.models import Campaign, Lead, Owner, OwnerContact, Recipient
from ali.scouting.states import CAMPAIGN_TRANSITIONS, CampaignState, Channel, Outcome

_BLANK = re.compile(r"\{(\w+)\}")
BLANKS = ("nome", "indirizzo", "comune", "ente", "data")
CALLS = gettext_noop("Richiamare i proprietari: %(title)s")


class NotALetter(Refusal):
    """The letter cannot be sent as it is."""


def _check(text: str) -> None:
    if unknown := sorted(set(_BLANK.findall(text)) - set(BLANKS)):
        raise NotALetter(
            _("Nel testo c'è {%(name)s}, che non esiste. Si possono usare: %(all)s.")
            % {"name": unknown[0], "all": ", ".join(f"{{{one}}}" for one in BLANKS)}
        )


@atomic
def add_campaign(*, actor: Actor, title: str, subject: str, text: str) -> Campaign:
    """Begin a campaign of the actor's body."""
    permissions.may_search_homes(actor).or_refuse()
    _check(subject + text)
    made = Campaign.objects.create(kept_by_id=actor.body, title=title, subject=subject, text=text)
    audit.record(actor, "campaign_added", made)
    return made


@atomic
def change_campaign(
    *, actor: Actor, campaign: Campaign, title: str, subject: str, text: str, expected_version: int
) -> Campaign:
    """Correct a letter that has not left yet."""
    permissions.may_edit_campaign(actor, campaign).or_refuse()
    _refuse_sent(campaign)
    _check(subject + text)
    campaign.title, campaign.subject, campaign.text = title, subject, text
    campaign.save_if_unchanged(expected_version)
    audit.record(actor, "campaign_changed", campaign)
    return campaign


def _refuse_sent(campaign: Campaign) -> None:
    if campaign.state != CampaignState.DRAFT:
        raise NotALetter(_("La lettera è già partita: per un altro testo prepara un'altra campagna."))


@atomic
def choose_recipients(
    *, actor: Actor, campaign: Campaign, leads: Sequence[Lead], expected_version: int
) -> int:
    """Make the owners of these leads the recipients, one letter each; return how many. Who asked for peace gets none."""
    permissions.may_edit_campaign(actor, campaign).or_refuse()
    _refuse_sent(campaign)
    campaign.save_if_unchanged(expected_version)
    chosen: dict[int, Lead] = {}
    for lead in leads:
        if lead.owner and lead.kept_by_id == actor.body and lead.owner.not_to_contact_since is None:
            chosen.setdefault(lead.owner.pk, lead)
    Recipient.objects.filter(campaign=campaign).delete()
    Recipient.objects.bulk_create(
        [Recipient(campaign=campaign, owner_id=owner, lead=lead) for owner, lead in chosen.items()]
    )
    audit.record(actor, "recipients_chosen", campaign, owners=len(chosen))
    return len(chosen)


@atomic
def send_campaign(
    *,
    actor: Actor,
    campaign: Campaign,
    call_by: date | None,
    expected_version: int,
    today: date,
) -> Campaign:
    """Say that the letters have left: each is on its owner's page, and the calls to follow are on the board."""
    permissions.may_edit_campaign(actor, campaign).or_refuse()
    after = CAMPAIGN_TRANSITIONS.after("send", CampaignState(campaign.state))
    Recipient.objects.filter(campaign=campaign, owner__not_to_contact_since__isnull=False).delete()
    letters = list(Recipient.objects.filter(campaign=campaign).order_by("pk"))
    if not letters:
        raise NotALetter(_("Scegli prima a chi scrivere."))
    if call_by and call_by < today:
        raise NotALetter(_("Il giorno entro cui richiamare è già passato."))
    campaign.state, campaign.sent_on, campaign.call_by = after, today, call_by
    campaign.save_if_unchanged(expected_version)
    OwnerContact.objects.bulk_create(
        [
            OwnerContact(
                owner_id=letter.owner_id,
                lead_id=letter.lead_id,
                campaign=campaign,
                channel=Channel.LETTER,
                on=today,
                by_id=actor.signer,
                outcome=Outcome.SENT,
            )
            for letter in letters
        ],
        batch_size=500,
    )
    if call_by:
        write_deadline(
            Due(
                kind=DeadlineKind.NEXT_STEP,
                source=_source(campaign),
                due_on=call_by,
                title=CALLS,
                words={"title": campaign.title},
                organisations=(campaign.kept_by_id,),
                url_name="scouting:campaign_detail",
                url_id=campaign.public_id,
            )
        )
    audit.record(actor, "campaign_sent", campaign, letters=len(letters))
    return campaign


def _source(campaign: Campaign) -> str:
    return f"scouting.campaign:{campaign.public_id}:calls"


@atomic
def close_campaign(*, actor: Actor, campaign: Campaign, expected_version: int, now: datetime) -> Campaign:
    """Say that nobody is to be called any more for it."""
    permissions.may_edit_campaign(actor, campaign).or_refuse()
    campaign.state = CAMPAIGN_TRANSITIONS.after("close", CampaignState(campaign.state))
    campaign.save_if_unchanged(expected_version)
    close_deadline(_source(campaign), now=now)
    audit.record(actor, "campaign_closed", campaign)
    return campaign


def letter_for(campaign: Campaign, owner: Owner, lead: Lead | None, body: str, day: date) -> tuple[str, str]:
    """Return subject and text with the blanks filled, in Italian: it is a letter, whoever prints it."""
    with override("it"):
        words: Mapping[str, str] = {
            "nome": owner.name,
            "indirizzo": lead.address if lead else owner.address,
            "comune": lead.municipality.name if lead else "",
            "ente": body,
            "data": date_format(day, "j F Y"),
        }
    return _fill(campaign.subject, words), _fill(campaign.text, words)


def _fill(text: str, words: Mapping[str, str]) -> str:
    return _BLANK.sub(lambda blank: words.get(blank[1], blank[0]), text)
