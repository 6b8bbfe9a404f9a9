"""One page of a long list, without counting it: the rows, and the addresses of the pages before and after."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.http import HttpRequest

M = TypeVar("M")
Row_co = TypeVar("Row_co", covariant=True)
SIZE = 50


class Rows(Protocol[Row_co]):
    """A query set, or a list: what can be cut."""

    def __getitem__(self, part: slice, /) -> Iterable[Row_co]: ...


@dataclass(frozen=True)
class Slice(Generic[M]):
    """Rows of one page."""

    rows: list[M]
    number: int
    previous_url: str
    next_url: str


def take_page(request: HttpRequest, rows: Rows[M], *, size: int = SIZE) -> Slice[M]:
    """Return the page that the address asks for (`?page=2`), the other parts of the address kept."""
    asked = request.GET.get("page", "1")
    number = max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Slice(
        rows=found[:size],
        number=number,
        previous_url=_address(request, number - 1) if number > 1 else "",
        next_url=_address(request, number + 1) if len(found) > size else "",
    )


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"
