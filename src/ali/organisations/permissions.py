"""Who may change bodies, users and their roles.

An administrator looks after the own body; the administrator of a prefecture also after the bodies of its provinces, where
it names their administrators and leaves the rest to them: no office can give itself a case worker's eyes. Nobody gives
a role to oneself.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.models import User
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.organisations.models import Membership, Organisation, OrganisationKind, OrganisationRole
from ali.organisations.queries import prefecture_provinces

NOT_ADMINISTRATOR = _("Serve il ruolo di amministratore.")
# A role makes sense only in a body that does that work.
KINDS_OF_ROLE = {
    roles.PREFECTURE_OFFICER.code: {OrganisationKind.PREFECTURE},
    roles.CENTRE_OPERATOR.code: {OrganisationKind.RECEPTION_MANAGER},
    roles.CENTRE_COORDINATOR.code: {OrganisationKind.RECEPTION_MANAGER},
    **{
        role.code: {OrganisationKind.HOUSING_AGENCY, OrganisationKind.MUNICIPALITY}
        for role in roles.HOUSING_BODY_ROLES
    },
    roles.MUNICIPAL_OFFICER.code: {OrganisationKind.MUNICIPALITY},
}


def may_manage_users(actor: Actor) -> Decision:
    return YES if actor.may(Permission.MANAGE_USERS) else no(NOT_ADMINISTRATOR)


def may_add_organisation(actor: Actor, today: date) -> Decision:
    """Say whether the actor is the administrator of a prefecture."""
    if not actor.may(Permission.MANAGE_USERS):
        return no(NOT_ADMINISTRATOR)
    if not prefecture_provinces(actor, today):
        return no(_("Le organizzazioni della rete le aggiunge l'amministratore della prefettura."))
    return YES


def may_edit_organisation(actor: Actor, organisation: Organisation, today: date) -> Decision:
    if not actor.may(Permission.MANAGE_USERS):
        return no(NOT_ADMINISTRATOR)
    if not Organisation.objects.administered_by(actor, today).filter(pk=organisation.pk).exists():
        return no(_("Questa organizzazione la cura il suo amministratore o quello della sua prefettura."))
    return YES


def may_set_role_of_organisation(actor: Actor, kind: str, province: str | None, today: date) -> Decision:
    """Say whether the actor may say that a body does `kind` in `province`."""
    may_add_organisation(actor, today).or_refuse()
    if kind == OrganisationKind.PREFECTURE:
        return no(_("Il ruolo di prefettura viene dai dati del Ministero e non si cambia da qui."))
    if province not in prefecture_provinces(actor, today):
        return no(_("Puoi assegnare ruoli solo nelle province della tua prefettura."))
    return YES


def may_give_membership(
    actor: Actor, user: User | None, organisation: Organisation, role: str, today: date
) -> Decision:
    """Say whether the actor may give `user` (None: a new one) `role` in `organisation`."""
    if not actor.may(Permission.MANAGE_USERS):
        return no(NOT_ADMINISTRATOR)
    if user is not None and user.pk == actor.user_id:
        return no(_("Nessuno può dare un incarico a se stesso: chiedi a un altro amministratore."))
    if organisation.pk != actor.organisation_id:
        if role != roles.ADMINISTRATOR.code:
            return no(
                _(
                    "In un'altra organizzazione puoi nominare solo l'amministratore: gli altri incarichi li dà lui."
                )
            )
        if not may_edit_organisation(actor, organisation, today):
            return no(_("Questa organizzazione non è fra quelle della tua provincia."))
    return _fits(organisation, role, today)


def may_end_membership(actor: Actor, membership: Membership, today: date) -> Decision:
    if membership.user_id == actor.user_id:
        return no(_("Nessuno può chiudere il proprio incarico: chiedi a un altro amministratore."))
    if not Membership.objects.visible_to(actor, today).filter(pk=membership.pk).exists():
        return no(NOT_ADMINISTRATOR)
    return YES


def may_manage_account(actor: Actor, user: User, today: date) -> Decision:
    """Say whether the actor may disable the account or give it a new password: only where nobody else relies on it."""
    if not actor.may(Permission.MANAGE_USERS):
        return no(NOT_ADMINISTRATOR)
    if user.pk == actor.user_id:
        return no(_("Sul proprio accesso agisce un altro amministratore."))
    held = Membership.objects.not_ended_on(today).filter(user=user)
    if held.exclude(pk__in=Membership.objects.visible_to(actor, today).values("pk")).exists():
        return no(
            _("Lavora anche per un'altra organizzazione: qui puoi chiudere solo il suo incarico da voi.")
        )
    return YES


def _fits(organisation: Organisation, role: str, today: date) -> Decision:
    kinds = KINDS_OF_ROLE.get(role)
    if role not in roles.ROLES:
        return no(_("Questo ruolo non esiste."))
    if kinds is None:
        return YES
    if OrganisationRole.objects.valid_on(today).filter(organisation=organisation, kind__in=kinds).exists():
        return YES
    return no(_("L'organizzazione non svolge oggi un'attività che preveda questo ruolo."))
