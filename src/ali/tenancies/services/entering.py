"""What it costs a household to enter a home, and who covers what its savings do not."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing.models import Dwelling
from ali.people.models import Household, Person
from ali.tenancies import permissions
from ali.tenancies.models import EntryHelp, EntryPlan
from ali.tenancies.states import HelpSource, HelpState
from ali.tenancies.terms import rule_for


class WrongHelp(Refusal):
    """An amount or a name is missing."""


def suggested_plan(household: Household, dwelling: Dwelling, today: date) -> EntryPlan:
    """Return the stored plan, or one not stored with what the home is known to cost besides deposit and first month."""
    stored: EntryPlan | None = EntryPlan.objects.filter(household=household, dwelling=dwelling).first()
    if stored is not None:
        return stored
    furniture = dwelling.other_entry_cents or int(rule_for("furniture", dwelling, today).value) * 100
    return EntryPlan(household=household, dwelling=dwelling, furniture_cents=furniture)


def _stored_plan(household: Household, dwelling: Dwelling, today: date) -> EntryPlan:
    plan = suggested_plan(household, dwelling, today)
    if plan._state.adding:
        plan.save()
    return plan


def _subjects(plan: EntryPlan) -> list[UUID]:
    return list(Person.objects.filter(household=plan.household_id).values_list("public_id", flat=True))


@atomic
def set_entry_costs(
    *,
    actor: Actor,
    household: Household,
    dwelling: Dwelling,
    furniture_cents: int,
    utilities_cents: int,
    expected_version: int,
    today: date,
) -> EntryPlan:
    """Write what furniture and utilities cost besides deposit and first month."""
    permissions.may_plan_entry(actor, household, dwelling).or_refuse()
    plan = _stored_plan(household, dwelling, today)
    plan.furniture_cents, plan.utilities_cents = furniture_cents, utilities_cents
    plan.save_if_unchanged(expected_version)
    audit.record(actor, "entry_costs_set", plan, persons=_subjects(plan))
    return plan


@atomic
def add_help(
    *,
    actor: Actor,
    household: Household,
    dwelling: Dwelling,
    source: str,
    name: str,
    cents: int,
    state: str,
    is_loan: bool,
    today: date,
) -> EntryHelp:
    """Note that somebody covers part of what is missing, or has been asked to."""
    permissions.may_plan_entry(actor, household, dwelling).or_refuse()
    if cents <= 0:
        raise WrongHelp(_("Scrivi quanto copre."))
    if source == HelpSource.OTHER and not name.strip():
        raise WrongHelp(_("Scrivi chi aiuta."))
    plan = _stored_plan(household, dwelling, today)
    made = EntryHelp.objects.create(
        plan=plan, source=source, name=name.strip(), cents=cents, state=state, is_loan=is_loan
    )
    audit.record(actor, "entry_help_added", plan, persons=_subjects(plan), source=source, state=state)
    return made


@atomic
def set_help_state(*, actor: Actor, entry_help: EntryHelp, state: str, expected_version: int) -> EntryHelp:
    """Say where a help has got to: asked, granted, paid, refused."""
    plan = entry_help.plan
    permissions.may_plan_entry(actor, plan.household, plan.dwelling).or_refuse()
    entry_help.state = HelpState(state)
    entry_help.save_if_unchanged(expected_version)
    audit.record(actor, "entry_help_changed", plan, persons=_subjects(plan), state=state)
    return entry_help
