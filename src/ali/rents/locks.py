"""One order in which accounts are locked, so that postings wait for each other and never block each other for good."""

from collections.abc import Collection

from ali.rents.models import Account


def lock_accounts(ids: Collection[int]) -> dict[int, Account]:
    """Lock these accounts until the end of the transaction, always in the same order."""
    locked = Account.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {account.pk: account for account in locked}
