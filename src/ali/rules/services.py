"""Setting, confirming and loading rules. A value in force is never rewritten: a new row takes over from a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import SYSTEM, Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.places.models import Municipality, Province
from ali.rules import permissions
from ali.rules.models import Rule
from ali.rules.shapes import check_shape
from ali.rules.values import RuleValue, shipped_rules


class AlreadyInForce(Refusal):
    """A confirmed value begins on that very day."""


@dataclass(frozen=True)
class RulesLoaded:
    """What loading the shipped rules did."""

    rules: int
    added: int
    updated: int


@atomic
def load_shipped_rules(*, actor: Actor = SYSTEM) -> RulesLoaded:
    """Put the shipped rules in the database. Those that somebody confirmed or superseded stay as they are."""
    stored = {
        (row.code, row.valid_from): row
        for row in Rule.objects.filter(province__isnull=True, municipality__isnull=True).order_by("pk")
    }
    added = updated = 0
    for shipped in shipped_rules():
        row = stored.get((shipped.code, shipped.valid_from))
        if row is None:
            _open_national(shipped)
            added += 1
        elif row.confirmed_at is None and row.valid_to is None and _differs(row, shipped):
            _copy(shipped, row).save_if_unchanged(row.version)
            updated += 1
    if added or updated:
        audit.record(actor, "rules_loaded", added=added, updated=updated)
    return RulesLoaded(len(shipped_rules()), added, updated)


def _open_national(shipped: RuleValue) -> None:
    """Add a national row; an older one of the same code ends the day before."""
    Rule.objects.filter(
        code=shipped.code,
        province__isnull=True,
        municipality__isnull=True,
        valid_to__isnull=True,
        valid_from__lt=shipped.valid_from,
    ).update(valid_to=shipped.valid_from - timedelta(days=1))
    _copy(shipped, Rule(code=shipped.code, valid_from=shipped.valid_from)).save()


def _copy(shipped: RuleValue, row: Rule) -> Rule:
    row.value, row.unit = shipped.value, shipped.unit
    row.sentence, row.source = shipped.sentence, shipped.source
    row.is_blocking = shipped.is_blocking
    return row


def _differs(row: Rule, shipped: RuleValue) -> bool:
    names = ("value", "unit", "sentence", "source", "is_blocking")
    return any(getattr(row, name) != getattr(shipped, name) for name in names)


@atomic
def set_rule_value(
    *,
    actor: Actor,
    like: Rule,
    value: Any,  # Any: what the rule's own shape allows
    province: Province,
    valid_from: date,
    source: str,
    today: date,
    municipality: Municipality | None = None,
    sentence: str = "",
    is_blocking: bool | None = None,
    is_demo: bool = False,
) -> Rule:
    """Give the rule of the code of `like` a value in a territory from a day on; the one in force there ends the day before."""
    town = municipality.pk if municipality else None
    permissions.may_set_rule(actor, like.code, today, province=province.pk, municipality=town).or_refuse()
    check_shape(like.code, value)
    same_place = Rule.objects.filter(code=like.code, province=province, municipality=municipality)
    present = same_place.filter(valid_from=valid_from).first()
    if present is not None and present.confirmed_at is not None:
        raise AlreadyInForce(_("Da quel giorno c'è già un valore confermato: scegli un giorno successivo."))
    row = present or Rule(code=like.code, province=province, municipality=municipality, valid_from=valid_from)
    before = row.value
    row.value, row.unit, row.source, row.is_demo = value, like.unit, source, is_demo
    row.sentence = sentence or like.sentence
    row.is_blocking = like.is_blocking if is_blocking is None else is_blocking
    if present is not None:
        row.save_if_unchanged(present.version)
    else:
        _make_room(same_place, row)
        row.save()
    audit.record(actor, "rule_set", row, code=row.code, province=province.pk, before=before, value=value)
    return row


def _make_room(same_place: Any, row: Rule) -> None:  # Any: a query set of rules
    """End the value in force before the new one, and the new one before the next."""
    following = same_place.filter(valid_from__gt=row.valid_from).order_by("valid_from").first()
    if following is not None:
        row.valid_to = following.valid_from - timedelta(days=1)
    earlier = same_place.valid_on(row.valid_from).filter(valid_from__lt=row.valid_from)
    for ending in earlier.order_by("pk"):
        ending.valid_to = row.valid_from - timedelta(days=1)
        ending.save_if_unchanged(ending.version)


@atomic
def confirm_rule(*, actor: Actor, rule: Rule, version: int, now: datetime, today: date) -> Rule:
    """Say in one's own name that the value is right; it is never changed after."""
    permissions.may_confirm_rule(actor, rule, today).or_refuse()
    rule.confirmed_by_id = actor.user_id
    rule.confirmed_at = now
    rule.save_if_unchanged(version)
    audit.record(actor, "rule_confirmed", rule, code=rule.code)
    return rule
