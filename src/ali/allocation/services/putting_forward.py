"""The first signature: the prefecture confirms that a household leaves and puts it forward for a home."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.allocation import permissions
from ali.allocation.models import BedHold, Proposal, ProposalOpening, RoundEntry
from ali.allocation.queries import kept_rules, open_suggestion, parameters_for
from ali.allocation.services.signatures import (
    ConflictNotWeighed,
    HomeTaken,
    HouseholdTaken,
    NotSuitable,
    WrongDay,
    await_answer,
    members_of,
    subjects,
    typed,
)
from ali.allocation.shortlists import Fit, fit_now
from ali.allocation.states import LIVE_STATES, Handling, Party
from ali.allocation.wording import failing_sentence
from ali.audit import services as audit
from ali.core.transactions import atomic
from ali.housing import services as housing
from ali.housing.models import Dwelling
from ali.people.models import Household
from ali.people.services import assign
from ali.people.states import Capacity
from ali.reception import services as reception
from ali.rules.values import rule_in_force


@atomic
def put_forward(
    *,
    actor: Actor,
    household: Household,
    dwelling: Dwelling,
    starts_on: date,
    reason: str,
    now: datetime,
    today: date,
    conflict_note: str = "",
) -> Proposal:
    """The prefecture confirms that the household leaves and puts it forward for a home; `reason` is typed by the officer.

    Rules and free beds are read again here, and the beds held until an answer, so that two officers cannot give one bed.
    Raises `Refusal` when a rule does not pass, the beds or the household are gone, or a reason is missing.
    """
    permissions.may_put_forward(actor).or_refuse()
    words = typed(reason)
    locked = Household.objects.select_for_update().get(pk=household.pk)
    found = _fit(actor, locked, dwelling, today)
    _check(found, starts_on, conflict_note, today)
    home = Dwelling.objects.select_related("building__municipality").get(pk=dwelling.pk)
    province = home.building.municipality.province_id
    days = int(rule_in_force("allocation.home_answer_days", day=today, province=province).value)
    entry = open_suggestion(locked)
    proposal = Proposal(
        household=locked,
        dwelling=home,
        entry=entry,
        persons=found.candidate.facts.persons,
        starts_on=starts_on,
        reasons=found.reasons,
        rules=kept_rules(parameters_for(province, today)),
        band=found.band,
        has_conflict=found.shares_manager,
        conflict_note=conflict_note.strip() if found.shares_manager else "",
        officer_reason=words,
        is_changed_by_person=entry is not None and entry.engine_home != home.pk,
        put_forward_by_id=actor.signer,
        put_forward_at=now,
        home_answer_by_day=today + timedelta(days=days),
    )
    _save_and_hold(proposal, today)
    members = members_of(proposal)
    reception.confirm_exits(actor=actor, person_ids=[person.pk for person in members], now=now)
    for person in members:
        assign(
            actor=actor,
            person=person,
            organisation_id=home.manager_id,
            capacity=Capacity.HOUSING,
            reason=_("Proposta di casa"),
            today=today,
        )
    if entry:
        _handle(entry, proposal)
    audit.record(
        actor,
        "proposal_put_forward",
        proposal,
        persons=subjects(members),
        reason=words,
        dwelling=str(home.public_id),
    )
    await_answer(proposal, Party.HOME, proposal.home_answer_by_day, [home.manager_id])
    return proposal


def _fit(actor: Actor, household: Household, dwelling: Dwelling, today: date) -> Fit:
    """Return how they fit now; raise when the household is not looking for a home any more, or the beds are gone."""
    if Proposal.objects.live().filter(household=household).exists():
        raise HouseholdTaken(
            _("Il nucleo ha già una proposta in corso: qualcuno ha deciso prima di te. Aprila dall'elenco.")
        )
    pair = fit_now(actor, household.pk, dwelling.pk, today)
    if pair.candidate is None:
        raise HouseholdTaken(_("Il nucleo non cerca più una casa: ha già una soluzione o è uscito."))
    if pair.fit is None:
        raise HomeTaken(_("I posti letto sono appena andati ad altri: scegli un'altra casa o un'altra data."))
    return pair.fit


def _check(found: Fit, starts_on: date, conflict_note: str, today: date) -> None:
    if not found.is_lawful:
        raise NotSuitable(failing_sentence(found.first_failing))
    first_day = max(found.free_on, today)
    if starts_on < first_day:
        raise WrongDay(
            _("Il nucleo può entrare dal %(day)s: prima la casa non è libera.")
            % {"day": f"{first_day:%d/%m/%Y}"}
        )
    if found.shares_manager and len(conflict_note.strip()) < 5:
        raise ConflictNotWeighed(
            _(
                "L'ente della casa è anche quello dell'accoglienza, pagato per presenza: scrivi come è stato valutato il conflitto."
            )
        )


def _save_and_hold(proposal: Proposal, today: date) -> None:
    """Write the proposal and its beds. The constraints `one_live_proposal_per_household` and `bed_is_held_once` are the last guard."""
    try:
        with atomic():
            proposal.save()
            beds = housing.hold_beds(
                dwelling=proposal.dwelling,
                persons=proposal.persons,
                starts_on=proposal.starts_on,
                today=today,
            )
            BedHold.objects.bulk_create([BedHold(bed=bed, proposal=proposal) for bed in beds])
    except IntegrityError as taken:
        raise HomeTaken(
            _("Qualcuno ha appena proposto questo nucleo o questi posti: ricarica la pagina.")
        ) from taken


def _handle(entry: RoundEntry, proposal: Proposal) -> None:
    entry.handling = Handling.CHANGED if proposal.is_changed_by_person else Handling.PUT_FORWARD
    entry.handling_reason = proposal.officer_reason
    entry.save_if_unchanged(entry.version)


@atomic
def open_proposal(*, actor: Actor, proposal: Proposal, party: Party) -> None:
    """Note that the actor has opened the proposal for the party they speak for: without it there is no answer."""
    if party == permissions.party_of(actor, proposal) and proposal.state in LIVE_STATES:
        ProposalOpening.objects.get_or_create(proposal=proposal, party=party, user_id=actor.signer)
