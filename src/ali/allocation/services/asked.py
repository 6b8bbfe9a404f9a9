"""What officers ask of a round: this home, not this home, not now. Each with a reason typed by a person."""

from ali.accounts.actors import Actor
from ali.allocation import permissions
from ali.allocation.models import Pin, RoundEntry
from ali.allocation.services.signatures import typed
from ali.allocation.states import Handling, PinKind
from ali.audit import services as audit
from ali.core.transactions import atomic
from ali.housing.models import Dwelling
from ali.people.models import Household


@atomic
def set_pin(*, actor: Actor, household: Household, dwelling: Dwelling, kind: PinKind, reason: str) -> Pin:
    """Fix or exclude a home for a household in the next rounds. A household has one fixed home: the last one said."""
    permissions.may_put_forward(actor).or_refuse()
    words = typed(reason)
    if kind == PinKind.PIN:
        Pin.objects.filter(household=household, kind=PinKind.PIN).exclude(dwelling=dwelling).delete()
    pin, _created = Pin.objects.update_or_create(
        household=household,
        dwelling=dwelling,
        defaults={"kind": kind, "reason": words, "set_by_id": actor.signer},
    )
    audit.record(actor, f"pin_{kind}", dwelling, reason=words, household=str(household.public_id))
    return pin


@atomic
def remove_pin(*, actor: Actor, pin: Pin) -> None:
    """Take back a pin or an exclusion."""
    permissions.may_put_forward(actor).or_refuse()
    audit.record(actor, "pin_removed", pin.dwelling, household=str(pin.household.public_id))
    pin.delete()


@atomic
def set_aside(*, actor: Actor, entry: RoundEntry, expected_version: int, reason: str) -> RoundEntry:
    """The officer does not follow a round's suggestion."""
    permissions.may_set_aside(actor, entry).or_refuse()
    words = typed(reason)
    entry.handling = Handling.SET_ASIDE
    entry.handling_reason = words
    entry.save_if_unchanged(expected_version)
    audit.record(actor, "suggestion_set_aside", entry, reason=words)
    return entry
