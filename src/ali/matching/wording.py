"""Words shared by what the engine says to people."""

from collections.abc import Mapping

_GROUPS = {
    "man": ("1 uomo solo", "{} uomini soli"),
    "woman": ("1 donna sola", "{} donne sole"),
    "family": ("1 famiglia", "{} famiglie"),
}


def kinds(groups: Mapping[str, int]) -> str:
    """Groups and counts: «1 uomo solo e 2 famiglie»."""
    return " e ".join(_GROUPS[group][0 if n == 1 else 1].format(n) for group, n in groups.items())


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many}"
