"""Who may open works and change them. Who *sees* them is `visible_to`."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.renovation.models import Works


def may_open_works(actor: Actor) -> Decision:
    """Housing managers, for their own body."""
    if actor.may(Permission.EDIT_WORKS):
        return YES
    return no(_("I lavori li segue il responsabile degli alloggi."))


def may_edit_works(actor: Actor, works: Works) -> Decision:
    """The housing managers of the body that does the works."""
    decision = may_open_works(actor)
    if not decision:
        return decision
    if works.holder_id != actor.organisation_id:
        return no(_("Questi lavori sono di un altro ente."))
    return YES


def may_record_expenses(actor: Actor, works: Works) -> Decision:
    """The manager, and the accountant of the same body."""
    if works.holder_id != actor.organisation_id:
        return no(_("Questi lavori sono di un altro ente."))
    if actor.may(Permission.EDIT_WORKS) or (
        actor.may(Permission.POST_RENTS) and actor.may(Permission.SEE_WORKS)
    ):
        return YES
    return no(_("Le fatture le registrano il responsabile degli alloggi e il contabile."))
