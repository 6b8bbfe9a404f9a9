"""Parts of a home's page that higher apps fill: they offer one when Django starts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ali.accounts.actors import Actor
from ali.housing.models import Dwelling

Values = dict[str, Any]  # Any: values of a template


@dataclass(frozen=True)
class Panel:
    """A part of the page: its template, and the values it reads as `panel`; None when this actor sees no such part."""

    template: str
    values: Callable[[Actor, Dwelling, date], Values | None]


_panels: list[Panel] = []


def offer_panel(panel: Panel) -> None:
    """Put a part on the page of a home."""
    _panels.append(panel)


def panels_for(actor: Actor, home: Dwelling, today: date) -> list[Values]:
    """Return the parts that `actor` sees, each with its template."""
    drawn = [(panel.template, panel.values(actor, home, today)) for panel in _panels]
    return [{"template": template, "values": values} for template, values in drawn if values is not None]
