"""What the pages and other apps read from here."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.imports.models import ColumnMapping, ImportRun
from ali.imports.states import Effect, RowStatus, RunState
from ali.organisations.models import Organisation, OrganisationKind


def senders_for(actor: Actor) -> QuerySet[Any]:
    """Return the bodies whose files the actor may import, by name: the own one, and the managers of a prefecture."""
    own = Q(pk=actor.organisation_id)
    if actor.role == roles.PREFECTURE_OFFICER:
        own |= Q(
            roles__kind=OrganisationKind.RECEPTION_MANAGER, roles__province__prefecture__in=actor.provinces
        )
    return Organisation.objects.filter(own).distinct().order_by("folded", "pk")


def remembered_mapping(kind: str, sender: Organisation | None, signature: str) -> Mapping[str, str] | None:
    """Return the columns chosen the last time that this sender used this layout."""
    if sender is None:
        return None
    kept = ColumnMapping.objects.filter(kind=kind, organisation=sender, signature=signature).first()
    return kept.columns if kept else None


def applied_before(kind: str, digest: str, organisation_id: int | None) -> ImportRun | None:
    """Return the last time that the same file was applied by the same body."""
    same = ImportRun.objects.filter(
        kind=kind, file_sha256=digest, organisation=organisation_id, state=RunState.APPLIED
    )
    found: ImportRun | None = same.order_by("-applied_at", "-pk").first()
    return found


def totals_of(run: ImportRun) -> dict[str, int]:
    """Return how many rows there are of each status and of each effect: one query."""
    counted = run.rows.aggregate(
        rows=Count("pk"),
        **{f"{status}": Count("pk", filter=Q(status=status)) for status in RowStatus.values},
        **{f"effect_{effect}": Count("pk", filter=Q(effect=effect)) for effect in Effect.values},
    )
    return {name: int(number) for name, number in counted.items()}
