"""News that travels upwards by registration: the agreements with an owner are kept by a higher app."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ali.accounts.actors import Actor
from ali.scouting.models import Owner


@dataclass(frozen=True)
class AgreementLine:
    """An agreement with an owner, as the owner's page shows it."""

    label: str
    state: str
    href: str = ""


Agreements = Callable[[Actor, Owner], Sequence[AgreementLine]]
_sources: list[Agreements] = []


def provide_agreements(source: Agreements) -> None:
    """Let the app that keeps agreements list those with an owner."""
    _sources[:] = [source]


def agreements_with(actor: Actor, owner: Owner) -> list[AgreementLine]:
    """Return the agreements with an owner that the actor sees."""
    return [line for source in _sources for line in source(actor, owner)]
