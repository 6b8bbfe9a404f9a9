"""Who may change owners, leads and campaigns. Who *sees* them is `visible_to`."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.housing.models import Dwelling
from ali.housing.permissions import may_describe_home
from ali.scouting.models import Campaign, Lead, Owner

_WHO = _("La ricerca di case la segue chi gestisce gli alloggi.")


def may_search_homes(actor: Actor) -> Decision:
    """Managers and operators of a housing body, for their own body."""
    return YES if actor.may(Permission.EDIT_OWNERS) else no(_WHO)


def may_edit_lead(actor: Actor, lead: Lead) -> Decision:
    """The body that follows it."""
    return _own(actor, lead.kept_by_id)


def may_edit_owner(actor: Actor, owner: Owner) -> Decision:
    """The body that keeps the owner."""
    return _own(actor, owner.kept_by_id)


def may_edit_campaign(actor: Actor, campaign: Campaign) -> Decision:
    """The body that leads it."""
    return _own(actor, campaign.kept_by_id)


def may_say_owner(actor: Actor, home: Dwelling, owner: Owner) -> Decision:
    """The body of the home, about an owner that it keeps."""
    return may_describe_home(actor, home) and may_edit_owner(actor, owner)


def may_make_home(actor: Actor, lead: Lead) -> Decision:
    """Who may add homes, from a lead of the same body."""
    if not actor.may(Permission.EDIT_HOMES):
        return no(_("Le case le aggiunge il responsabile degli alloggi."))
    return _own(actor, lead.kept_by_id)


def _own(actor: Actor, body: int) -> Decision:
    may = may_search_homes(actor)
    if may and body != actor.organisation_id:
        return no(_("Questa scheda è di un altro ente."))
    return may
