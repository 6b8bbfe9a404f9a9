"""When reception ends: days after an event, by a local parameter. The date is proposed with its reason, never imposed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from ali.core.decisions import Refusal
from ali.reception.states import ExitCause, ExitEvent
from ali.rules.calculators import citation
from ali.rules.values import RuleMissing, RuleValue, rule_in_force

# Given code, day and province: the rule in force, or RuleMissing.
RuleFinder = Callable[[str, date, str | None], RuleValue]
APPEAL_DAYS = "reception.appeal_days"
LONGEST = 3650


@dataclass(frozen=True)
class ExitDate:
    """A proposed day with its reason and rules; or no day, with the parameter that is missing."""

    day: date | None
    reason: str
    rules: tuple[RuleValue, ...] = ()
    missing_parameter: str = ""

    @property
    def rule(self) -> RuleValue | None:
        """The rule that decided: the last one applied."""
        return self.rules[-1] if self.rules else None

    @property
    def is_demo(self) -> bool:
        return any(rule.is_demo for rule in self.rules)

    def kept(self) -> list[dict[str, Any]]:
        """Return what the exit keeps of the rules applied."""
        return [rule.as_json() for rule in self.rules]


def parameter_code(cause: str, event: str) -> str:
    """Return the code of the local parameter for this cause and event."""
    return f"reception.exit_days.{cause}.{event}"


def find_rule(code: str, day: date, province: str | None) -> RuleValue:
    return rule_in_force(code, day=day, province=province)


def propose_exit_date(
    *, cause: str, event: str, event_on: date, prefecture: str | None, find: RuleFinder = find_rule
) -> ExitDate:
    """Return the day that the parameter of `prefecture` gives, with its reason."""
    if event == ExitEvent.AGREED:
        return ExitDate(event_on, _("Data concordata con la persona: nessun termine da calcolare."))
    if cause == ExitCause.REJECTED and event == ExitEvent.DECISION_NOTIFIED:
        return _after_appeal_term(event_on, prefecture, find)
    return _after(cause, event, event_on, prefecture, find)


def _after_appeal_term(notified_on: date, prefecture: str | None, find: RuleFinder) -> ExitDate:
    """A refusal ends reception when nobody has appealed in time."""
    try:
        appeal = find(APPEAL_DAYS, notified_on, prefecture)
    except RuleMissing as missing:
        return ExitDate(None, str(missing), missing_parameter=APPEAL_DAYS)
    if not is_day_count(appeal.value):
        return _without_value(appeal)
    expired_on = notified_on + timedelta(days=appeal.value)
    found = _after(ExitCause.REJECTED, ExitEvent.APPEAL_EXPIRED, expired_on, prefecture, find)
    first = _("Il termine per il ricorso scade il %(day)s.") % {"day": f"{expired_on:%d/%m/%Y}"}
    return replace(found, reason=f"{first} {found.reason}", rules=(appeal, *found.rules))


def _after(cause: str, event: str, event_on: date, prefecture: str | None, find: RuleFinder) -> ExitDate:
    code = parameter_code(cause, event)
    try:
        rule = find(code, event_on, prefecture)
    except RuleMissing:
        sentence = _("Per questo motivo e questo evento non c'è un termine: la data la decide l'ufficio.")
        return ExitDate(None, sentence, missing_parameter=code)
    if not is_day_count(rule.value):
        return _without_value(rule)
    day = event_on + timedelta(days=rule.value)
    reason = _("%(event)s il %(event_on)s più %(days)s giorni: %(day)s.") % {
        "event": str(ExitEvent(event).label).capitalize(),
        "event_on": f"{event_on:%d/%m/%Y}",
        "days": rule.value,
        "day": f"{day:%d/%m/%Y}",
    }
    note = _("Valore dimostrativo, da sostituire con quello della prefettura.") if rule.is_demo else ""
    return ExitDate(day, f"{reason} {note}".strip(), rules=(rule,))


def _without_value(rule: RuleValue) -> ExitDate:
    sentence = _(
        "Manca il parametro locale «%(code)s»: la legge non fissa i giorni, li stabilisce la prefettura. "
        "La data si scrive a mano."
    ) % {"code": rule.code}
    return ExitDate(None, sentence, rules=(rule,), missing_parameter=rule.code)


def is_day_count(value: object) -> bool:
    """Say whether a rule's value is a sensible number of days."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST


def calculate_exit_date(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `ali calc exit-date`. `parameter_days`, or `rules` by code, try other values without storing them."""
    cause, event, event_on = _read(given)
    prefecture = str(given["prefecture"]).upper() if given.get("prefecture") else None
    found = propose_exit_date(
        cause=cause, event=event, event_on=event_on, prefecture=prefecture, find=_what_if(given, cause, event)
    )
    rule = found.rule
    return {
        "date": found.day.isoformat() if found.day else None,
        "reason": found.reason,
        "missing_parameter": found.missing_parameter or None,
        "parameter_days": rule.value if rule else None,
        "sentence": rule.sentence if rule else None,
        **(citation(rule) if rule else {"rule": None, "source": None, "validity": None}),
        "is_demo": found.is_demo,
        "is_confirmed": bool(rule and rule.is_confirmed),
    }


def _read(given: Mapping[str, Any]) -> tuple[str, str, date]:
    cause, event = str(given.get("cause", "")), str(given.get("event", ""))
    if cause not in ExitCause.values:
        raise Refusal(_("«cause» è uno di: %(all)s.") % {"all": ", ".join(ExitCause.values)})
    if event not in ExitEvent.values:
        raise Refusal(_("«event» è uno di: %(all)s.") % {"all": ", ".join(ExitEvent.values)})
    try:
        return cause, event, date.fromisoformat(str(given.get("event_date", "")))
    except ValueError as error:
        raise Refusal(_("«event_date» è una data come 2026-03-02.")) from error


def _what_if(given: Mapping[str, Any], cause: str, event: str) -> RuleFinder:
    tried = dict(given.get("rules") or {})
    if given.get("parameter_days") is not None:
        last = ExitEvent.APPEAL_EXPIRED if cause == ExitCause.REJECTED else event
        tried[parameter_code(cause, last)] = given["parameter_days"]
    for code, value in tried.items():
        if value is not None and not is_day_count(value):
            raise Refusal(
                _("Il valore di prova di «%(code)s» è un numero intero di giorni, da 0 a %(most)d.")
                % {"code": code, "most": LONGEST}
            )

    def find(code: str, day: date, province: str | None) -> RuleValue:
        if code not in tried:
            return find_rule(code, day, province)
        try:
            stored = find_rule(code, day, province)
        except RuleMissing:
            stored = RuleValue(code, None, "", "", valid_from=day)
        return replace(stored, value=tried[code], source=_("Valore di prova, non salvato"), version="tried")

    return find
