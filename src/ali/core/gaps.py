"""The five things a household needs before leaving, as the pages draw them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class GapParts:
    icon: str
    mark: str
    label: str | Promise
    state_label: str | Promise


KINDS: dict[str, tuple[str, str | Promise]] = {
    "papers": ("it-card", _("Documenti")),
    "income": ("ali-euro", _("Reddito")),
    "home": ("ali-home", _("Casa")),
    "language": ("ali-speech", _("Italiano")),
    "network": ("ali-people", _("Rete")),
}
STATES: dict[str, tuple[str, str | Promise]] = {
    "missing": ("it-close", _("manca")),
    "partial": ("it-minus", _("in parte")),
    "ok": ("it-check", _("c'è")),
    "unknown": ("it-help", _("non si sa")),
}


def describe(kind: str, state: str) -> GapParts:
    """The drawing and the words of a gap; an unknown kind or state is a mistake of the page."""
    icon, label = KINDS[kind]
    mark, state_label = STATES[state]
    return GapParts(icon=icon, mark=mark, label=label, state_label=state_label)
