"""Who lives with whom, and who asks to."""

import uuid
from datetime import date

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.people import permissions
from ali.people.details import check_name
from ali.people.hooks import restart_clocks
from ali.people.models import Household, Person, TogetherWish
from ali.people.states import Relation


@atomic
def join_household(
    *, actor: Actor, person: Person, household: Household, relation: str, today: date
) -> Person:
    """Move a person into a household whose members the actor works with."""
    permissions.may_edit_person(actor, person).or_refuse()
    permissions.may_edit_household(actor, household).or_refuse()
    if person.household_id == household.pk:
        raise Refusal(_("La persona è già in questo nucleo."))
    left = person.household
    person.household = household
    person.relation = relation if relation != Relation.HEAD else Relation.OTHER
    person.save_if_unchanged(person.version)
    _settle(left)
    audit.record(
        actor, "household_joined", person, persons=[person.public_id], household=str(household.public_id)
    )
    restart_clocks([person.pk], today=today)
    return person


@atomic
def split_household(*, actor: Actor, person: Person, today: date) -> Household:
    """Give a person a household of their own, with the same practical needs."""
    permissions.may_edit_person(actor, person).or_refuse()
    left = person.household
    if left.members.count() < 2:
        raise Refusal(_("La persona è già in un nucleo da sola."))
    own = Household.objects.create(
        wants_territory=left.wants_territory, needs_step_free=left.needs_step_free, notes=left.notes
    )
    person.household = own
    person.relation = Relation.HEAD
    person.save_if_unchanged(person.version)
    _settle(left)
    audit.record(actor, "household_split", person, persons=[person.public_id])
    restart_clocks([person.pk], today=today)
    return own


@atomic
def change_relation(*, actor: Actor, person: Person, relation: str) -> Person:
    """Say what the person is for the household; the new reference person takes the place of the former one."""
    permissions.may_edit_person(actor, person).or_refuse()
    if person.relation == relation:
        return person
    others = person.household.members.exclude(pk=person.pk)
    if relation == Relation.HEAD:
        for former in others.filter(relation=Relation.HEAD).order_by("pk"):
            former.relation = Relation.OTHER
            former.save_if_unchanged(former.version)
    elif person.relation == Relation.HEAD:
        raise Refusal(_("Scegli prima un'altra persona di riferimento del nucleo."))
    person.relation = relation
    person.save_if_unchanged(person.version)
    audit.record(actor, "relation_changed", person, persons=[person.public_id], relation=relation)
    return person


def _settle(household: Household) -> None:
    """A household keeps exactly one reference person; an empty one goes, unless decisions name it."""
    members = list(household.members.order_by("birth_date", "pk"))
    if not members:
        try:
            with atomic():
                household.delete()
        except ProtectedError:
            return
    elif not any(one.relation == Relation.HEAD for one in members):
        members[0].relation = Relation.HEAD
        members[0].save(update_fields=["relation", "changed_at"])


@atomic
def change_needs(
    *,
    actor: Actor,
    household: Household,
    wants_territory: str,
    needs_step_free: bool,
    notes: str,
    expected_version: int,
) -> Household:
    """Write where the household would like to live and what the home must have: practical needs, never diagnoses."""
    permissions.may_edit_household(actor, household).or_refuse()
    check_name("wants_territory", wants_territory)
    household.wants_territory = wants_territory.strip()
    household.needs_step_free = needs_step_free
    household.notes = notes.strip()
    household.save_if_unchanged(expected_version)
    audit.record(actor, "household_needs_changed", household, persons=_public_ids(household))
    return household


@atomic
def state_wish(*, actor: Actor, first: Household, second: Household, stated_on: date) -> TogetherWish:
    """Record that two households ask to live together. Stated once, in whichever order."""
    permissions.may_edit_household(actor, first).or_refuse()
    permissions.may_edit_household(actor, second).or_refuse()
    if first.pk == second.pk:
        raise Refusal(_("Sono già lo stesso nucleo."))
    one, other = sorted((first, second), key=lambda household: household.pk)
    wish, made = TogetherWish.objects.get_or_create(
        first=one, second=other, defaults={"stated_on": stated_on}
    )
    if not made:
        raise Refusal(_("Il desiderio di vivere insieme è già scritto."))
    audit.record(actor, "wish_stated", first, persons=[*_public_ids(first), *_public_ids(second)])
    return wish


@atomic
def withdraw_wish(*, actor: Actor, wish: TogetherWish) -> None:
    """Remove a wish that one side no longer has."""
    decisions = [permissions.may_edit_household(actor, side) for side in (wish.first, wish.second)]
    if not any(decisions):
        decisions[0].or_refuse()
    persons = [*_public_ids(wish.first), *_public_ids(wish.second)]
    household = wish.first
    wish.delete()
    audit.record(actor, "wish_withdrawn", household, persons=persons)


def _public_ids(household: Household) -> list[uuid.UUID]:
    return list(household.members.values_list("public_id", flat=True).order_by("pk"))
