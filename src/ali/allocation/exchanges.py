"""Exchanging the homes of two households of a round: with whom it is possible, and why not with the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.allocation.eligibility import DEFAULT_WEIGHTS, Parameters
from ali.allocation.facts import FreeBed, HouseholdFacts
from ali.allocation.models import Pin, Proposal, RoundEntry
from ali.allocation.queries import (
    Candidate,
    Home,
    candidates,
    criteria_in_force,
    homes_on_offer,
    parameters_for,
    weights_of,
)
from ali.allocation.sharing import bed_beside
from ali.allocation.shortlists import FAR, Fit, fit
from ali.allocation.states import UNDECIDED, Outcome, PinKind
from ali.allocation.wording import rule_fails


@dataclass(frozen=True)
class Entering:
    """A household in the home of the other: how it fits and the bed that decides its day, or why it cannot."""

    fit: Fit | None = None
    bed: FreeBed | None = None
    refused: str = ""


@dataclass(frozen=True)
class Exchange:
    """An exchange with another entry of the round: `mine` enters their home, `theirs` enters mine."""

    other: RoundEntry
    mine: Entering
    theirs: Entering
    refused: str = ""

    @property
    def is_possible(self) -> bool:
        return not self.refused

    @property
    def value(self) -> int:
        """What both homes are worth to both households, exchanged: for the order in which they are shown."""
        return sum(one.fit.value for one in (self.mine, self.theirs) if one.fit)


def exchanges_of(actor: Actor, entry: RoundEntry, today: date) -> list[Exchange]:
    """Return every other proposal of the round: the exchanges that are possible first, then the others with the reason.

    Rules, beds and days are those of this moment. The number of queries does not depend on how many there are.
    """
    in_round = list(
        RoundEntry.objects.filter(round=entry.round_id, outcome=Outcome.PROPOSED)
        .select_related("household", "dwelling__building__municipality", "dwelling__manager")
        .order_by("-weight", "pk")
    )
    picture = _Picture.read(actor, entry.round.province_id, in_round, today)
    mine = next(one for one in in_round if one.pk == entry.pk)
    found = [picture.exchange(mine, other) for other in in_round if other.pk != entry.pk]
    return sorted(found, key=lambda one: (not one.is_possible, -one.value, one.other.pk))


@dataclass(frozen=True)
class _Picture:
    """The households and the homes of a round as they are now."""

    parameters: Parameters
    weights: Mapping[str, int]
    people: Mapping[int, Candidate]
    homes: Mapping[int, Home]
    entries: Sequence[RoundEntry]
    in_proposal: frozenset[int]
    excluded: frozenset[tuple[int, int]]

    @classmethod
    def read(cls, actor: Actor, province: str, entries: Sequence[RoundEntry], today: date) -> "_Picture":
        households = [one.household_id for one in entries]
        people = candidates(actor, province=province, day=today, days=FAR, only=households)
        homes = homes_on_offer(
            actor,
            province=province,
            day=today,
            days=FAR,
            only={one.dwelling_id for one in entries if one.dwelling_id},
        )
        live = Proposal.objects.live().filter(household__in=households)
        forbidden = Pin.objects.filter(household__in=households, kind=PinKind.FORBID)
        return cls(
            parameters_for(province, today),
            weights_of(criteria_in_force(province, today), DEFAULT_WEIGHTS),
            {one.known.pk: one for one in people},
            {home.known.pk: home for home in homes},
            entries,
            frozenset(live.order_by().values_list("household_id", flat=True)),
            frozenset(forbidden.order_by().values_list("household_id", "dwelling_id")),
        )

    def exchange(self, mine: RoundEntry, other: RoundEntry) -> Exchange:
        """Return the exchange of two entries, or the first reason why it is not possible."""
        refused = self._why_not_theirs(mine, other)
        if refused:
            return Exchange(other, Entering(), Entering(), refused)
        entering, leaving = self._enter(mine, other), self._enter(other, mine)
        told = ""
        if entering.refused:
            told = _("Questo nucleo nella loro casa: %(why)s.") % {"why": entering.refused}
        elif leaving.refused:
            told = _("Loro in questa casa: %(why)s.") % {"why": leaving.refused}
        return Exchange(other, entering, leaving, told)

    def _why_not_theirs(self, mine: RoundEntry, other: RoundEntry) -> str:
        if other.handling not in UNDECIDED or other.household_id in self.in_proposal:
            return _("Su di loro è già stato deciso.")
        if other.dwelling_id == mine.dwelling_id:
            return _("Hanno già la stessa casa.")
        if other.household_id not in self.people:
            return _("Non cercano più una casa: hanno già una soluzione o sono usciti.")
        if other.dwelling_id not in self.homes:
            return _("La loro casa non ha più posti liberi.")
        return ""

    def _enter(self, who: RoundEntry, where: RoundEntry) -> Entering:
        """Return how the household of `who` would live in the home of `where`, whose own household leaves it."""
        person, home = self.people.get(who.household_id), self.homes.get(where.dwelling_id or 0)
        if person is None:
            return Entering(refused=_("non cercano più una casa"))
        if home is None:
            return Entering(refused=_("non ha più posti liberi"))
        if (who.household_id, home.known.pk) in self.excluded:
            return Entering(refused=_("la prefettura l'ha esclusa per loro"))
        found = fit(person, home, self.parameters, self.weights)
        if not found.is_lawful:
            return Entering(found, refused=rule_fails(found.first_failing))
        bed = bed_beside(home, person.facts, self._who_stays(where), self.parameters)
        if bed is None:
            return Entering(
                found, refused=_("con gli altri proposti lì dal giro non ci sono posti adatti in tempo")
            )
        return Entering(found, bed)

    def _who_stays(self, where: RoundEntry) -> list[tuple[HouseholdFacts, date | None]]:
        """Return the other households that the round puts in the same home, with the day of their bed."""
        return [
            (self.people[one.household_id].facts, one.free_on)
            for one in self.entries
            if one.dwelling_id == where.dwelling_id
            and one.pk != where.pk
            and one.handling in UNDECIDED
            and one.household_id in self.people
            and one.household_id not in self.in_proposal
        ]
