"""The agreements with an owner, for the owner's page."""

from ali.accounts.actors import Actor
from ali.agreements.models import Agreement
from ali.scouting.hooks import AgreementLine
from ali.scouting.models import Owner


def agreements_with(actor: Actor, owner: Owner) -> list[AgreementLine]:
    """Return those that the actor sees, the latest first. One query."""
    found = Agreement.objects.visible_to(actor).filter(owner=owner).select_related("building")
    return [
        AgreementLine(
            label=f"{one.building}, {one.get_contract_type_display()}", state=one.get_state_display()
        )
        for one in found.order_by("-starts_on", "-pk")
    ]
