"""Who may write what a person earns and owns."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.people.models import Person
from ali.work.queries import has_in_care


def may_state_income(actor: Actor, person: Person, day: date) -> Decision:
    """The case workers of the body that has the person in its care."""
    if not actor.may(Permission.STATE_INCOME):
        return no(_("Lavoro, reddito e risparmi li scrive solo chi ha in carico la persona."))
    if not has_in_care(actor, person, day):
        return no(_("Questa persona non è in carico al tuo ente: chiedi a chi la segue."))
    return YES
