from django.db import models
from django.utils.translation import gettext_lazy as _

from ali.core.text import in_english
from ali.places import english


class Dataset(models.Model):
    """Which version of a public data set is loaded."""

    code = models.CharField(max_length=40, unique=True)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(auto_now=True)

    class Privacy:
        hidden: list[str] = []
        shown = ["code", "source", "licence", "sha256", "rows", "loaded_at"]

    def __str__(self) -> str:
        return self.code


class Province(models.Model):
    """A province (or metropolitan city) by its two letters; `prefecture` is the province whose prefect is competent."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(_("provincia"), max_length=60)
    istat = models.CharField(max_length=3)
    region_code = models.CharField(max_length=2)
    region = models.CharField(_("regione"), max_length=40)
    prefecture = models.CharField(max_length=2)

    class Meta:
        verbose_name = _("provincia")
        verbose_name_plural = _("province")

    class Privacy:
        hidden: list[str] = []
        shown = ["code", "name", "istat", "region_code", "region", "prefecture"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A Comune by its six-digit ISTAT code; coordinates are the centroid, degrees WGS 84."""

    istat = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(_("Comune"), max_length=80)
    folded = models.CharField(max_length=80, db_index=True)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="municipalities")
    cadastral = models.CharField(_("codice catastale"), max_length=4)
    is_capital = models.BooleanField(default=False)
    population = models.PositiveIntegerField(null=True)
    postcode = models.CharField(max_length=60, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("Comune")
        verbose_name_plural = _("Comuni")

    class Privacy:
        hidden: list[str] = []
        shown = ["istat", "name", "folded", "province", "cadastral", "is_capital", "population", "postcode"]
        shown += ["latitude", "longitude", "is_current"]

    def __str__(self) -> str:
        return self.name


class State(models.Model):
    """A state or territory by ISTAT code; 999 is stateless. `cadastral` is the Zxxx of the codice fiscale."""

    istat = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(_("Stato"), max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    folded = models.CharField(max_length=80, db_index=True)
    iso2 = models.CharField(max_length=2, blank=True)
    iso3 = models.CharField(max_length=3, blank=True)
    cadastral = models.CharField(max_length=4, blank=True)

    class Meta:
        verbose_name = _("Stato")
        verbose_name_plural = _("Stati")

    class Privacy:
        hidden: list[str] = []
        shown = ["istat", "name", "name_en", "folded", "iso2", "iso3", "cadastral"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language; the Italian one when there is no other."""
        return (in_english() and self.name_en) or self.name


class Language(models.Model):
    """A language by ISO 639-3; `for_mediation` marks the short list offered first."""

    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(_("lingua"), max_length=80)
    native_name = models.CharField(max_length=80, blank=True)
    for_mediation = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("lingua")
        verbose_name_plural = _("lingue")

    class Privacy:
        hidden: list[str] = []
        shown = ["code", "name", "native_name", "for_mediation"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language; the Italian one when there is no other."""
        return (in_english() and english.LANGUAGES.get(self.code)) or self.name
