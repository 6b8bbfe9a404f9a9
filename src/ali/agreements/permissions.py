"""Who may write agreements, ask for guarantees, run a fund. Who *sees* them is `visible_to`."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.agreements.models import (
    Agreement,
    Commitment,
    Fund,
    FundCall,
    GuaranteeApplication,
    GuaranteeScheme,
)
from ali.core.decisions import YES, Decision, no
from ali.organisations.queries import own_municipalities


def may_draft_agreement(actor: Actor) -> Decision:
    """The housing manager, for their own body."""
    if actor.may(Permission.EDIT_AGREEMENTS):
        return YES
    return no(_("Gli accordi con i proprietari li prepara il responsabile degli alloggi."))


def may_edit_agreement(actor: Actor, agreement: Agreement) -> Decision:
    """The housing manager of the body that holds the home."""
    if agreement.holder_id != actor.organisation_id:
        return no(_("Questo accordo è di un altro ente."))
    return may_draft_agreement(actor)


def may_ask_guarantee(actor: Actor) -> Decision:
    """Who manages the homes of a housing body."""
    if actor.role in roles.HOUSING_BODY_ROLES and (
        actor.may(Permission.EDIT_AGREEMENTS) or actor.may(Permission.EDIT_TENANCIES)
    ):
        return YES
    return no(_("La garanzia la chiede l'ente che dà la casa."))


def may_keep_scheme(actor: Actor, scheme: GuaranteeScheme | None, today: date) -> Decision:
    """The housing office of the Comune for its own territory, the body that guarantees for its own scheme."""
    if not actor.may(Permission.EDIT_FUND):
        return no(_("Le garanzie locali le scrivono il Comune e l'ente che garantisce."))
    if scheme is None or scheme.organisation_id == actor.organisation_id:
        return YES
    if scheme.municipality_id and scheme.municipality_id in own_municipalities(actor, today):
        return YES
    return no(_("Questa garanzia è di un altro ente: la cambia chi garantisce, o il Comune."))


def may_answer_guarantee(actor: Actor, application: GuaranteeApplication) -> Decision:
    """Who guarantees. When it is not in the system, the body that asked writes what it answered."""
    scheme = application.scheme
    if scheme.fund is not None:
        return may_run_fund(actor, scheme.fund)
    if scheme.organisation_id == actor.organisation_id and actor.may(Permission.EDIT_FUND):
        return YES
    if application.body_id == actor.organisation_id:
        return may_ask_guarantee(actor)
    return no(_("Risponde chi garantisce; se non usa il sistema, l'ente che ha chiesto scrive la risposta."))


def may_open_fund(actor: Actor) -> Decision:
    """A Comune's housing office, or the manager of a housing body."""
    if actor.may(Permission.EDIT_FUND):
        return YES
    return no(_("Il fondo di garanzia lo tiene il Comune o il responsabile degli alloggi."))


def may_run_fund(actor: Actor, fund: Fund) -> Decision:
    """Endowments, commitments, decisions, recoveries: the body that holds the fund."""
    if fund.body_id != actor.organisation_id:
        return no(_("Questo fondo lo tiene un altro ente."))
    return may_open_fund(actor)


def may_call_fund(actor: Actor, commitment: Commitment) -> Decision:
    """The manager and the accountant of the body whose rent is guaranteed."""
    if commitment.body_id != actor.organisation_id:
        return no(_("Questo impegno garantisce un altro ente."))
    if actor.may(Permission.POST_RENTS):
        return YES
    return no(_("L'escussione del fondo la chiede il responsabile degli alloggi o il contabile."))


def may_decide_call(actor: Actor, call: FundCall) -> Decision:
    """The body that holds the fund."""
    return may_run_fund(actor, call.commitment.fund)
