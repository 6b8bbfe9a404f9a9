"""Who may do what in reception. Centres propose and look for solutions; only the prefecture ends reception."""

from django.utils.translation import gettext_lazy as _

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.core.states import WrongState
from ali.organisations.models import Organisation
from ali.people import permissions as people
from ali.people.models import Person
from ali.places.models import Municipality
from ali.reception.models import Centre, Contract, Exit
from ali.reception.states import EXIT_TRANSITIONS, OPEN_STATES, ExitState

_NOT_YOURS = _("Questa uscita non è seguita dal tuo ente.")
_OFFICE = _("Lo fa la prefettura: il centro propone, l'ufficio decide.")


def _may(actor: Actor, permission: Permission, leaving: Exit, reason: object) -> Decision:
    if not actor.may(permission):
        return no(str(reason))
    return YES if people.works_with(actor, leaving.person) else no(_NOT_YOURS)


def _can(verb: str, leaving: Exit) -> Decision:
    """The table's answer, with a sentence on what the exit is now."""
    if EXIT_TRANSITIONS.can(verb, ExitState(leaving.state)):
        return YES
    return no(_("Ora non è possibile: l'uscita è «%(state)s».") % {"state": leaving.get_state_display()})


def may_expect_exit(actor: Actor, person: Person) -> Decision:
    """Say that a person will leave: centres and prefecture."""
    if not actor.may(Permission.PROPOSE_EXITS):
        return no(_("Le uscite le propongono i centri e la prefettura."))
    return people.may_edit_person(actor, person)


def may_propose_exit(actor: Actor, leaving: Exit) -> Decision:
    """Propose a day, ask more days, say how it went: centres and prefecture."""
    return _may(
        actor, Permission.PROPOSE_EXITS, leaving, _("Le uscite le propongono i centri e la prefettura.")
    )


def may_decide_exit(actor: Actor, leaving: Exit) -> Decision:
    """Communicate, decree, notify, answer, suspend: the prefecture alone."""
    return _may(actor, Permission.DECIDE_EXITS, leaving, _OFFICE)


def may_set_solution(actor: Actor, leaving: Exit) -> Decision:
    """Say where the person goes, who follows and what is next."""
    decision = _may(
        actor, Permission.SET_SOLUTIONS, leaving, _("La soluzione la scrivono i centri e la prefettura.")
    )
    if decision and leaving.state not in OPEN_STATES:
        return no(_("L'uscita è chiusa: la soluzione non cambia più."))
    return decision


_PROPOSED_BY_CENTRES = frozenset({"propose_date", "stay_beyond", "complete", "report_move"})


def may_cancel_exit(actor: Actor, leaving: Exit) -> Decision:
    """Before an act of the prefecture a centre may cancel; after it, the prefecture alone."""
    if leaving.state in (ExitState.EXPECTED, ExitState.PROPOSED):
        return may_propose_exit(actor, leaving)
    return may_decide_exit(actor, leaving)


def may_step(actor: Actor, verb: str, leaving: Exit) -> Decision:
    """Whether the role may take this step, and whether it can be taken now: what a button asks."""
    if verb == "cancel":
        allowed = may_cancel_exit(actor, leaving)
    elif verb in _PROPOSED_BY_CENTRES:
        allowed = may_propose_exit(actor, leaving)
    else:
        allowed = may_decide_exit(actor, leaving)
    return allowed and _can(verb, leaving)


def refuse_unless(decision: Decision, verb: str, leaving: Exit) -> None:
    """Raise `NotAllowed` when the role may not, `WrongState` when it cannot happen now."""
    decision.or_refuse()
    possible = _can(verb, leaving)
    if not possible:
        raise WrongState(possible.reason)


def may_admit_person(actor: Actor, centre: Centre, person: Person) -> Decision:
    """Receive a person in a centre of one's own body or, for the prefecture, of its provinces."""
    if not Centre.objects.visible_to(actor).filter(pk=centre.pk).exists():
        return no(_("Questo centro non è del tuo ente né della tua provincia."))
    return people.may_edit_person(actor, person)


def may_edit_centres(actor: Actor) -> Decision:
    """Whether the role changes places and announced arrivals of the centres it sees: coordinators and prefecture."""
    if actor.may(Permission.EDIT_CENTRES):
        return YES
    return no(_("I posti e gli arrivi li scrivono il coordinatore del centro e la prefettura."))


def may_add_centre(actor: Actor, manager: Organisation, municipality: Municipality) -> Decision:
    """A coordinator adds centres of the own body; the prefecture those of its territory."""
    if not actor.may(Permission.EDIT_CENTRES):
        return no(_("I centri li aggiungono il coordinatore dell'ente gestore e la prefettura."))
    if actor.role == roles.PREFECTURE_OFFICER:
        if municipality.province.prefecture not in actor.provinces:
            return no(_("Questo Comune è di un'altra provincia."))
        return YES
    if manager.pk != actor.organisation_id:
        return no(_("Puoi aggiungere solo i centri del tuo ente."))
    return YES


def may_edit_centre(actor: Actor, centre: Centre) -> Decision:
    """Change places and announced arrivals of this centre."""
    by_role = may_edit_centres(actor)
    if not by_role:
        return by_role
    if not Centre.objects.visible_to(actor).filter(pk=centre.pk).exists():
        return no(_("Questo centro non è del tuo ente né della tua provincia."))
    return YES


def may_confirm_contract(actor: Actor, contract: Contract) -> Decision:
    """Confirm what was read from a contract's text: the prefecture that signed it."""
    if not actor.may(Permission.DECIDE_EXITS):
        return no(_("I contratti li conferma la prefettura che li ha firmati."))
    if not Contract.objects.visible_to(actor).filter(pk=contract.pk).exists():
        return no(_("Questo contratto è di un'altra prefettura."))
    return YES
