"""Who opens which address: the table of `access_matrix.csv` is what we mean, the code must say the same.

That it does the same is swept role by role in `tests/test_every_role.py`.
"""

import csv
from pathlib import Path

import pytest

from ali.accounts.access import roles_that_open
from ali.accounts.roles import ROLES
from tests.rules.url_examples import Address, addresses, examples

TABLE = Path(__file__).with_name("access_matrix.csv")
EVERYBODY = "public"
ALL = "all"


def meant() -> dict[str, str]:
    """The checked-in table: URL name, then `public`, `all` (every role) or role codes."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["url_name"]: row["open_to"] for row in csv.DictReader(lines)}


def roles_meant(cell: str) -> frozenset[str] | None:
    if cell == EVERYBODY:
        return None
    return frozenset(ROLES) if cell == ALL else frozenset(cell.split())


def cell_for(address: Address) -> str:
    """What the table would say of the code as it is."""
    roles = roles_that_open(address.view)
    if roles is None:
        return EVERYBODY
    return ALL if roles == frozenset(ROLES) else " ".join(code for code in ROLES if code in roles)


def test_every_address_has_its_row() -> None:
    missing = [f"{name},{cell_for(one)}" for name, one in addresses().items() if name not in meant()]

    assert not missing, (
        "righe da leggere, approvare e aggiungere a tests/rules/access_matrix.csv:\n" + "\n".join(missing)
    )


def test_no_row_speaks_of_an_address_that_is_gone() -> None:
    assert [name for name in meant() if name not in addresses()] == []


def test_rows_are_sorted() -> None:
    assert list(meant()) == sorted(meant())


@pytest.mark.parametrize("name", addresses())
def test_view_opens_to_whom_the_table_says(name: str) -> None:
    assert name in meant(), f"manca la riga {name},{cell_for(addresses()[name])}"
    assert roles_that_open(addresses()[name].view) == roles_meant(meant()[name])


def test_no_view_is_left_without_a_rule() -> None:
    assert [name for name, one in addresses().items() if roles_that_open(one.view) == frozenset()] == []


@pytest.mark.parametrize("name", addresses())
def test_address_with_something_to_fill_in_has_an_example(name: str) -> None:
    public = roles_that_open(addresses()[name].view) is None

    assert public or not addresses()[name].converters or name in examples(), (
        f"manca {name} in tests/<app>/url_examples.py: docs/how-to/add-a-page.md"
    )


def test_no_example_speaks_of_an_address_that_is_gone() -> None:
    assert [name for name in examples() if name not in addresses()] == []
