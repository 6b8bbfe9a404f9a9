from decimal import Decimal

from django import template
from django.utils.formats import number_format

from ali.core.money import show_euros, to_cents

register = template.Library()


@register.filter
def rounded_euros(amount: Decimal | None) -> str:
    """Return euros without cents: «-664 €»; a dash for what cannot be said."""
    return "–" if amount is None else show_euros(to_cents(round(amount)))


@register.filter
def exact_euros(amount: Decimal | None) -> str:
    """Return euros to the cent; a dash for what cannot be said."""
    return "–" if amount is None else show_euros(to_cents(amount))


@register.filter
def as_percent(share: Decimal | None) -> str:
    """Return a part of one as «5,0%»; a dash for what cannot be said."""
    return "–" if share is None else f"{number_format(round(share * 100, 1), 1, use_l10n=True)}%"


@register.filter
def as_decimal(number: Decimal | None) -> str:
    """Return a number with two decimals; a dash for what cannot be said."""
    return "–" if number is None else number_format(round(number, 2), 2, use_l10n=True)
