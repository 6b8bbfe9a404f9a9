"""Which zone of the property observatory a home is in: a person chooses it."""

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.models import StaleRecord
from ali.core.transactions import atomic
from ali.housing.models import Dwelling
from ali.housing.permissions import may_describe_home
from ali.scouting.models import HomeZone, RentQuote


class NoSuchQuote(Refusal):
    """The zone has no rents of that kind and state."""


@atomic
def choose_zone(*, actor: Actor, home: Dwelling, quote: RentQuote, expected_version: int) -> HomeZone:
    """Say as what a home would be let on the market, from a quote of its Comune."""
    may_describe_home(actor, home).or_refuse()
    if quote.zone.municipality_id != home.building.municipality_id:
        raise NoSuchQuote(_("Questa zona è di un altro Comune."))
    chosen = HomeZone.objects.filter(dwelling=home).first()
    if (chosen is None) != (expected_version == 0):
        raise StaleRecord(_("Qualcun altro ha scelto la zona nel frattempo: ricarica e controlla."))
    values = {"code": quote.zone.code, "kind": quote.kind, "condition": quote.condition}
    if chosen is None:
        chosen = HomeZone.objects.create(dwelling=home, **values)
    else:
        for name, value in values.items():
            setattr(chosen, name, value)
        chosen.save_if_unchanged(expected_version)
    audit.record(actor, "home_zone_chosen", home, zone=quote.zone.code)
    return chosen
