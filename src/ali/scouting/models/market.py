from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Versioned
from ali.housing.models import Dwelling
from ali.places.models import Municipality


class RentZone(models.Model):
    """A zone of the property observatory (OMI) in a Comune, in one half year: «2025/1»."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(_("zona"), max_length=6)
    band = models.CharField(_("fascia"), max_length=2, blank=True)
    name = models.CharField(_("descrizione"), max_length=200, blank=True)
    half_year = models.CharField(_("semestre"), max_length=6)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "code", "half_year"], name="rent_zone_is_written_once"
            )
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["municipality", "code", "band", "name", "half_year"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class RentQuote(models.Model):
    """What homes of a kind in a zone are let for: cents a square metre a month, from the OMI."""

    zone = models.ForeignKey(RentZone, on_delete=models.CASCADE, related_name="quotes")
    kind = models.CharField(_("tipologia"), max_length=3)
    kind_name = models.CharField(_("descrizione della tipologia"), max_length=80)
    condition = models.CharField(_("stato"), max_length=10)
    is_usual = models.BooleanField(_("stato prevalente"), default=False)
    low_cents = models.PositiveIntegerField(_("minimo"))
    high_cents = models.PositiveIntegerField(_("massimo"))
    is_gross_area = models.BooleanField(_("sulla superficie lorda"), default=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "kind", "condition"], name="rent_is_quoted_once_for_a_kind"
            ),
            models.CheckConstraint(condition=Q(high_cents__gte=F("low_cents")), name="rent_quote_is_a_range"),
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["zone", "kind", "kind_name", "condition", "is_usual", "low_cents", "high_cents"]
        shown += ["is_gross_area"]


class HomeZone(Versioned):
    """In which zone a home is, and as which kind and state the market would take it: chosen by a person."""

    dwelling = models.OneToOneField(Dwelling, on_delete=models.CASCADE, related_name="rent_zone")
    code = models.CharField(_("zona"), max_length=6)
    kind = models.CharField(_("tipologia"), max_length=3)
    condition = models.CharField(_("stato"), max_length=10)

    objects = models.Manager()

    class Privacy:
        hidden: list[str] = []
        shown = ["version", "dwelling", "code", "kind", "condition"]
