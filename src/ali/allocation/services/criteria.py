"""The criteria of a territory: what the lawful reasons weigh, and the act that approved them."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.allocation import permissions
from ali.allocation.eligibility import DEFAULT_WEIGHTS
from ali.allocation.models import Criteria
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic


class NotLawful(Refusal):
    """Only the lawful reasons can be weighed."""


class IncompleteAct(Refusal):
    """An act has a number and a day, not in the future."""


@atomic
def set_criteria(
    *,
    actor: Actor,
    province: str,
    title: str,
    weights: Mapping[str, int],
    act_body: str,
    act_number: str,
    act_on: date | None,
    now: datetime,
    today: date,
) -> Criteria:
    """Put new criteria in force for a territory; the old ones are kept, superseded."""
    permissions.may_run_round(actor, province).or_refuse()
    _check_weights(weights)
    if bool(act_number.strip()) != bool(act_on):
        raise IncompleteAct(_("L'atto ha numero e data insieme: senza, ogni giro resta una simulazione."))
    if act_on and act_on > today:
        raise IncompleteAct(_("L'atto non può avere una data futura."))
    Criteria.objects.filter(province=province, superseded_at__isnull=True).update(superseded_at=now)
    criteria = Criteria.objects.create(
        title=title,
        province_id=province,
        weights=dict(weights),
        act_body=act_body,
        act_number=act_number.strip(),
        act_on=act_on,
        valid_from=today,
    )
    audit.record(actor, "criteria_set", criteria, approved=criteria.is_approved, weights=dict(weights))
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
