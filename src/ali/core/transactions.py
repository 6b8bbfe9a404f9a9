"""Transactions and what follows them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction

atomic = transaction.atomic


def after_commit(action: Callable[..., Any], /, **arguments: Any) -> None:  # Any: the action's own arguments
    """Call `action` with `arguments` once the transaction is committed; never if it is rolled back."""
    transaction.on_commit(partial(action, **arguments))
