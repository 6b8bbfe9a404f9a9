from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ali.agreements.querysets import AgreementQuerySet, OfAgreementQuerySet
from ali.agreements.states import AgreementState, ContractType, DepositEnd, EndReason, TaxRegime
from ali.core.models import Record
from ali.housing.models import Building, Dwelling
from ali.organisations.models import Organisation
from ali.scouting.models import Owner


class Agreement(Record):
    """A contract by which a body holds a building, or some of its dwellings, from its owners. Money: cents a month.

    The columns hold the latest terms; what was in force on a day is `terms.terms_on`, which takes later amendments back.
    """

    holder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("ente che prende")
    )
    owner = models.ForeignKey(
        Owner, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("proprietario")
    )
    co_owners = models.ManyToManyField(
        Owner, related_name="shared_agreements", blank=True, verbose_name=_("altri proprietari che firmano")
    )
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("immobile")
    )
    dwellings = models.ManyToManyField(
        Dwelling, related_name="agreements", blank=True, verbose_name=_("alloggi compresi")
    )
    contract_type = models.CharField(_("tipo di contratto"), max_length=3, choices=ContractType)
    state = models.CharField(_("stato"), max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    signed_on = models.DateField(_("firmato il"), null=True, blank=True)
    starts_on = models.DateField(_("decorrenza"))
    ends_on = models.DateField(_("scadenza"), null=True, blank=True)
    rent_cents = models.PositiveIntegerField(_("canone mensile al proprietario"), default=0)
    condominium_cents = models.PositiveIntegerField(_("spese condominiali mensili"), default=0)
    deposit_cents = models.PositiveIntegerField(_("deposito"), default=0)
    allows_sublet = models.BooleanField(_("il proprietario consente la sublocazione"), default=False)
    tax_regime = models.CharField(
        _("regime fiscale"), max_length=8, choices=TaxRegime, default=TaxRegime.REGISTER
    )
    notes = models.TextField(_("note"), blank=True)
    registered_on = models.DateField(_("registrato il"), null=True, blank=True)
    registration_office = models.CharField(_("ufficio"), max_length=80, blank=True)
    registration_series = models.CharField(_("serie"), max_length=10, blank=True)
    registration_number = models.CharField(_("numero"), max_length=20, blank=True)
    registration_code = models.CharField(_("codice identificativo"), max_length=17, blank=True)
    notice_on = models.DateField(_("disdetta data il"), null=True, blank=True)
    notice_reason = models.CharField(_("disdetta di"), max_length=8, choices=EndReason, blank=True)
    leaves_on = models.DateField(_("si lascia il"), null=True, blank=True)
    ended_on = models.DateField(_("finito il"), null=True, blank=True)
    end_reason = models.CharField(_("perché"), max_length=8, choices=EndReason, blank=True)
    end_note = models.CharField(_("nota sulla fine"), max_length=400, blank=True)
    deposit_end = models.CharField(_("il deposito"), max_length=8, choices=DepositEnd, blank=True)
    deposit_back_cents = models.PositiveIntegerField(_("deposito riavuto"), default=0)

    next_label: str  # what the list shows beside it

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("accordo con il proprietario")
        verbose_name_plural = _("accordi con i proprietari")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="agreement_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("signed", "in_force", "ended")) | Q(signed_on__isnull=False),
                name="agreement_in_force_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(deposit_back_cents__lte=F("deposit_cents")),
                name="agreement_deposit_back_is_part_of_it",
            ),
        ]
        indexes = [models.Index(fields=["holder", "state"], name="agreement_by_holder")]

    class Privacy:
        hidden = ["owner", "co_owners", "notes", "registration_code", "end_note"]
        shown = ["public_id", "version", "created_at", "changed_at", "holder", "building", "contract_type"]
        shown += ["state", "signed_on", "starts_on", "ends_on", "rent_cents", "condominium_cents"]
        shown += ["deposit_cents", "allows_sublet", "dwellings", "tax_regime", "registered_on"]
        shown += ["registration_office", "registration_series", "registration_number", "notice_on"]
        shown += ["notice_reason", "leaves_on", "ended_on", "end_reason", "deposit_end", "deposit_back_cents"]

    def __str__(self) -> str:
        return f"{self.building.address}: {self.get_contract_type_display()}"

    @property
    def last_on(self) -> date | None:
        """The last day as it is known now: that of the end, of a notice, of the contract; None without a term."""
        return self.ended_on or self.leaves_on or self.ends_on

    @property
    def is_binding(self) -> bool:
        return self.state in {AgreementState.SIGNED, AgreementState.IN_FORCE}

    @property
    def is_open(self) -> bool:
        """Neither ended nor cancelled."""
        return self.is_binding or self.state == AgreementState.DRAFT


class Amendment(Record):
    """A change agreed with the owner, numbered. `changes`: for each term what it was and what it becomes.

    Never edited: a wrong one is followed by another.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("numero"))
    signed_on = models.DateField(_("firmata il"))
    effective_on = models.DateField(_("vale dal"))
    changes = models.JSONField(default=dict)
    note = models.CharField(_("che cosa si è concordato"), max_length=400)

    objects = models.Manager.from_queryset(OfAgreementQuerySet)()

    class Meta:
        verbose_name = _("modifica dell'accordo")
        verbose_name_plural = _("modifiche dell'accordo")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="amendment_is_numbered_once")
        ]

    class Privacy:
        hidden = ["note"]
        shown = ["public_id", "version", "created_at", "changed_at", "agreement", "number", "signed_on"]
        shown += ["effective_on", "changes"]


class AgreementClock(Record):
    """Something due for an agreement: one row for each clock and, when it comes again, each number of it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="clocks")
    code = models.CharField(max_length=24)
    number = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField(_("entro il"))
    done_on = models.DateField(_("fatto il"), null=True, blank=True)
    reference = models.CharField(_("estremi della ricevuta"), max_length=120, blank=True)

    objects = models.Manager.from_queryset(OfAgreementQuerySet)()

    class Meta:
        verbose_name = _("adempimento dell'accordo")
        verbose_name_plural = _("adempimenti dell'accordo")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "code", "number"], name="clock_is_written_once")
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="clock_still_due")]

    class Privacy:
        hidden = ["reference"]
        shown = ["public_id", "version", "created_at", "changed_at", "agreement", "code", "number"]
        shown += ["due_on", "done_on"]


class HandBack(Record):
    """A home given back to its owner: when, why, in what condition."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="hand_backs")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="hand_backs")
    given_on = models.DateField(_("restituita il"))
    reason = models.CharField(_("motivo"), max_length=400)
    condition = models.CharField(_("come si lascia la casa"), max_length=400, blank=True)

    objects = models.Manager.from_queryset(OfAgreementQuerySet)()

    class Meta:
        verbose_name = _("restituzione al proprietario")
        verbose_name_plural = _("restituzioni ai proprietari")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "dwelling"], name="home_is_given_back_once")
        ]

    class Privacy:
        hidden = ["reason", "condition"]
        shown = ["public_id", "version", "created_at", "changed_at", "agreement", "dwelling", "given_on"]
