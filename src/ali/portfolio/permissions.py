"""Who may make and revise appraisals."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.portfolio.models import Appraisal


def may_make_appraisal(actor: Actor) -> Decision:
    """Housing managers, for their own body."""
    if actor.may(Permission.EDIT_WORKS):
        return YES
    return no(_("Le valutazioni le fa il responsabile degli alloggi."))


def may_revise_appraisal(actor: Actor, appraisal: Appraisal) -> Decision:
    """The housing managers of the body that made it."""
    if appraisal.holder_id != actor.organisation_id:
        return no(_("Questa valutazione è di un altro ente."))
    return may_make_appraisal(actor)
