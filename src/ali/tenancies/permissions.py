"""Who may act on a tenancy. Who *sees* it is `visible_to`; what can happen now is in `states`."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.housing.models import Dwelling
from ali.people.models import Household
from ali.tenancies.models import Tenancy
from ali.tenancies.states import TENANCY_TRANSITIONS, TenancyState

_OTHERS = _("Questo affitto è di un altro ente.")


def may_edit_tenancies(actor: Actor) -> Decision:
    """Housing managers and operators."""
    if actor.may(Permission.EDIT_TENANCIES):
        return YES
    return no(_("Gli affitti li segue chi gestisce gli alloggi."))


def may_let_dwelling(actor: Actor, dwelling: Dwelling) -> Decision:
    """The body that has the dwelling gives it to people."""
    decision = may_edit_tenancies(actor)
    if decision and dwelling.manager_id != actor.organisation_id:
        return no(_("Questa casa è di un altro ente: chiedi a chi la gestisce."))
    return decision


def may_edit_tenancy(actor: Actor, tenancy: Tenancy) -> Decision:
    """The housing managers and operators of the landlord."""
    decision = may_edit_tenancies(actor)
    if decision and tenancy.landlord_id != actor.organisation_id:
        return no(_OTHERS)
    return decision


def may_step(actor: Actor, tenancy: Tenancy, verb: str) -> Decision:
    """Say whether the actor may take the tenancy through `verb` now."""
    decision = may_edit_tenancy(actor, tenancy)
    return decision and TENANCY_TRANSITIONS.can(verb, TenancyState(tenancy.state))


def may_return_deposit(actor: Actor, tenancy: Tenancy) -> Decision:
    """Money goes back by the hand of a manager or of the accountant of rents."""
    if tenancy.landlord_id != actor.organisation_id:
        return no(_OTHERS)
    if not actor.may(Permission.POST_RENTS):
        return no(_("Il deposito lo restituisce il responsabile degli alloggi o il contabile degli affitti."))
    return YES


def may_plan_entry(actor: Actor, household: Household, dwelling: Dwelling) -> Decision:
    """The body that gives the home, and who follows the household."""
    if not Household.objects.visible_to(actor).filter(pk=household.pk).exists():
        return no(_("Non segui questo nucleo."))
    if actor.may(Permission.EDIT_TENANCIES) and dwelling.manager_id == actor.organisation_id:
        return YES
    if actor.may(Permission.RECORD_HOUSEHOLD_ANSWER):
        return YES
    return no(_("Il costo di ingresso lo segue chi dà la casa o chi segue il nucleo."))
