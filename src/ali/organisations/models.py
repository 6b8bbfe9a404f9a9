from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts.roles import ROLE_CHOICES, ROLES
from ali.core.models import Record, Versioned
from ali.core.text import fold
from ali.organisations.querysets import MembershipQuerySet, OrganisationQuerySet, OrganisationRoleQuerySet
from ali.places.models import Municipality, Province


class OrganisationKind(models.TextChoices):
    """What a body does in a territory (domain reference, 1.2)."""

    PREFECTURE = "PREF", _("Prefettura")
    MUNICIPALITY = "COM", _("Comune")
    RECEPTION_MANAGER = "EG", _("Ente gestore dell'accoglienza")
    HOUSING_AGENCY = "IMM", _("Agenzia sociale per l'abitare")
    WORK_SERVICE = "LAV", _("Servizio per il lavoro")
    TRAINING = "EPR", _("Soggetto promotore di tirocini")
    ASSOCIATION = "ETS", _("Ente del terzo settore")
    TECHNICAL_PARTNER = "TEC", _("Partner tecnico")
    NETWORK = "RET", _("Fondazione o rete")


class Position(models.TextChoices):
    """What a body is in the project that the network comes from."""

    LEAD = "lead", _("capofila")
    PARTNER = "partner", _("partner")
    SUPPORTING = "supporting", _("ente che sostiene")


class Organisation(Record):
    """A body: prefecture, municipality, cooperative, agency. `is_invented` marks demo bodies."""

    name = models.CharField(_("denominazione"), max_length=200)
    short_name = models.CharField(_("nome breve"), max_length=60, blank=True)
    folded = models.CharField(max_length=200, db_index=True, blank=True)
    fiscal_code = models.CharField(_("codice fiscale"), max_length=16, blank=True)
    ipa_code = models.CharField(_("codice IPA"), max_length=20, blank=True)
    phone = models.CharField(_("telefono"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("indirizzo"), max_length=200, blank=True)
    is_invented = models.BooleanField(_("ente di esempio"), default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organizzazione")
        verbose_name_plural = _("organizzazioni")

    class Privacy:
        hidden = ["phone", "email"]
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "name",
            "short_name",
            "folded",
            "fiscal_code",
        ]
        shown += ["ipa_code", "address", "is_invented"]

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(f"{self.name} {self.short_name}")[:200]
        super().save(*args, **kwargs)


class OrganisationRole(Versioned):
    """What an organisation does, where and from when to when. No province means everywhere."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("ruolo"), max_length=4, choices=OrganisationKind)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.CharField(_("posizione nel progetto"), max_length=40, blank=True, choices=Position)
    starts_on = models.DateField(_("dal"), null=True, blank=True)
    ends_on = models.DateField(_("al"), null=True, blank=True)

    objects = OrganisationRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="role_ends_after_start",
            )
        ]

    class Privacy:
        hidden: list[str] = []
        shown = [
            "version",
            "organisation",
            "kind",
            "province",
            "municipality",
            "position",
            "starts_on",
            "ends_on",
        ]


class Membership(Record):
    """A user's role in an organisation, from when to when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("ruolo"), max_length=40, choices=ROLE_CHOICES)
    starts_on = models.DateField(_("dal"))
    ends_on = models.DateField(_("al"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ends_on__isnull=True),
                name="one_open_membership_per_role",
            )
        ]

    class Privacy:
        hidden: list[str] = []
        shown = [
            "public_id",
            "version",
            "created_at",
            "changed_at",
            "user",
            "organisation",
            "role",
            "starts_on",
            "ends_on",
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"

    @property
    def role_label(self) -> str | Promise:
        """The role in words, also when the code is no longer among the roles."""
        return ROLES[self.role].label if self.role in ROLES else self.role
