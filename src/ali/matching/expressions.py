"""A small language for rules: a line of text that answers for one pair, or for whole columns of numbers.

    household.persons <= home.beds and (home.mode == WHOLE or household.group == MAN)

Whole numbers, `+ - * // %`, comparisons, `and or not`, `x if test else y`, `min`, `max`, `abs`. Numbers and truth values
do not mix, nothing can be called or reached beyond the names declared: a rule written by somebody else cannot do more
than compare facts. The same text runs on plain integers and on numpy columns and gives the same integers.
"""

import ast
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

from ali.matching.errors import InstanceProblem

Value = Any  # Any: an int or a bool, or a numpy column of them
Kind = Literal["number", "truth"]
LONGEST = 2_000  # characters of a rule

_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISON: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class RuleProblem(InstanceProblem):
    """A rule's text cannot be used; the sentence says which rule and why."""


@dataclass(frozen=True)
class Term:
    """A checked expression, or a part of one: `names` are the facts it reads."""

    kind: Kind
    names: frozenset[str]
    evaluate: Callable[[Mapping[str, Value]], Value]
    parts: tuple["Term", ...] = ()
    build: Callable[["tuple[Term, ...]"], "Term"] | None = None

    def __call__(self, facts: Mapping[str, Value]) -> Value:
        """The value for these facts."""
        return self.evaluate(facts)

    def known(self, facts: Mapping[str, Value]) -> "Term":
        """The same expression with every part that reads only these facts computed once for all."""
        if self.names <= facts.keys():
            return constant(self.evaluate(facts), self.kind)
        if self.build is None:
            return self
        return self.build(tuple(part.known(facts) for part in self.parts))


def constant(value: Value, kind: Kind) -> Term:
    """A value that reads nothing."""
    return Term(kind, frozenset(), lambda _facts: value)


def parse(text: str, names: Collection[str], definitions: Mapping[str, Term] | None = None) -> Term:
    """The expression written in `text`, which may read these names and use these definitions."""
    if len(text) > LONGEST:
        raise RuleProblem(f"la regola è troppo lunga: {len(text)} caratteri, al massimo {LONGEST}.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        return _Reader(frozenset(names), definitions or {}).read(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, RuleProblem):
            raise
        raise RuleProblem(f"«{text.strip()}» non si legge come regola.") from error


class _Reader:
    """From Python's syntax tree to terms, refusing whatever the language does not have."""

    def __init__(self, names: frozenset[str], definitions: Mapping[str, Term]) -> None:
        self.names, self.definitions = names, definitions

    def read(self, node: ast.expr) -> Term:
        method = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if method is None:
            raise RuleProblem(f"«{ast.unparse(node)}» non si può usare in una regola.")
        term: Term = method(node)
        return term

    def _read_constant(self, node: ast.Constant) -> Term:
        if isinstance(node.value, bool):
            return constant(node.value, "truth")
        if isinstance(node.value, int):
            return constant(node.value, "number")
        raise RuleProblem(f"«{ast.unparse(node)}» non è un numero intero.")

    def _read_name(self, node: ast.Name) -> Term:
        return self._named(node.id)

    def _read_attribute(self, node: ast.Attribute) -> Term:
        return self._named(ast.unparse(node))

    def _named(self, name: str) -> Term:
        if name in self.definitions:
            return self.definitions[name]
        if name not in self.names:
            raise RuleProblem(
                f"«{name}» non è un dato che le regole possono leggere: ci sono {', '.join(sorted(self.names | self.definitions.keys()))}."
            )
        return Term("number", frozenset([name]), operator.itemgetter(name))

    def _read_unaryop(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not):
            return _unary(_negated, self._of_kind(node.operand, "truth"))
        if isinstance(node.op, ast.USub):
            return _unary(operator.neg, self._of_kind(node.operand, "number"))
        raise RuleProblem(f"«{ast.unparse(node)}» non si può usare in una regola.")

    def _read_binop(self, node: ast.BinOp) -> Term:
        verb = _ARITHMETIC.get(type(node.op))
        if verb is None:
            raise RuleProblem(f"«{ast.unparse(node)}»: si possono usare solo + - * // %.")
        return _binary(
            verb, "number", self._of_kind(node.left, "number"), self._of_kind(node.right, "number")
        )

    def _read_compare(self, node: ast.Compare) -> Term:
        sides = [self._of_kind(side, "number") for side in (node.left, *node.comparators)]
        pairs = []
        for at, op in enumerate(node.ops):
            verb = _COMPARISON.get(type(op))
            if verb is None:
                raise RuleProblem(f"«{ast.unparse(node)}»: si possono usare solo == != < <= > >=.")
            pairs.append(_binary(verb, "truth", sides[at], sides[at + 1]))
        return pairs[0] if len(pairs) == 1 else _chain(pairs, stops_at=False)

    def _read_boolop(self, node: ast.BoolOp) -> Term:
        parts = [self._of_kind(part, "truth") for part in node.values]
        return _chain(parts, stops_at=isinstance(node.op, ast.Or))

    def _read_ifexp(self, node: ast.IfExp) -> Term:
        test, body, other = self._of_kind(node.test, "truth"), self.read(node.body), self.read(node.orelse)
        if body.kind != other.kind:
            raise RuleProblem(f"«{ast.unparse(node)}»: i due valori devono essere dello stesso tipo.")
        return _choice((test, body, other))

    def _read_call(self, node: ast.Call) -> Term:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if node.keywords or name not in {"min", "max", "abs"}:
            raise RuleProblem(
                f"«{ast.unparse(node)}» non si può usare: le sole funzioni sono min, max e abs."
            )
        parts = tuple(self._of_kind(part, "number") for part in node.args)
        if name == "abs" and len(parts) == 1:
            return _unary(abs, parts[0])
        if name == "abs" or len(parts) < 2:
            raise RuleProblem(f"«{ast.unparse(node)}»: numero di valori sbagliato.")
        return _extreme(parts, least=name == "min")

    def _of_kind(self, node: ast.expr, kind: Kind) -> Term:
        term = self.read(node)
        if term.kind != kind:
            wanted = "un numero" if kind == "number" else "un confronto"
            raise RuleProblem(f"«{ast.unparse(node)}»: qui serve {wanted}.")
        return term


def _reads(parts: Iterable[Term]) -> frozenset[str]:
    return frozenset().union(*(part.names for part in parts))


def _is_plain(value: Value) -> bool:
    return not getattr(value, "ndim", 0)


def _negated(value: Value) -> Value:
    return not value if _is_plain(value) else ~value


def _where(chosen: Value, value: Value, other: Value) -> Value:
    import numpy as np  # noqa: PLC0415  one pair in a page does without

    return np.where(chosen, value, other)


def _extreme_of(values: list[Value], *, least: bool) -> Value:
    if all(map(_is_plain, values)):
        return min(values) if least else max(values)
    import numpy as np  # noqa: PLC0415  one pair in a page does without

    return reduce(np.minimum if least else np.maximum, values)


def _unary(verb: Callable[[Any], Any], part: Term) -> Term:
    inner = part.evaluate
    return Term(
        part.kind, part.names, lambda facts: verb(inner(facts)), (part,), lambda parts: _unary(verb, parts[0])
    )


def _binary(verb: Callable[[Any, Any], Any], kind: Kind, left: Term, right: Term) -> Term:
    first, second = left.evaluate, right.evaluate
    parts = (left, right)
    return Term(
        kind,
        _reads(parts),
        lambda facts: verb(first(facts), second(facts)),
        parts,
        lambda parts: _binary(verb, kind, parts[0], parts[1]),
    )


def _chain(parts: Iterable[Term], *, stops_at: bool) -> Term:
    """`or` when it stops at what is true, `and` when at what is false: what is the same for all is looked at first."""
    parts = tuple(parts)
    join = operator.or_ if stops_at else operator.and_

    def evaluate(facts: Mapping[str, Value]) -> Value:
        found: Value = None
        for part in parts:
            value = part.evaluate(facts)
            if not _is_plain(value):
                found = value if found is None else join(found, value)
            elif bool(value) == stops_at:
                return stops_at
        return (not stops_at) if found is None else found

    return Term("truth", _reads(parts), evaluate, parts, lambda parts: _chain(parts, stops_at=stops_at))


def _choice(parts: tuple[Term, ...]) -> Term:
    test, body, other = parts

    def evaluate(facts: Mapping[str, Value]) -> Value:
        chosen = test.evaluate(facts)
        if _is_plain(chosen):
            return (body if chosen else other).evaluate(facts)
        return _where(chosen, body.evaluate(facts), other.evaluate(facts))

    return Term(body.kind, _reads(parts), evaluate, parts, _choice)


def _extreme(parts: tuple[Term, ...], *, least: bool) -> Term:

    def evaluate(facts: Mapping[str, Value]) -> Value:
        return _extreme_of([part.evaluate(facts) for part in parts], least=least)

    return Term("number", _reads(parts), evaluate, parts, lambda parts: _extreme(parts, least=least))
