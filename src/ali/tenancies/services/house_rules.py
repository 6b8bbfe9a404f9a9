"""The rules of a home, in versions."""

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing.models import Dwelling
from ali.tenancies import permissions
from ali.tenancies.models import HouseRules


class NothingWritten(Refusal):
    """Rules without a text."""


@atomic
def write_house_rules(
    *, actor: Actor, text: str, valid_from: date, dwelling: Dwelling | None = None
) -> HouseRules:
    """Write the next version of the rules of a dwelling, or of every home of the actor's body.

    Tenancies keep the version that was given with them.
    """
    if dwelling is None:
        permissions.may_edit_tenancies(actor).or_refuse()
    else:
        permissions.may_let_dwelling(actor, dwelling).or_refuse()
    if len(text.strip()) < 20:
        raise NothingWritten(_("Scrivi le regole della casa: almeno una frase."))
    body = actor.organisation_id or 0
    last = HouseRules.objects.filter(body=body, dwelling=dwelling).aggregate(last=Max("number"))["last"] or 0
    made = HouseRules.objects.create(
        body_id=body, dwelling=dwelling, number=last + 1, text=text.strip(), valid_from=valid_from
    )
    audit.record(actor, "house_rules_written", made, number=made.number)
    return made
