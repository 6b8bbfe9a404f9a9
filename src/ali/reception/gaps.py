"""What each person still lacks. Reception keeps the answer beside the exit; the apps that know it supply it here."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from ali.reception.models import Exit
from ali.reception.states import OPEN_STATES, Gap, GapState

# Given person ids and the day, the state of one gap for each person it knows something about.
GapProvider = Callable[[Collection[int], date], Mapping[int, GapState]]
_providers: dict[Gap, GapProvider] = {}


def provide_gap(gap: Gap, provider: GapProvider) -> None:
    """Let an app supply one of the five gaps."""
    _providers[gap] = provider


def refresh_gaps(person_ids: Collection[int], *, today: date) -> int:
    """Recompute the gaps of the open exits of these persons; call it after changing what a gap rests on."""
    ids = list(person_ids)
    exits = list(Exit.objects.filter(person_id__in=ids, state__in=OPEN_STATES).order_by())
    for gap, provider in _providers.items():
        known = provider(ids, today)
        for leaving in exits:
            setattr(leaving, f"gap_{gap.value}", known.get(leaving.person_id, GapState.UNKNOWN))
    Exit.objects.bulk_update(
        exits, [f"gap_{gap.value}" for gap in _providers], batch_size=500
    ) if _providers and exits else None
    return len(exits)


def restart_gaps(person_ids: Collection[int], today: date) -> None:
    """Recompute gaps whenever what people write changes: people's hook."""
    refresh_gaps(person_ids, today=today)
