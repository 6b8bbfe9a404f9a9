"""The agreements with an owner, for the owner's page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.agreements.models import Agreement
from ali.agreements.queries import agreements_of_owner
from ali.scouting.hooks import AgreementLine
from ali.scouting.models import Owner


def agreements_with(actor: Actor, owner: Owner) -> list[AgreementLine]:
    """Return those that the actor sees and the owner signs, alone or with others, the open ones first. One query."""
    if not actor.may(Permission.SEE_AGREEMENTS) or owner.kept_by_id != actor.organisation_id:
        return []
    return [_line(one) for one in agreements_of_owner(owner)]


def _line(agreement: Agreement) -> AgreementLine:
    until = _("fino al %(day)s") % {"day": f"{agreement.last_on:%d/%m/%Y}"} if agreement.last_on else ""
    return AgreementLine(
        label=f"{agreement.building}, {agreement.get_contract_type_display()}",
        state=", ".join(word for word in (agreement.get_state_display(), until) if word),
        href=reverse("agreements:agreement_detail", args=[agreement.public_id]),
    )
