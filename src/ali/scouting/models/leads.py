from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record
from ali.core.text import search_key
from ali.housing import codes
from ali.housing.models import Building, Dwelling
from ali.organisations.models import Organisation
from ali.places.models import Municipality
from ali.scouting.models.owners import Owner
from ali.scouting.querysets import LeadQuerySet
from ali.scouting.states import LeadSource, LeadState


class Lead(Record):
    """A home or a building that stands empty or is hard to let, as one body follows it until it is a home of the network.

    `external_code` is its name in the list it came from: the same list read twice finds it again.
    """

    kept_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="leads")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("Comune")
    )
    address = models.CharField(_("indirizzo"), max_length=200, blank=True)
    folded = models.CharField(max_length=300, editable=False, blank=True, db_index=True)
    postcode = models.CharField(_("CAP"), max_length=5, blank=True)
    latitude = models.FloatField(_("latitudine"), null=True, blank=True)
    longitude = models.FloatField(_("longitudine"), null=True, blank=True)
    source = models.CharField(_("da dove viene"), max_length=9, choices=LeadSource)
    external_code = models.CharField(_("codice nell'elenco"), max_length=60, blank=True)
    state = models.CharField(_("stato"), max_length=12, choices=LeadState, default=LeadState.REPORTED)
    reason = models.CharField(_("motivo"), max_length=300, blank=True)
    owner = models.ForeignKey(
        Owner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("proprietario"),
    )
    kind = models.CharField(_("tipologia"), max_length=10, choices=codes.BuildingKind, blank=True)
    what = models.CharField(_("che cos'è"), max_length=150, blank=True)
    area_m2 = models.DecimalField(_("superficie (m²)"), max_digits=7, decimal_places=1, null=True, blank=True)
    rooms = models.PositiveSmallIntegerField(_("camere"), null=True, blank=True)
    floor = models.SmallIntegerField(_("piano"), null=True, blank=True)
    section = models.CharField(_("sezione urbana"), max_length=4, blank=True)
    sheet = models.CharField(_("foglio"), max_length=6, blank=True)
    parcel = models.CharField(_("particella"), max_length=8, blank=True)
    subunit = models.CharField(_("subalterno"), max_length=6, blank=True)
    category = models.CharField(
        _("categoria catastale"), max_length=4, choices=codes.CadastralCategory, blank=True
    )
    empty_since = models.DateField(_("vuota dal"), null=True, blank=True)
    why_empty = models.CharField(_("perché è vuota"), max_length=11, choices=codes.WhyEmpty, blank=True)
    use_state = models.CharField(_("stato d'uso"), max_length=8, choices=codes.UseState, blank=True)
    availability = models.JSONField(_("come la darebbe il proprietario"), default=list, blank=True)
    asking_cents = models.PositiveIntegerField(_("richiesta (€ al mese)"), default=0)
    excluded_by_owner_on = models.DateField(_("clausola discriminatoria chiesta il"), null=True, blank=True)
    is_confiscated = models.BooleanField(_("confiscato"), default=False)
    confiscated_share = models.PositiveSmallIntegerField(_("quota confiscata (%)"), null=True, blank=True)
    notes = models.TextField(_("note"), blank=True)
    next_step = models.CharField(_("prossimo passo"), max_length=150, blank=True)
    next_on = models.DateField(_("entro il"), null=True, blank=True)
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, related_name="leads"
    )
    dwelling = models.OneToOneField(
        Dwelling, on_delete=models.PROTECT, null=True, blank=True, related_name="lead"
    )
    is_invented = models.BooleanField(_("segnalazione di esempio"), default=False)

    objects = models.Manager.from_queryset(LeadQuerySet)()

    class Meta:
        verbose_name = _("segnalazione")
        verbose_name_plural = _("segnalazioni")
        indexes = [models.Index(fields=["kept_by", "state"], name="lead_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["kept_by", "source", "external_code"],
                condition=~Q(external_code=""),
                name="lead_of_a_list_is_written_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=LeadState.CONVERTED) | Q(dwelling__isnull=False),
                name="lead_converted_has_a_home",
            ),
        ]

    class Privacy:
        hidden = ["address", "folded", "owner", "notes", "next_step", "reason", "external_code"]
        shown = ["public_id", "version", "created_at", "changed_at", "kept_by", "municipality", "postcode"]
        shown += ["latitude", "longitude", "source", "state", "kind", "what", "area_m2", "rooms", "floor"]
        shown += ["section", "sheet", "parcel", "subunit", "category", "empty_since", "why_empty"]
        shown += ["use_state", "availability", "asking_cents", "excluded_by_owner_on", "is_confiscated"]
        shown += ["confiscated_share", "next_on", "building", "dwelling", "is_invented"]

    def __str__(self) -> str:
        return self.address or self.what or self.external_code or self.municipality.name

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        self.folded = lead_key(self.address, self.municipality.name, self.external_code)
        super().save(*args, **kwargs)

    @property
    def terms(self) -> str:
        """The terms of the owner in words."""
        labels: dict[Any, Any] = dict(codes.Availability.choices)
        return ", ".join(str(labels.get(one, one)) for one in self.availability)

    @property
    def cadastral(self) -> str:
        """Where it is in the cadastre, empty when nobody knows."""
        named = (("sez.", self.section), ("fg.", self.sheet), ("part.", self.parcel), ("sub.", self.subunit))
        return ", ".join(f"{name} {value}" for name, value in named if value)


def lead_key(address: str, town: str, code: str) -> str:
    """Return what a lead is searched by."""
    return search_key(address, town, code)[:300]


class Inspection(Record):
    """A visit to a lead: what was seen, item by item, and what it may take. Its photos hang on it."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="inspections")
    visited_on = models.DateField(_("giorno della visita"))
    visited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(_("che cosa si è visto"), default=dict)
    beds = models.PositiveSmallIntegerField(_("posti letto possibili"), null=True, blank=True)
    works_cents = models.PositiveIntegerField(_("lavori stimati (€)"), default=0)
    notes = models.TextField(_("note"), blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("sopralluogo")
        verbose_name_plural = _("sopralluoghi")

    class Privacy:
        hidden = ["notes"]
        shown = ["public_id", "version", "created_at", "changed_at", "lead", "visited_on", "visited_by"]
        shown += ["answers", "beds", "works_cents"]

    def __str__(self) -> str:
        return f"{self.lead}, {self.visited_on:%d/%m/%Y}"
