from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from ali.core.models import Record, Versioned
from ali.core.text import search_key
from ali.housing.querysets import BedQuerySet, BuildingQuerySet, DwellingQuerySet
from ali.housing.states import MATCHABLE_STATES, Access, Channel, DwellingState, Mode, RoomKind, Unnamed
from ali.organisations.models import Organisation
from ali.people.models import Person
from ali.places.models import Municipality


class Building(Record):
    """A building: where it is, whether it was confiscated and what became of it. Who owns it is kept by `scouting`."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("Comune")
    )
    address = models.CharField(_("indirizzo"), max_length=200)
    folded = models.CharField(max_length=300, editable=False, blank=True, db_index=True)
    postcode = models.CharField(_("CAP"), max_length=5, blank=True)
    latitude = models.FloatField(_("latitudine"), null=True, blank=True)
    longitude = models.FloatField(_("longitudine"), null=True, blank=True)
    has_lift = models.BooleanField(_("ascensore"), default=False)
    is_confiscated = models.BooleanField(_("confiscato"), default=False)
    transferred_to_municipality_on = models.DateField(_("trasferito al Comune il"), null=True, blank=True)
    assigned_on = models.DateField(_("assegnato con procedura pubblica il"), null=True, blank=True)
    is_invented = models.BooleanField(_("immobile di esempio"), default=False)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("immobile")
        verbose_name_plural = _("immobili")

    class Privacy:
        hidden: list[str] = []
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "municipality",
            "address",
            "folded",
            "postcode",
        ]
        shown += [
            "latitude",
            "longitude",
            "has_lift",
            "is_confiscated",
            "transferred_to_municipality_on",
            "assigned_on",
            "is_invented",
        ]

    def __str__(self) -> str:
        return self.address

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own arguments
        self.folded = search_key(self.address, self.municipality.name)[:300]
        super().save(*args, **kwargs)

    @property
    def awaits_assignment(self) -> bool:
        """A confiscated building still on its way to the Comune's public procedure."""
        return self.is_confiscated and not (self.transferred_to_municipality_on and self.assigned_on)


class Dwelling(Record):
    """A dwelling. Money in cents a month: `rent_cents` for the unit when `mode` is whole, otherwise for one bed."""

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="dwellings")
    label = models.CharField(_("interno"), max_length=60, blank=True)
    manager = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="dwellings",
        verbose_name=_("ente che dà la casa"),
    )
    channel = models.CharField(_("canale"), max_length=10, choices=Channel, default=Channel.AGENCY)
    state = models.CharField(_("stato"), max_length=12, choices=DwellingState, default=DwellingState.FOUND)
    mode = models.CharField(_("uso"), max_length=6, choices=Mode, default=Mode.WHOLE)
    net_area_m2 = models.DecimalField(_("superficie utile (m²)"), max_digits=6, decimal_places=1)
    is_studio = models.BooleanField(_("monolocale"), default=False)
    floor = models.SmallIntegerField(_("piano"), default=0)
    access = models.CharField(_("accessibilità"), max_length=10, choices=Access, default=Access.NONE)
    max_people = models.PositiveSmallIntegerField(
        _("massimo di persone"),
        null=True,
        blank=True,
        help_text=_("Se lo fissa il contratto o un atto del Comune."),
    )
    max_people_source = models.CharField(_("atto che lo fissa"), max_length=200, blank=True)
    available_on = models.DateField(_("disponibile dal"), null=True, blank=True)
    is_available_sure = models.BooleanField(_("data sicura"), default=True)
    rent_cents = models.PositiveIntegerField(_("canone mensile"))
    condominium_cents = models.PositiveIntegerField(_("spese condominiali mensili"), default=0)
    utilities_cents = models.PositiveIntegerField(_("utenze mensili stimate"), default=0)
    deposit_months = models.PositiveSmallIntegerField(_("mensilità di deposito"), default=2)
    other_entry_cents = models.PositiveIntegerField(_("altri costi per entrare"), default=0)
    contact_name = models.CharField(_("referente per la visita"), max_length=120, blank=True)
    contact_phone = models.CharField(_("telefono del referente"), max_length=40, blank=True)
    minutes_to_station = models.PositiveSmallIntegerField(
        _("minuti dalla stazione o fermata"), null=True, blank=True
    )

    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("alloggio")
        verbose_name_plural = _("alloggi")
        indexes = [models.Index(fields=["manager", "state"], name="dwelling_by_manager")]

    class Privacy:
        hidden = ["contact_name", "contact_phone"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "building",
            "label",
            "manager",
            "channel",
            "state",
            "mode",
        ]
        shown += [
            "net_area_m2",
            "is_studio",
            "floor",
            "access",
            "max_people",
            "max_people_source",
            "available_on",
        ]
        shown += ["is_available_sure", "rent_cents", "condominium_cents", "utilities_cents", "deposit_months"]
        shown += ["other_entry_cents", "minutes_to_station"]

    def __str__(self) -> str:
        return f"{self.building.address}, {self.label}" if self.label else self.building.address

    @property
    def is_matchable(self) -> bool:
        """Whether its beds may be matched, as `DwellingQuerySet.matchable` says of many."""
        return self.state in MATCHABLE_STATES and not self.building.awaits_assignment


class Room(models.Model):
    """A room: metres, square metres. One no longer in use keeps the history of its beds and has `closed_on`."""

    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="rooms")
    kind = models.CharField(_("locale"), max_length=8, choices=RoomKind)
    label = models.CharField(_("nome"), max_length=40, blank=True)
    area_m2 = models.DecimalField(_("superficie (m²)"), max_digits=5, decimal_places=1)
    height_m = models.DecimalField(_("altezza (m)"), max_digits=3, decimal_places=2, null=True, blank=True)
    window_m2 = models.DecimalField(_("finestra (m²)"), max_digits=4, decimal_places=1, null=True, blank=True)
    closed_on = models.DateField(_("non più in uso dal"), null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(area_m2__gt=0), name="room_has_an_area")]

    class Privacy:
        hidden: list[str] = []
        shown = ["dwelling", "kind", "label", "area_m2", "height_m", "window_m2", "closed_on"]


class Bed(Versioned):
    """A bed. `free_from` and `is_held` are kept by the services from occupancies and live proposals.

    A bed no longer in use keeps its history and has `closed_on`.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="beds")
    label = models.CharField(_("posto letto"), max_length=20)
    free_from = models.DateField(_("libero dal"), null=True, blank=True, db_index=True)
    is_free_sure = models.BooleanField(_("data sicura"), default=True)
    is_held = models.BooleanField(_("impegnato da una proposta"), default=False)
    closed_on = models.DateField(_("non più in uso dal"), null=True, blank=True)

    objects = BedQuerySet.as_manager()

    class Privacy:
        hidden: list[str] = []
        shown = ["version", "public_id", "room", "label", "free_from", "is_free_sure", "is_held", "closed_on"]


class Occupancy(Record):
    """Who sleeps in a bed from when to when. `person` only for people of the network; others have no name here: of them the
    home's body may say `who`, so that the other beds of an open home can be offered to those who may share it."""

    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="occupancies")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="occupancies"
    )
    who = models.CharField(_("chi è"), max_length=6, choices=Unnamed, blank=True)
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)
    is_end_sure = models.BooleanField(_("fine sicura"), default=False)
    communicated_on = models.DateField(_("comunicazione di ospitalità fatta il"), null=True, blank=True)

    objects = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bed"], condition=Q(ends_on__isnull=True), name="one_open_ended_occupant_per_bed"
            ),
            models.CheckConstraint(
                condition=Q(who="") | Q(person__isnull=True), name="who_is_said_of_the_unnamed_alone"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="occupancy_ends_after_start",
            ),
        ]

    class Privacy:
        hidden = ["person", "who"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "bed",
            "starts_on",
            "ends_on",
            "is_end_sure",
            "communicated_on",
        ]
