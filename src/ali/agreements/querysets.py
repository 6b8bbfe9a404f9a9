from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ali.accounts import roles
from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.agreements.states import BINDING, AgreementState, CallState
from ali.core import clock
from ali.core.posted import PostedQuerySet


class AgreementQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "AgreementQuerySet":
        """Return the agreements of the actor's body."""
        if not actor.may(Permission.SEE_AGREEMENTS):
            return self.none()
        return self.filter(holder=actor.organisation_id)

    def in_force_on(self, day: date) -> "AgreementQuerySet":
        """Return those signed that cover `day`."""
        return self.binding().filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day),
            Q(leaves_on__isnull=True) | Q(leaves_on__gte=day),
            starts_on__lte=day,
        )

    def binding(self) -> "AgreementQuerySet":
        """Return those signed and not ended."""
        return self.filter(state__in=BINDING)

    def open(self) -> "AgreementQuerySet":
        """Return those neither ended nor cancelled."""
        return self.filter(state__in=(AgreementState.DRAFT, *BINDING))

    def covering(
        self, dwelling: Any
    ) -> "AgreementQuerySet":  # Any: a Dwelling, whose module is not needed here
        """Return those of the dwelling's building that name it, or that name none and so take all of it."""
        of_this = self.model.dwellings.through.objects.filter(agreement=OuterRef("pk"))
        return self.filter(
            Exists(of_this.filter(dwelling=dwelling.pk)) | ~Exists(of_this), building=dwelling.building_id
        )


class OfAgreementQuerySet(QuerySet[Any]):
    """Rows that belong to an agreement."""

    def visible_to(self, actor: Actor) -> "OfAgreementQuerySet":
        """Return those of the agreements that the actor sees."""
        if not actor.may(Permission.SEE_AGREEMENTS):
            return self.none()
        return self.filter(agreement__holder=actor.organisation_id)


class SchemeQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "SchemeQuerySet":
        """Return every scheme: what an agency guarantees is public. Housing bodies and Comuni work with them."""
        if not (actor.may(Permission.SEE_AGREEMENTS) or actor.may(Permission.SEE_FUND)):
            return self.none()
        return self.all()

    def near(self, municipality: Any) -> "SchemeQuerySet":  # Any: a Municipality
        """Return those that guarantee homes in a Comune."""
        return self.filter(
            Q(municipality=municipality.pk)
            | Q(municipality__isnull=True, province=municipality.province_id)
            | Q(municipality__isnull=True, province__isnull=True)
        )


def _runs(actor: Actor, at: str) -> Q:
    return Q(**{f"{at}body": actor.organisation_id})


class ApplicationQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "ApplicationQuerySet":
        """Return those that the actor's body asked, and those asked of a scheme of its own."""
        if not (actor.may(Permission.SEE_AGREEMENTS) or actor.may(Permission.SEE_FUND)):
            return self.none()
        return self.filter(
            Q(body=actor.organisation_id)
            | Q(scheme__organisation=actor.organisation_id)
            | Q(scheme__fund__body=actor.organisation_id)
        )


class FundQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor, day: date | None = None) -> "FundQuerySet":
        """Return the funds that the actor's body runs; to a housing body also those that guarantee one of its contracts."""
        from ali.agreements.models import Commitment  # this module is what models.py attaches

        if not actor.may(Permission.SEE_FUND):
            return self.none()
        own = Q(body=actor.organisation_id)
        if actor.role not in roles.HOUSING_BODY_ROLES:
            return self.filter(own)
        theirs = Commitment.objects.filter(fund=OuterRef("pk"), body=actor.organisation_id)
        return self.filter(own | Exists(theirs))

    def run_by(self, actor: Actor) -> "FundQuerySet":
        """Return those that the actor's body runs: it reads all their sums."""
        return self.filter(body=actor.organisation_id) if actor.may(Permission.SEE_FUND) else self.none()

    def open(self) -> "FundQuerySet":
        return self.filter(closed_on__isnull=True)


class CommitmentQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "CommitmentQuerySet":
        """Return those of the actor's own funds and those for its own contracts."""
        if not actor.may(Permission.SEE_FUND):
            return self.none()
        return self.filter(_runs(actor, "fund__") | Q(body=actor.organisation_id))

    def running(self, day: date | None = None) -> "CommitmentQuerySet":
        """Return those that guarantee something on `day`."""
        on = day or clock.today()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), released_on__isnull=True)


class CallQuerySet(QuerySet[Any]):
    def visible_to(self, actor: Actor) -> "CallQuerySet":
        """Return those on the actor's own funds and those for its own contracts."""
        if not actor.may(Permission.SEE_FUND):
            return self.none()
        return self.filter(_runs(actor, "commitment__fund__") | Q(commitment__body=actor.organisation_id))

    def waiting(self) -> "CallQuerySet":
        return self.filter(state=CallState.ASKED)


class EntryQuerySet(PostedQuerySet):
    def visible_to(self, actor: Actor) -> "EntryQuerySet":
        """Return those of the funds that the actor's body runs."""
        if not actor.may(Permission.SEE_FUND):
            return self.none()
        return self.filter(fund__body=actor.organisation_id)
