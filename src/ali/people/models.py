from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ali.core.models import Record, Versioned
from ali.core.text import compact, fold, search_key
from ali.organisations.models import Organisation
from ali.people.querysets import (
    HouseholdQuerySet,
    IdentifierQuerySet,
    OfVisiblePersonQuerySet,
    PersonQuerySet,
)
from ali.people.states import (
    Capacity,
    CaseOutcome,
    CaseState,
    IdentifierKind,
    LanguageLevel,
    NameKind,
    PermitKind,
    PermitState,
    Precision,
    Relation,
    ResidenceKind,
    Sex,
)
from ali.places.models import Language, Municipality, State


class Household(Record):
    """People who live together as one: a single person is a household of one."""

    wants_territory = models.CharField(_("dove vorrebbe vivere"), max_length=200, blank=True)
    needs_step_free = models.BooleanField(_("serve un alloggio senza scale"), default=False)
    notes = models.TextField(
        _("esigenze per la casa"), blank=True, help_text=_("Solo esigenze pratiche: mai diagnosi o storie.")
    )

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("nucleo")
        verbose_name_plural = _("nuclei")

    class Privacy:
        hidden = ["wants_territory", "needs_step_free", "notes"]
        shown = ["public_id", "version", "created_at", "changed_at"]

    def __str__(self) -> str:
        return f"nucleo {self.pk}"


class TogetherWish(models.Model):
    """Two households that ask to live together (brothers, friends, mother and adult daughter)."""

    first = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="wishes_from")
    second = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="wishes_to")
    stated_on = models.DateField(_("dichiarato il"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="wish_is_stated_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="wish_is_between_two_households"),
        ]

    class Privacy:
        hidden = ["first", "second"]
        shown = ["stated_on"]


class Person(Record):
    """A person on the way out of reception. Names may be missing; the birth date has a precision."""

    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="members", verbose_name=_("nucleo")
    )
    relation = models.CharField(_("relazione"), max_length=10, choices=Relation, default=Relation.HEAD)
    surname = models.CharField(_("cognome"), max_length=120, blank=True)
    given_names = models.CharField(_("nome"), max_length=120, blank=True)
    sex = models.CharField(_("sesso"), max_length=1, choices=Sex, blank=True)
    birth_date = models.DateField(_("data di nascita"), null=True, blank=True)
    birth_precision = models.CharField(
        _("precisione"), max_length=10, choices=Precision, default=Precision.DAY
    )
    birth_place = models.CharField(_("luogo di nascita"), max_length=120, blank=True)
    arrived_on = models.DateField(_("arrivo in Italia"), null=True, blank=True)
    phone = models.CharField(_("telefono"), max_length=40, blank=True)
    education = models.CharField(_("istruzione"), max_length=40, blank=True)
    competent_municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Comune competente"),
    )
    municipality_told_on = models.DateField(_("Comune avvisato il"), null=True, blank=True)
    is_pregnant = models.BooleanField(_("gravidanza"), default=False)
    is_vulnerable = models.BooleanField(_("vulnerabilità segnalata"), default=False)
    is_reserved = models.BooleanField(_("riservato"), default=False)
    is_invented = models.BooleanField(_("persona inventata"), default=False)
    search_key = models.CharField(max_length=600, editable=False, blank=True)
    sort_key = models.CharField(max_length=250, editable=False, blank=True, db_index=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("persone")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="person_by_name"),
            models.Index(fields=["id"], condition=Q(is_reserved=True), name="reserved_person"),
        ]

    class Privacy:
        hidden = [
            "surname",
            "given_names",
            "sex",
            "birth_date",
            "birth_precision",
            "birth_place",
            "arrived_on",
            "phone",
            "education",
        ]
        hidden += [
            "competent_municipality",
            "municipality_told_on",
            "is_pregnant",
            "is_vulnerable",
            "is_reserved",
        ]
        hidden += ["search_key", "sort_key", "relation"]
        shown = ["public_id", "version", "created_at", "changed_at", "household", "is_invented"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """Surname first, as offices write it; whatever exists when a part is missing."""
        return f"{self.surname.upper()} {self.given_names}".strip() or gettext("(senza nome)")

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years; None when the birth date is unknown."""
        born = self.birth_date
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def is_minor_on(self, day: date) -> bool:
        age = self.age_on(day)
        return age is not None and age < 18

    def refresh_keys(self, other_names: list[str]) -> None:
        """Recompute the folded search and sort columns from the names."""
        self.search_key = search_key(self.surname, self.given_names, *other_names)[:600]
        self.sort_key = fold(f"{self.surname} {self.given_names}")[:250]

    def save(self, *args: Any, **kwargs: Any) -> None:
        others = [f"{name.surname} {name.given_names}" for name in self.names.all()] if self.pk else []
        self.refresh_keys(others)
        super().save(*args, **kwargs)


class PersonName(Versioned):
    """Another name of a person: alias, other spelling, previous name."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(_("tipo"), max_length=16, choices=NameKind, default=NameKind.ALIAS)
    surname = models.CharField(_("cognome"), max_length=120, blank=True)
    given_names = models.CharField(_("nome"), max_length=120, blank=True)

    objects = OfVisiblePersonQuerySet.as_manager()

    class Privacy:
        hidden = ["person", "kind", "surname", "given_names"]
        shown = ["version"]


class Citizenship(models.Model):
    """A citizenship, or statelessness (ISTAT 999). Never enters a score."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="citizenships")
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")

    objects = OfVisiblePersonQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "state"], name="citizenship_is_stated_once")]

    class Privacy:
        hidden = ["person", "state"]
        shown: list[str] = []


class SpokenLanguage(Versioned):
    """A language and how well it is spoken."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(Language, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("livello"), max_length=2, choices=LanguageLevel)
    certified_on = models.DateField(_("certificato il"), null=True, blank=True)

    objects = OfVisiblePersonQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "language"], name="language_is_stated_once")]

    class Privacy:
        hidden = ["person", "language", "level", "certified_on"]
        shown = ["version"]


class Identifier(Versioned):
    """An identifier in time: the same person may have several codici fiscali. Never the key of anything."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("tipo"), max_length=16, choices=IdentifierKind)
    value = models.CharField(_("valore"), max_length=40)
    value_key = models.CharField(max_length=40, db_index=True, editable=False)
    valid_from = models.DateField(_("dal"), null=True, blank=True)
    valid_to = models.DateField(_("al"), null=True, blank=True)

    objects = IdentifierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "value_key"], name="identifier_is_stated_once")
        ]

    class Privacy:
        hidden = ["person", "value", "value_key"]
        shown = ["version", "kind", "valid_from", "valid_to"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.value_key = compact(self.value)[:40]
        super().save(*args, **kwargs)


class Permit(Record):
    """A permit to stay with the separate dates that practices start from (domain reference 1.3, 2.1)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="permits")
    kind = models.CharField(_("tipo"), max_length=6, choices=PermitKind)
    regime = models.CharField(_("regime normativo"), max_length=60, blank=True)
    state = models.CharField(_("stato"), max_length=12, choices=PermitState, default=PermitState.REQUESTED)
    number = models.CharField(_("numero"), max_length=40, blank=True)
    receipt_number = models.CharField(_("numero della ricevuta"), max_length=40, blank=True)
    requested_on = models.DateField(_("chiesto il"), null=True, blank=True)
    appointment_on = models.DateField(_("appuntamento"), null=True, blank=True)
    issued_on = models.DateField(_("rilasciato il"), null=True, blank=True)
    delivered_on = models.DateField(_("consegnato il"), null=True, blank=True)
    expires_on = models.DateField(_("scade il"), null=True, blank=True)

    objects = OfVisiblePersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("permesso di soggiorno")
        verbose_name_plural = _("permessi di soggiorno")
        indexes = [models.Index(fields=["expires_on"], name="permit_by_expiry")]

    class Privacy:
        hidden = [
            "person",
            "kind",
            "regime",
            "state",
            "number",
            "receipt_number",
            "requested_on",
            "appointment_on",
        ]
        hidden += ["issued_on", "delivered_on", "expires_on"]
        shown = ["public_id", "version", "created_at", "changed_at"]


class AsylumCase(Record):
    """The asylum procedure of a person, one date for each event."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="case")
    state = models.CharField(_("stato"), max_length=16, choices=CaseState, default=CaseState.EXPRESSED)
    outcome = models.CharField(_("esito"), max_length=8, choices=CaseOutcome, blank=True)
    applied_on = models.DateField(_("domanda del"), null=True, blank=True)
    heard_on = models.DateField(_("audizione del"), null=True, blank=True)
    decided_on = models.DateField(_("decisione del"), null=True, blank=True)
    notified_on = models.DateField(_("notifica del"), null=True, blank=True)
    appealed_on = models.DateField(_("ricorso del"), null=True, blank=True)
    is_suspended = models.BooleanField(_("sospensiva concessa"), default=False)
    appeal_outcome = models.CharField(_("esito del ricorso"), max_length=8, choices=CaseOutcome, blank=True)

    objects = OfVisiblePersonQuerySet.as_manager()

    class Privacy:
        hidden = [
            "person",
            "state",
            "outcome",
            "applied_on",
            "heard_on",
            "decided_on",
            "notified_on",
            "appealed_on",
        ]
        hidden += ["is_suspended", "appeal_outcome"]
        shown = ["public_id", "version", "created_at", "changed_at"]


class Residence(Versioned):
    """Where a person is registered, from when to when."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences")
    kind = models.CharField(_("tipo"), max_length=12, choices=ResidenceKind)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    address = models.CharField(_("indirizzo"), max_length=200, blank=True)
    starts_on = models.DateField(_("dal"), null=True, blank=True)
    ends_on = models.DateField(_("al"), null=True, blank=True)

    objects = OfVisiblePersonQuerySet.as_manager()

    class Privacy:
        hidden = ["person", "kind", "municipality", "address", "starts_on", "ends_on"]
        shown = ["version"]


class Assignment(models.Model):
    """That a body (or one named user of it) may see a person: as what, why, from when to when."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    capacity = models.CharField(_("come"), max_length=12, choices=Capacity)
    reason = models.CharField(_("motivo"), max_length=200)
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "organisation"], name="assignment_lookup")]
        indexes += [models.Index(fields=["organisation", "person"], name="assignment_by_body")]

    class Privacy:
        hidden = ["person", "organisation", "user", "capacity", "reason", "starts_on", "ends_on"]
        shown: list[str] = []
