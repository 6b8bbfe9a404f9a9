"""Transition tables: which state may follow which, and by which verb."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from ali.core.decisions import YES, Decision, Refusal, no

S = TypeVar("S", bound=StrEnum)


class WrongState(Refusal):
    """The step is not possible from the present state."""


@dataclass(frozen=True)
class Transitions(Generic[S]):
    """For each verb, the states it may start from and the state it leads to; None leaves it as it is."""

    table: Mapping[str, tuple[frozenset[S], S | None]]

    def can(self, verb: str, state: S) -> Decision:
        """Say whether `verb` can happen from `state`."""
        starts, _end = self.table[verb]
        if state in starts:
            return YES
        return no(_("Non è possibile ora: lo stato è cambiato nel frattempo. Ricarica la pagina."))

    def after(self, verb: str, state: S) -> S:
        """Return the state after `verb`; raise `WrongState` when it cannot happen from `state`."""
        decision = self.can(verb, state)
        if not decision:
            raise WrongState(decision.reason)
        return self.table[verb][1] or state
