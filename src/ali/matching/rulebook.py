"""Rules as data: a code, a condition and, where it helps, a measure of what is missing.

A book checks them once. With the numbers in force it answers for one pair, or for whole columns of pairs; `screening`
makes the arcs of an instance of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from ali.matching.expressions import RuleProblem, Term, Value, parse

Facts = Mapping[str, Value]


@dataclass(frozen=True)
class Rule:
    """A condition that a pair must meet. `missing` measures how far a pair is from it; `unit` says in what.

    `step` is what a small change of this rule is (50 euros, 1 bed, 7 days): it makes rules comparable.
    """

    code: str
    condition: str
    missing: str = ""
    unit: str = ""
    step: int = 1
    sentence: str = ""
    source: str = ""


@dataclass(frozen=True)
class RuleBook:
    """Checked rules and the value of a pair, as terms over `household.*`, `home.*` and the numbers in force."""

    rules: tuple[Rule, ...]
    conditions: tuple[Term, ...]
    missing: tuple[Term | None, ...]
    value: Term
    numbers: frozenset[str] = frozenset()  # still without a value

    @classmethod
    def of(
        cls,
        rules: Sequence[Rule],
        value: str,
        *,
        household: Collection[str],
        home: Collection[str],
        numbers: Collection[str] = (),
        definitions: Mapping[str, str] | None = None,
    ) -> Self:
        """Check the texts; the refusal names the rule."""
        names = {f"household.{name}" for name in household} | {f"home.{name}" for name in home} | {*numbers}
        terms: dict[str, Term] = {}
        for name, text in (definitions or {}).items():
            terms[name] = _parsed(name, text, names, terms)
        codes = [rule.code for rule in rules]
        for code in codes:
            if codes.count(code) > 1:
                raise RuleProblem(f"regola {code}: il codice compare due volte.")
        conditions = tuple(_of_kind(rule.code, rule.condition, names, terms, "truth") for rule in rules)
        missing = tuple(
            _of_kind(rule.code, rule.missing, names, terms, "number") if rule.missing else None
            for rule in rules
        )
        worth = _of_kind("valore", value, names, terms, "number")
        return cls(tuple(rules), conditions, missing, worth, frozenset(numbers))

    def with_numbers(self, numbers: Mapping[str, int]) -> "RuleBook":
        """The same book once its numbers have a value."""
        without = self.numbers - numbers.keys()
        if without:
            raise RuleProblem(f"mancano i valori di {', '.join(sorted(without))}.")
        return self._known(numbers)

    def for_households(self, facts: Facts) -> "RuleBook":
        """The same book for these households: what depends on them alone is computed once."""
        return self._known(facts)

    def _known(self, facts: Facts) -> "RuleBook":
        return RuleBook(
            self.rules,
            tuple(term.known(facts) for term in self.conditions),
            tuple(term.known(facts) if term else None for term in self.missing),
            self.value.known(facts),
        )

    def passed(self, facts: Facts) -> dict[str, Value]:
        """Code -> whether the pair, or each pair of a column, meets it; in the order in which rules are told."""
        return {rule.code: term(facts) for rule, term in zip(self.rules, self.conditions, strict=True)}

    def first_failing(self, facts: Facts) -> Rule | None:
        """The first rule one pair does not meet."""
        pairs = zip(self.rules, self.conditions, strict=True)
        return next((rule for rule, term in pairs if not term(facts)), None)

    def shortfall(self, code: str, facts: Facts) -> int | None:
        """How much one pair misses to meet a rule, in the unit of the rule; None where that cannot be measured."""
        at = [rule.code for rule in self.rules].index(code)
        term = self.missing[at]
        return int(term(facts)) if term else None


def _parsed(code: str, text: str, names: Collection[str], terms: Mapping[str, Term]) -> Term:
    try:
        return parse(text, names, terms)
    except RuleProblem as problem:
        raise RuleProblem(f"regola {code}: {problem}") from problem


def _of_kind(code: str, text: str, names: Collection[str], terms: Mapping[str, Term], kind: str) -> Term:
    term = _parsed(code, text, names, terms)
    if term.kind != kind:
        wanted = "una condizione" if kind == "truth" else "un numero"
        raise RuleProblem(f"regola {code}: «{text}» deve essere {wanted}.")
    return term
