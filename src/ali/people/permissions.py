"""Who may change what of a person. Who *sees* a person is `visible_to`."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core import clock
from ali.core.decisions import YES, Decision, no
from ali.people.models import Household, Person
from ali.people.querysets import in_care_of
from ali.people.states import RECEPTION_ONLY

_NOT_YOURS = _("Questa persona non è seguita dal tuo ente: chiedi a chi la segue.")


def may_register_person(actor: Actor) -> Decision:
    """Those who work with people in reception open a new file."""
    if actor.may(Permission.EDIT_PEOPLE):
        return YES
    return no(_("Le schede le apre chi lavora nei centri o in prefettura."))


def may_edit_person(actor: Actor, person: Person) -> Decision:
    """Those who may edit people, for a person they see; a body that hosted them before still reads, and no longer writes."""
    if not actor.may(Permission.EDIT_PEOPLE):
        return no(_("Questa scheda la modifica chi segue la persona."))
    return YES if works_with(actor, person) else no(_NOT_YOURS)


def works_with(actor: Actor, person: Person) -> bool:
    """Say whether the actor sees the person and, unless an office decides on exits, has them in its care today."""
    seen = Person.objects.visible_to(actor).filter(pk=person.pk)
    if not actor.may(Permission.DECIDE_EXITS):
        seen = seen.filter(in_care_of(actor, clock.today(), "pk"))
    return seen.exists()


def may_edit_household(actor: Actor, household: Household) -> Decision:
    """Those who may edit people and see a member of the household."""
    if not actor.may(Permission.EDIT_PEOPLE):
        return no(_("Il nucleo lo modifica chi segue le persone."))
    if not Person.objects.visible_to(actor).filter(household=household).exists():
        return no(_NOT_YOURS)
    return YES


def may_edit_identifier(actor: Actor, person: Person, kind: str) -> Decision:
    """CUI, Vestanet and SGA numbers belong to reception roles."""
    if kind in RECEPTION_ONLY and not actor.may(Permission.SEE_RECEPTION_IDENTIFIERS):
        return no(_("Questo identificativo lo usano solo i centri e la prefettura."))
    return may_edit_person(actor, person)


def may_reserve_person(actor: Actor, person: Person, day: date | None = None) -> Decision:
    """Only a coordinator of the body that has the person in its care."""
    if not actor.may(Permission.RESERVE_PEOPLE):
        return no(_("Solo il coordinatore dell'ente che ha in carico la persona può renderla riservata."))
    in_care = Person.objects.filter(in_care_of(actor, day or clock.today(), "pk"), pk=person.pk)
    return YES if in_care.exists() else no(_NOT_YOURS)
