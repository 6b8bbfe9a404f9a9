from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ali.agreements.models.agreements import Agreement
from ali.agreements.models.funds import Fund
from ali.agreements.querysets import ApplicationQuerySet, SchemeQuerySet
from ali.agreements.states import ApplicationState, Instrument
from ali.core.models import Record
from ali.housing.models import Dwelling
from ali.organisations.models import Organisation
from ali.places.models import Municipality, Province


class GuaranteeScheme(Record):
    """What a local agency guarantees to owners who let a home: who, where, on which conditions, up to how much.

    `confirmed_on` empty: nobody has confirmed these numbers with the agency, and every page says so.
    """

    name = models.CharField(_("nome"), max_length=150)
    agency = models.CharField(_("chi garantisce"), max_length=150)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="guarantee_schemes",
        verbose_name=_("ente della rete"),
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Comune"),
    )
    province = models.ForeignKey(
        Province,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("provincia"),
    )
    instrument = models.CharField(_("strumento"), max_length=9, choices=Instrument, default=Instrument.FUND)
    fund = models.ForeignKey(
        Fund,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="schemes",
        verbose_name=_("fondo tenuto qui"),
    )
    conditions = models.TextField(_("condizioni"), blank=True)
    max_months = models.PositiveSmallIntegerField(_("mensilità garantite, al massimo"), null=True, blank=True)
    works_cents = models.PositiveIntegerField(_("per i lavori, fino a"), null=True, blank=True)
    one_off_cents = models.PositiveIntegerField(
        _("una tantum al proprietario, fino a"), null=True, blank=True
    )
    source = models.CharField(_("fonte"), max_length=300)
    confirmed_on = models.DateField(_("confermato il"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_invented = models.BooleanField(_("garanzia di esempio"), default=False)

    objects = models.Manager.from_queryset(SchemeQuerySet)()

    class Meta:
        verbose_name = _("garanzia locale")
        verbose_name_plural = _("garanzie locali")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="scheme_is_confirmed_by_somebody",
            )
        ]

    class Privacy:
        hidden: list[str] = []
        shown = ["public_id", "version", "created_at", "changed_at", "name", "agency", "organisation"]
        shown += ["municipality", "province", "instrument", "fund", "conditions", "max_months", "works_cents"]
        shown += ["one_off_cents", "source", "confirmed_on", "confirmed_by", "is_invented"]

    def __str__(self) -> str:
        return self.name


class GuaranteeApplication(Record):
    """A guarantee that a body asked for one of its contracts: with an owner (`agreement`) or with who lives there
    (`tenancy`: its public id, because tenancies are an app above)."""

    scheme = models.ForeignKey(GuaranteeScheme, on_delete=models.PROTECT, related_name="applications")
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="guarantee_applications")
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="guarantee_applications"
    )
    tenancy = models.UUIDField(null=True, blank=True, db_index=True)
    state = models.CharField(
        _("stato"), max_length=8, choices=ApplicationState, default=ApplicationState.ASKED
    )
    monthly_cents = models.PositiveIntegerField(_("canone e spese al mese"))
    months = models.PositiveSmallIntegerField(_("mensilità chieste"))
    asked_on = models.DateField(_("chiesta il"))
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("nota"), max_length=400, blank=True)
    answered_on = models.DateField(_("risposta il"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(_("risposta"), max_length=400, blank=True)
    ends_on = models.DateField(_("garantita fino al"), null=True, blank=True)

    objects = models.Manager.from_queryset(ApplicationQuerySet)()

    class Meta:
        verbose_name = _("richiesta di garanzia")
        verbose_name_plural = _("richieste di garanzia")
        constraints = [
            models.CheckConstraint(
                condition=Q(agreement__isnull=False, tenancy__isnull=True)
                | Q(agreement__isnull=True, tenancy__isnull=False),
                name="guarantee_is_for_one_contract",
            )
        ]
        indexes = [models.Index(fields=["body", "state"], name="application_by_body")]

    class Privacy:
        hidden = ["tenancy", "note", "answer", "dwelling"]
        shown = ["public_id", "version", "created_at", "changed_at", "scheme", "body", "agreement", "state"]
        shown += ["monthly_cents", "months", "asked_on", "asked_by", "answered_on", "answered_by", "ends_on"]
