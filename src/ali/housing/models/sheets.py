"""What is known of a building and of a dwelling beyond what people live in: one small sheet for each matter, filled in when
it is known (domain reference 4.2). A dwelling without a sheet is a dwelling of which nobody has written it yet."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Versioned
from ali.housing import codes
from ali.housing.models.homes import Building, Dwelling


class BuildingSheet(Versioned):
    """A building as it stands: kind, age, constraints, risks, what is in order."""

    building = models.OneToOneField(Building, on_delete=models.CASCADE, related_name="sheet")
    kind = models.CharField(_("tipologia"), max_length=10, choices=codes.BuildingKind, blank=True)
    built_in = models.CharField(_("anni di costruzione"), max_length=8, choices=codes.BuiltIn, blank=True)
    floors = models.PositiveSmallIntegerField(_("piani"), null=True, blank=True)
    units = models.PositiveSmallIntegerField(_("numero di unità"), null=True, blank=True)
    condition = models.CharField(
        _("stato di conservazione"), max_length=10, choices=codes.Condition, blank=True
    )
    is_listed = models.BooleanField(_("vincolo culturale o paesaggistico (D.Lgs. 42/2004)"), default=False)
    planning_zone = models.CharField(_("zona del piano urbanistico"), max_length=60, blank=True)
    flood_risk = models.CharField(_("rischio idraulico"), max_length=6, choices=codes.FloodRisk, blank=True)
    asbestos = models.CharField(_("amianto"), max_length=8, choices=codes.Asbestos, blank=True)
    conformity = models.CharField(
        _("conformità urbanistica e catastale"), max_length=10, choices=codes.Conformity, blank=True
    )
    titles = models.CharField(_("titoli edilizi"), max_length=300, blank=True)

    objects = models.Manager()

    class Privacy:
        hidden: list[str] = []
        shown = ["version", "building", "kind", "built_in", "floors", "units", "condition", "is_listed"]
        shown += ["planning_zone", "flood_risk", "asbestos", "conformity", "titles"]


class Condominium(Versioned):
    """Who runs the condominium of a building: to be told of new residents and of works."""

    building = models.OneToOneField(Building, on_delete=models.CASCADE, related_name="condominium")
    administrator = models.CharField(_("amministratore"), max_length=150)
    phone = models.CharField(_("telefono"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("recapito"), max_length=200, blank=True)

    objects = models.Manager()

    class Privacy:
        hidden = ["administrator", "phone", "email", "address"]
        shown = ["version", "building"]


class CadastralUnit(models.Model):
    """A unit of the urban cadastre that belongs to a dwelling: the flat, its cellar, its garage. The code of the Comune is
    that of the building's municipality."""

    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="cadastral_units")
    section = models.CharField(_("sezione urbana"), max_length=4, blank=True)
    sheet = models.CharField(_("foglio"), max_length=6)
    parcel = models.CharField(_("particella"), max_length=8)
    subunit = models.CharField(_("subalterno"), max_length=6, blank=True)
    category = models.CharField(_("categoria"), max_length=4, choices=codes.CadastralCategory, blank=True)
    rank = models.CharField(_("classe"), max_length=3, blank=True)
    rooms = models.DecimalField(_("vani"), max_digits=5, decimal_places=1, null=True, blank=True)
    area_m2 = models.DecimalField(
        _("superficie catastale (m²)"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    income_cents = models.PositiveIntegerField(_("rendita (€)"), default=0)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dwelling", "section", "sheet", "parcel", "subunit"],
                name="cadastral_unit_is_written_once",
            )
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["dwelling", "section", "sheet", "parcel", "subunit", "category", "rank", "rooms"]
        shown += ["area_m2", "income_cents"]

    def __str__(self) -> str:
        parts = [f"fg. {self.sheet}", f"part. {self.parcel}"]
        if self.section:
            parts.insert(0, f"sez. {self.section}")
        if self.subunit:
            parts.append(f"sub. {self.subunit}")
        return ", ".join(parts)


class Equipment(Versioned):
    """A dwelling's bathrooms, furniture, heating, meters and energy class."""

    dwelling = models.OneToOneField(Dwelling, on_delete=models.CASCADE, related_name="equipment")
    bathrooms = models.PositiveSmallIntegerField(_("bagni"), null=True, blank=True)
    furnished = models.CharField(_("arredata"), max_length=6, choices=codes.Furnished, blank=True)
    heating = models.CharField(_("riscaldamento"), max_length=7, choices=codes.Heating, blank=True)
    fuel = models.CharField(_("combustibile"), max_length=8, choices=codes.Fuel, blank=True)
    electricity_meter = models.CharField(_("contatore della luce (POD)"), max_length=15, blank=True)
    gas_meter = models.CharField(_("contatore del gas (PDR)"), max_length=14, blank=True)
    energy_class = models.CharField(
        _("classe energetica"), max_length=2, choices=codes.EnergyClass, blank=True
    )
    energy_index = models.DecimalField(
        _("EPgl (kWh/m² all'anno)"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    thousandths = models.DecimalField(
        _("millesimi di proprietà"), max_digits=7, decimal_places=3, null=True, blank=True
    )

    objects = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(thousandths__isnull=True) | Q(thousandths__lte=1000),
                name="thousandths_are_at_most_a_thousand",
            )
        ]

    class Privacy:
        hidden = ["electricity_meter", "gas_meter"]
        shown = ["version", "dwelling", "bathrooms", "furnished", "heating", "fuel", "energy_class"]
        shown += ["energy_index", "thousandths"]


class Surroundings(Versioned):
    """How many minutes on foot from a dwelling to what people need; the stop or station is on the dwelling itself."""

    dwelling = models.OneToOneField(Dwelling, on_delete=models.CASCADE, related_name="surroundings")
    stop_name = models.CharField(_("fermata o stazione"), max_length=80, blank=True)
    minutes_to_school = models.PositiveSmallIntegerField(_("minuti dalla scuola"), null=True, blank=True)
    minutes_to_job_centre = models.PositiveSmallIntegerField(
        _("minuti dal centro per l'impiego"), null=True, blank=True
    )
    minutes_to_shop = models.PositiveSmallIntegerField(_("minuti dal supermercato"), null=True, blank=True)

    objects = models.Manager()

    class Privacy:
        hidden: list[str] = []
        shown = ["version", "dwelling", "stop_name", "minutes_to_school", "minutes_to_job_centre"]
        shown += ["minutes_to_shop"]


class Vacancy(Versioned):
    """Since when and why a dwelling stands empty, on what terms its owner gives it and for how much.

    `excluded_by_owner_on`: the day on which the owner asked for a clause that the law forbids. What the clause said is
    kept nowhere and filters nobody: who speaks with the owner has to get it withdrawn.
    """

    dwelling = models.OneToOneField(Dwelling, on_delete=models.CASCADE, related_name="vacancy")
    use_state = models.CharField(_("stato d'uso"), max_length=8, choices=codes.UseState, blank=True)
    empty_since = models.DateField(_("vuota dal"), null=True, blank=True)
    why_empty = models.CharField(_("perché è vuota"), max_length=11, choices=codes.WhyEmpty, blank=True)
    availability = models.JSONField(_("come la darebbe il proprietario"), default=list, blank=True)
    asking_cents = models.PositiveIntegerField(_("richiesta del proprietario (€ al mese)"), default=0)
    excluded_by_owner_on = models.DateField(_("clausola discriminatoria chiesta il"), null=True, blank=True)

    objects = models.Manager()

    class Privacy:
        hidden: list[str] = []
        shown = ["version", "dwelling", "use_state", "empty_since", "why_empty", "availability"]
        shown += ["asking_cents", "excluded_by_owner_on"]

    @property
    def terms(self) -> str:
        """The terms in words."""
        labels: dict[Any, Any] = dict(codes.Availability.choices)
        return ", ".join(str(labels.get(one, one)) for one in self.availability)
