"""Money is integer cents in the database, Decimal euros at the edges."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

CENT = Decimal("0.01")


def to_cents(euros: Decimal | int | float | str) -> int:
    """Return `euros` as integer cents, rounded half up."""
    return int((Decimal(str(euros)).quantize(CENT, rounding=ROUND_HALF_UP)) * 100)


def to_euros(cents: int) -> Decimal:
    """Return `cents` as Decimal euros with two decimals."""
    return (Decimal(cents) / 100).quantize(CENT)


def show_euros(cents: int | None) -> str:
    """Return «1.234,50 €», without decimals when they are zero; empty for None."""
    if cents is None:
        return ""
    return f"{number_format(to_euros(cents), 0 if cents % 100 == 0 else 2, use_l10n=True, force_grouping=True)} €"
