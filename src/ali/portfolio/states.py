"""Options for a building and indicators of a portfolio (domain reference 4.9)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Option(models.TextChoices):
    """Ways to win a building for homes."""

    LOAN_FOR_WORKS = "loan_for_works", _("comodato in cambio di lavori")
    PURCHASE = "purchase", _("acquisto")
    SELL_BACK = "sell_back", _("recupero e rivendita")
    LEASE_GUARANTEE = "lease_guarantee", _("locazione con garanzia al proprietario")
    OTHER = "other", _("altro")


COMPARED = (Option.LOAN_FOR_WORKS, Option.PURCHASE, Option.SELL_BACK, Option.LEASE_GUARANTEE)


class Indicator(models.TextChoices):
    """The indicators of a portfolio."""

    BEDS = "posti", _("posti letto attivi")
    OCCUPANCY = "occupazione", _("posti-notte occupati")
    VACANCY = "vuoto", _("giorni vuoti tra una persona e la successiva")
    ARREARS = "morosita", _("dovuto e non incassato")
    COST_PER_BED = "costo-posto", _("costo dei lavori per posto letto")
    RENT = "canone-m2", _("canone medio al m²")
    BELOW_MARKET = "sotto-mercato", _("sotto il mercato (OMI)")
    TURNOVER = "rotazione", _("entrate nell'anno per posto letto")
    RECOVERED = "recuperati", _("alloggi recuperati, prima sfitti")
    AREA = "metri", _("m² rigenerati")
    ENERGY = "energia", _("classi energetiche guadagnate")
    LEVERAGE = "leva", _("euro di altri per ogni euro proprio nei lavori")


# Amounts of money: only for the body itself.
IN_MONEY = frozenset({Indicator.COST_PER_BED, Indicator.RENT, Indicator.LEVERAGE})
