"""Who may post, take the steps of an arrears, agree plans."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import SYSTEM, Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.rents.models import Account
from ali.rents.querysets import reads_rents
from ali.rents.states import CONTACT_STEPS


def may_post_rents(actor: Actor, landlord_id: int | None) -> Decision:
    """The manager and the accountant of the body that lets the home; the monthly run of the system."""
    if actor is SYSTEM:
        return YES
    if not reads_rents(actor) or not actor.may(Permission.POST_RENTS):
        return no(_("Dovuti e pagamenti li registrano il responsabile degli alloggi e il contabile."))
    if landlord_id != actor.organisation_id:
        return no(_("Questo conto è di un altro ente."))
    return YES


def may_take_step(actor: Actor, account: Account, verb: str) -> Decision:
    """Contacts: who works with homes. What binds the body: its manager or accountant."""
    if not reads_rents(actor) or account.landlord_id != actor.organisation_id:
        return no(_("I passi di un arretrato li fa l'ente che dà la casa."))
    if verb in CONTACT_STEPS or actor.may(Permission.POST_RENTS):
        return YES
    return no(_("Questo passo impegna l'ente: lo registra il responsabile degli alloggi o il contabile."))


def may_flag_involuntary(actor: Actor, account: Account) -> Decision:
    """Everybody of the housing body who knows why somebody cannot pay."""
    if reads_rents(actor) and account.landlord_id == actor.organisation_id:
        return YES
    return no(_("La causa di un arretrato la scrive l'ente che dà la casa."))
