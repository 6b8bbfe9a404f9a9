"""What pages and other apps read of rules, besides the values themselves (`rules.values`)."""

from dataclasses import dataclass
from datetime import date

from ali.rules.models import Rule
from ali.rules.wording import group_label, territory_in_words, validity_in_words, value_in_words


@dataclass(frozen=True)
class RuleLine:
    """A rule as a list shows it."""

    rule: Rule
    value: str
    territory: str
    validity: str
    confirmed_by: str


@dataclass(frozen=True)
class RuleGroup:
    """Rules about one thing."""

    label: str
    lines: list[RuleLine]


def line(rule: Rule) -> RuleLine:
    """Return the rule in words; province, municipality and confirmer come with it."""
    return RuleLine(
        rule=rule,
        value=value_in_words(rule.value, rule.unit),
        territory=territory_in_words(rule),
        validity=validity_in_words(rule.valid_from, rule.valid_to),
        confirmed_by=rule.confirmed_by.full_name if rule.confirmed_by else "",
    )


def rules_by_group(day: date) -> list[RuleGroup]:
    """Return every rule in force on `day`, grouped, national values before local ones. One query."""
    groups: dict[str, list[RuleLine]] = {}
    rows = (
        Rule.objects.valid_on(day)
        .select_related("province", "municipality", "confirmed_by")
        .order_by("code", "province", "municipality", "pk")
    )
    for rule in sorted(
        rows, key=lambda one: (one.code, one.province_id or "", one.municipality_id or "", one.pk)
    ):
        groups.setdefault(group_label(rule.code), []).append(line(rule))
    return [RuleGroup(label, lines) for label, lines in sorted(groups.items())]


def history_of(rule: Rule) -> list[RuleLine]:
    """Return every value that the rule has had or will have, everywhere, the latest first."""
    rows = (
        Rule.objects.filter(code=rule.code)
        .select_related("province", "municipality", "confirmed_by")
        .order_by("-valid_from", "-pk")
    )
    return [line(one) for one in rows]
