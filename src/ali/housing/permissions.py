"""Who may change a home. Who *sees* it is `visible_to`."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.housing.models import Dwelling
from ali.housing.states import match_decision


def may_add_home(actor: Actor) -> Decision:
    """Housing managers, for their own body."""
    if actor.may(Permission.EDIT_HOMES):
        return YES
    return no(_("Le case le aggiunge il responsabile degli alloggi dell'ente che le gestisce."))


def may_edit_home(actor: Actor, dwelling: Dwelling) -> Decision:
    """The housing managers of the body that gives the home."""
    if not actor.may(Permission.EDIT_HOMES):
        return no(_("Questa casa la modifica il responsabile degli alloggi dell'ente che la gestisce."))
    if dwelling.manager_id != actor.organisation_id:
        return no(_("Questa casa è di un altro ente: chiedi a chi la gestisce."))
    return YES


def may_describe_home(actor: Actor, dwelling: Dwelling) -> Decision:
    """Who writes the sheets and the certificates of a home: its managers, and the operators who go and see it."""
    if not (actor.may(Permission.EDIT_HOMES) or actor.may(Permission.EDIT_OWNERS)):
        return no(_("Questa scheda la scrive chi gestisce la casa."))
    if dwelling.manager_id != actor.organisation_id:
        return no(_("Questa casa è di un altro ente: chiedi a chi la gestisce."))
    return YES


def may_record_communication(actor: Actor, dwelling: Dwelling) -> Decision:
    """Who follows the tenancies of the body notes it too: it is they who take the paper to the police."""
    if dwelling.manager_id == actor.organisation_id and actor.may(Permission.EDIT_TENANCIES):
        return YES
    return may_edit_home(actor, dwelling)


def may_match_dwelling(dwelling: Dwelling) -> Decision:
    """Whether its beds may be matched at all: its state, and the Comune's procedure for a confiscated building."""
    return match_decision(dwelling.state, awaits_assignment=dwelling.building.awaits_assignment)
