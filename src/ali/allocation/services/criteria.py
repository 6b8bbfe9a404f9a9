"""The criteria of a territory: what the lawful reasons weigh, and the act that approved them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.allocation import permissions
from ali.allocation.eligibility import DEFAULT_WEIGHTS
from ali.allocation.models import Criteria, Round
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic


class NotLawful(Refusal):
    """Only the lawful reasons can be weighed."""


class IncompleteAct(Refusal):
    """An act has a number and a day, not in the future."""


@dataclass(frozen=True)
class Act:
    """The act that approves criteria: who, number, day. Number and day go together; without them rounds are simulations."""

    body: str = ""
    number: str = ""
    on: date | None = None

    def check(self, today: date) -> None:
        """Raise `IncompleteAct` when number or day is missing or impossible."""
        if bool(self.number.strip()) != bool(self.on):
            raise IncompleteAct(_("L'atto ha numero e data insieme: senza, ogni giro resta una simulazione."))
        if self.on and self.on > today:
            raise IncompleteAct(_("L'atto non può avere una data futura."))


@atomic
def draft_criteria(
    *, actor: Actor, province: str, title: str, weights: Mapping[str, int], act: Act, today: date
) -> Criteria:
    """Write criteria to be tried: nothing changes until somebody puts them in force."""
    permissions.may_run_round(actor, province).or_refuse()
    _check_weights(weights)
    act.check(today)
    criteria = Criteria.objects.create(
        title=title,
        province_id=province,
        weights=dict(weights),
        act_body=act.body,
        act_number=act.number.strip(),
        act_on=act.on,
        valid_from=today,
        is_draft=True,
        drafted_by_id=actor.signer,
    )
    audit.record(actor, "criteria_drafted", criteria, weights=dict(weights))
    return criteria


@atomic
def enforce_criteria(
    *,
    actor: Actor,
    criteria: Criteria,
    tried: Round | None,
    expected_version: int,
    now: datetime,
    today: date,
) -> Criteria:
    """Put tried criteria in force for their territory; those before are kept, superseded."""
    permissions.may_enforce_criteria(actor, criteria, tried).or_refuse()
    Criteria.objects.filter(province=criteria.province_id, is_draft=False, superseded_at__isnull=True).update(
        superseded_at=now
    )
    criteria.is_draft, criteria.valid_from, criteria.enforced_by_id = False, today, actor.signer
    criteria.save_if_unchanged(expected_version)
    audit.record(
        actor, "criteria_set", criteria, approved=criteria.is_approved, weights=dict(criteria.weights)
    )
    return criteria


def _check_weights(weights: Mapping[str, int]) -> None:
    unknown = set(weights) - set(DEFAULT_WEIGHTS)
    if unknown:
        raise NotLawful(
            _("Non si può pesare «%(what)s»: contano solo le ragioni previste dalla legge.")
            % {"what": ", ".join(sorted(unknown))}
        )
    if any(points < 0 or points > 1000 for points in weights.values()):
        raise NotLawful(_("Ogni peso va da 0 a 1000."))
