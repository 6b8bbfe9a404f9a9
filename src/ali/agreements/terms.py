"""What an agreement says on a day: its first terms with every amendment that has taken effect."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ali.agreements.models import Agreement, Amendment

AMENDABLE = ("ends_on", "rent_cents", "condominium_cents", "deposit_cents", "allows_sublet")


@dataclass(frozen=True)
class Terms:
    """The terms that an amendment may change. Money: cents, a month but for the deposit."""

    ends_on: date | None
    rent_cents: int
    condominium_cents: int
    deposit_cents: int
    allows_sublet: bool

    @classmethod
    def latest(cls, agreement: Agreement) -> "Terms":
        """Return the terms after every amendment, also those that are still to take effect."""
        return cls(**{name: getattr(agreement, name) for name in AMENDABLE})

    def changed(self, values: Mapping[str, Any]) -> "Terms":
        """Return the terms with some of them changed, as an amendment keeps them."""
        return Terms(**{**self.__dict__, **{name: _read(name, value) for name, value in values.items()}})


def _read(name: str, value: Any) -> Any:  # Any: a value of a JSON document
    return date.fromisoformat(value) if name == "ends_on" and value else value


def written(value: Any) -> Any:  # Any: a term; a value of a JSON document
    """Return a term as an amendment keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def first_terms(agreement: Agreement, amendments: Iterable[Amendment]) -> Terms:
    """Return the terms that were signed, before any amendment."""
    terms = Terms.latest(agreement)
    for one in sorted(amendments, key=lambda amendment: -amendment.number):
        terms = terms.changed({name: pair["before"] for name, pair in one.changes.items()})
    return terms


def terms_on(agreement: Agreement, amendments: Iterable[Amendment], day: date) -> Terms:
    """Return the terms in force on `day`: those signed, with the amendments that had taken effect, in their order."""
    known = sorted(amendments, key=lambda amendment: amendment.number)
    terms = first_terms(agreement, known)
    for one in known:
        if one.effective_on <= day:
            terms = terms.changed({name: pair["after"] for name, pair in one.changes.items()})
    return terms
