"""Who may give which signature. Nobody can give another's: each of the three asks for its own permission and its own body."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.allocation.models import Criteria, Proposal, ProposalOpening, Round, RoundEntry
from ali.allocation.states import PROPOSAL_TRANSITIONS, UNDECIDED, Outcome, Party, ProposalState, RoundState
from ali.core import clock
from ali.core.decisions import YES, Decision, no
from ali.people.models import Assignment
from ali.people.querysets import valid_on
from ali.people.states import Capacity


def may_run_round(actor: Actor, province: str) -> Decision:
    """Only the prefecture of the territory runs a round."""
    if not actor.may(Permission.RUN_ROUNDS):
        return no(_("Solo la prefettura avvia un giro di abbinamento."))
    if province not in actor.provinces:
        return no(_("Questa provincia non è di competenza del tuo ufficio."))
    return YES


def may_enforce_criteria(actor: Actor, criteria: Criteria, tried: Round | None) -> Decision:
    """The prefecture puts a draft in force once its trial has shown who would gain and who would lose."""
    decision = may_run_round(actor, criteria.province_id)
    if not decision:
        return decision
    if not criteria.is_draft:
        return no(_("Questi criteri sono già in vigore, o lo sono stati."))
    if tried is None or tried.state != RoundState.SOLVED:
        return no(_("Prima la prova deve finire: si decide dopo aver visto chi ci guadagna e chi ci perde."))
    return YES


def may_cancel_round(actor: Actor, round_: Round) -> Decision:
    return may_run_round(actor, round_.province_id)


def may_export_round(actor: Actor) -> Decision:
    """Taking personal data out is a right of its own."""
    if not actor.may(Permission.EXPORT):
        return no(_("Il tuo ruolo non permette di esportare."))
    return YES


def may_put_forward(actor: Actor) -> Decision:
    """The first signature: the prefecture's."""
    if not actor.may(Permission.PUT_FORWARD):
        return no(_("Solo la prefettura conferma l'uscita e propone un nucleo per una casa."))
    return YES


def may_set_aside(actor: Actor, entry: RoundEntry) -> Decision:
    """The officer decides on each suggestion, as long as it is open."""
    decision = may_put_forward(actor)
    if decision and entry.round.is_trial:
        return no(_("Questa è una prova di criteri: si decide solo sui giri veri."))
    if decision and entry.handling not in UNDECIDED:
        return no(_("Su questo nucleo è già stato deciso. Ricarica la pagina."))
    return decision


def may_exchange(actor: Actor, entry: RoundEntry) -> Decision:
    """The officer exchanges homes inside the latest round, as long as nobody has decided."""
    decision = may_set_aside(actor, entry)
    newer = Round.objects.in_earnest().filter(
        province=entry.round.province_id, state=RoundState.SOLVED, pk__gt=entry.round_id
    )
    if decision and (entry.outcome != Outcome.PROPOSED or newer.exists()):
        return no(_("Si scambiano solo le case proposte dal giro più recente: aprilo dall'elenco."))
    return decision


def may_withdraw(actor: Actor, proposal: Proposal) -> Decision:
    """Only the prefecture that follows the household takes a proposal back."""
    if not actor.may(Permission.PUT_FORWARD) or not _sees(actor, proposal):
        return no(_("Solo la prefettura ritira la proposta."))
    return YES


def _sees(actor: Actor, proposal: Proposal) -> bool:
    return Proposal.objects.visible_to(actor).filter(pk=proposal.pk).exists()


def _has_opened(actor: Actor, proposal: Proposal, party: Party) -> bool:
    return ProposalOpening.objects.filter(proposal=proposal, party=party, user=actor.user_id).exists()


def _has_signed(actor: Actor, *signers: int | None) -> bool:
    return actor.user_id is not None and actor.user_id in signers


_SIGNED_ALREADY = _(
    "Hai già firmato questa proposta per un'altra parte: questa firma tocca a un'altra persona."
)
_THEIRS = _("La risposta è del nucleo: la registra solo chi lo segue nel centro.")


def may_answer_for_home(actor: Actor, proposal: Proposal) -> Decision:
    """The second signature: of the body that has the home, by somebody who has opened the proposal."""
    if not actor.may(Permission.ANSWER_FOR_HOME) or actor.organisation_id != proposal.dwelling.manager_id:
        return no(_("Risponde solo l'ente che ha la casa."))
    if _has_signed(actor, proposal.put_forward_by_id):
        return no(_SIGNED_ALREADY)
    if not _has_opened(actor, proposal, Party.HOME):
        return no(_("Apri e leggi la proposta prima di rispondere."))
    return YES


def may_record_household_answer(actor: Actor, proposal: Proposal) -> Decision:
    """The third signature is the household's own: their case worker records it, never the prefecture or the landlord."""
    if not actor.may(Permission.RECORD_HOUSEHOLD_ANSWER):
        return no(_THEIRS)
    in_care = Assignment.objects.filter(
        valid_on(clock.today()),
        person__household=proposal.household_id,
        organisation=actor.organisation_id,
        capacity=Capacity.CASEWORK,
    )
    if not in_care.exists():
        return no(_THEIRS)
    if _has_signed(actor, proposal.put_forward_by_id, proposal.home_answered_by_id):
        return no(_SIGNED_ALREADY)
    if not _has_opened(actor, proposal, Party.HOUSEHOLD):
        return no(_("Apri il foglio della proposta e spiegalo al nucleo prima di registrare la risposta."))
    return YES


def can(verb: str, proposal: Proposal) -> Decision:
    """Say whether `verb` is possible in the proposal's present state."""
    return PROPOSAL_TRANSITIONS.can(verb, ProposalState(proposal.state))


def party_of(actor: Actor, proposal: Proposal) -> Party | None:
    """Return the party that the actor reads the proposal for."""
    if actor.may(Permission.PUT_FORWARD):
        return Party.PREFECTURE
    if actor.may(Permission.ANSWER_FOR_HOME) and actor.organisation_id == proposal.dwelling.manager_id:
        return Party.HOME
    if actor.may(Permission.RECORD_HOUSEHOLD_ANSWER):
        return Party.HOUSEHOLD
    return None
