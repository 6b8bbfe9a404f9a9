"""Who may set and confirm a rule: the prefecture, for its own provinces. What the law says everywhere comes with the product."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.organisations.queries import prefecture_provinces
from ali.rules.models import Rule


def may_set_rule(actor: Actor, province: str | None, today: date) -> Decision:
    """Say whether the actor may set local values in `province` (None: in any province at all)."""
    if not actor.may(Permission.EDIT_RULES):
        return no(_("Le regole le imposta la prefettura."))
    own = prefecture_provinces(actor, today)
    if not own:
        return no(_("I valori locali li imposta la prefettura competente."))
    if province is not None and province not in own:
        return no(_("Puoi impostare valori solo per le province della tua prefettura."))
    return YES


def may_confirm_rule(actor: Actor, rule: Rule, today: date) -> Decision:
    if not actor.may(Permission.CONFIRM_RULES):
        return no(_("Una regola la conferma un funzionario della prefettura."))
    if rule.confirmed_at is not None:
        return no(_("È già confermata."))
    if rule.value is None:
        return no(_("Manca il valore: prima va stabilito per la provincia."))
    if rule.province_id is not None and rule.province_id not in prefecture_provinces(actor, today):
        return no(_("Puoi confermare solo le regole nazionali e quelle delle tue province."))
    return YES
