from typing import Any

from ali.accounts.actors import Actor
from ali.rules.models import Rule
from ali.rules.services import load_shipped_rules
from tests.rules.url_examples import Example


def _rule(actor: Actor) -> dict[str, Any]:
    load_shipped_rules()
    return {"public_id": Rule.objects.get(code="housing.capacity_blocks").public_id}


EXAMPLES = {
    "rules:rule_detail": Example(make=_rule, is_shared=True),
    "rules:rule_set": Example(make=_rule, is_shared=True),
    "rules:rule_confirm": Example(make=_rule, is_shared=True, post={"version": "1"}),
}
