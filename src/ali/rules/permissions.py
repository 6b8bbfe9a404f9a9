"""Who may set and confirm a rule: the prefecture for its provinces; the housing office of a Comune, what concerns homes there.
What the law says everywhere comes with the product."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.organisations.queries import own_municipalities, prefecture_provinces
from ali.rules.models import Rule

# What a Comune sets with its own acts.
OF_A_COMUNE = ("housing.", "agreements.", "tenancies.")


def may_set_rule(
    actor: Actor, code: str, today: date, *, province: str | None = None, municipality: str | None = None
) -> Decision:
    """Say whether the actor may set a local value of `code` there (both None: anywhere at all)."""
    if not actor.may(Permission.EDIT_RULES):
        return no(_("Le regole le imposta la prefettura."))
    provinces = prefecture_provinces(actor, today)
    towns = own_municipalities(actor, today) if code.startswith(OF_A_COMUNE) else set()
    if not provinces and not towns:
        return no(
            _("I valori locali li imposta la prefettura competente; quelli sulle case anche il Comune.")
        )
    is_anywhere = province is None and municipality is None
    if is_anywhere or province in provinces or municipality in towns:
        return YES
    if provinces:
        return no(_("Puoi impostare valori solo per le province della tua prefettura."))
    return no(_("Puoi impostare valori solo per il tuo Comune."))


def may_confirm_rule(actor: Actor, rule: Rule, today: date) -> Decision:
    if not actor.may(Permission.CONFIRM_RULES):
        return no(_("Una regola la conferma un funzionario della prefettura."))
    if rule.confirmed_at is not None:
        return no(_("È già confermata."))
    if rule.value is None:
        return no(_("Manca il valore: prima va stabilito per la provincia."))
    provinces = prefecture_provinces(actor, today)
    if rule.municipality_id and rule.municipality_id in own_municipalities(actor, today):
        return YES
    if not provinces:
        return no(_("Puoi confermare solo le regole del tuo Comune."))
    if rule.province_id is not None and rule.province_id not in provinces:
        return no(_("Puoi confermare solo le regole nazionali e quelle delle tue province."))
    return YES
