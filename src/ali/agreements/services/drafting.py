"""An agreement from the first draft to its start: who, which homes, terms, owners' shares, signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.agreements import permissions
from ali.agreements.board import write_clocks
from ali.agreements.checks import checks_of, show_share
from ali.agreements.models import Agreement
from ali.agreements.queries import covered_dwellings, share_sum
from ali.agreements.states import AGREEMENT_TRANSITIONS, AgreementState, TaxRegime
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing.models import Building, Dwelling
from ali.housing.services import take_step
from ali.housing.states import DWELLING_TRANSITIONS, DwellingState
from ali.scouting.models import Owner, Ownership

LONGEST_YEARS = 99


class ImpossibleAgreement(Refusal):
    """Parties, homes or dates that cannot be."""


class NotYet(Refusal):
    """The step cannot be taken now."""


@dataclass(frozen=True)
class AgreementFacts:
    """What is agreed with the owners: parties, homes, type, dates, money in cents, consent, taxes."""

    owner: Owner
    building: Building
    contract_type: str
    starts_on: date
    dwellings: Sequence[Dwelling] = ()
    co_owners: Sequence[Owner] = ()
    ends_on: date | None = None
    rent_cents: int = 0
    condominium_cents: int = 0
    deposit_cents: int = 0
    allows_sublet: bool = False
    tax_regime: str = TaxRegime.REGISTER
    notes: str = ""

    def check(self, actor: Actor) -> None:
        """Raise `ImpossibleAgreement` when parties, homes or dates cannot be."""
        owners = [self.owner, *self.co_owners]
        if any(one.kept_by_id != actor.organisation_id for one in owners):
            raise ImpossibleAgreement(_("Un proprietario non è tra quelli del nostro ente."))
        if self.owner in self.co_owners:
            raise ImpossibleAgreement(_("Il proprietario che firma è già il primo: toglilo dagli altri."))
        if not Dwelling.objects.filter(building=self.building, manager=actor.organisation_id).exists():
            raise ImpossibleAgreement(
                _("In questo immobile il nostro ente non ha alloggi: aggiungi prima la casa.")
            )
        for home in self.dwellings:
            if home.building_id != self.building.pk or home.manager_id != actor.organisation_id:
                raise ImpossibleAgreement(_("Un alloggio non è di questo immobile, o è di un altro ente."))
        if self.ends_on is not None and self.ends_on <= self.starts_on:
            raise ImpossibleAgreement(_("La scadenza viene prima della decorrenza: controlla le date."))
        if self.ends_on is not None and self.ends_on.year - self.starts_on.year > LONGEST_YEARS:
            raise ImpossibleAgreement(
                _("La scadenza è oltre %(years)s anni: controlla l'anno.") % {"years": LONGEST_YEARS}
            )


_COLUMNS = (
    "owner",
    "building",
    "contract_type",
    "starts_on",
    "ends_on",
    "rent_cents",
    "condominium_cents",
    "deposit_cents",
    "allows_sublet",
    "tax_regime",
    "notes",
)


@atomic
def draft_agreement(*, actor: Actor, facts: AgreementFacts) -> Agreement:
    """Prepare an agreement of the actor's body; nothing falls due until it is signed."""
    permissions.may_draft_agreement(actor).or_refuse()
    facts.check(actor)
    made = Agreement(holder_id=actor.body, **{name: getattr(facts, name) for name in _COLUMNS})
    made.save()
    made.dwellings.set(facts.dwellings)
    made.co_owners.set(facts.co_owners)
    audit.record(actor, "agreement_drafted", made, type=made.contract_type)
    return made


@atomic
def change_agreement(
    *, actor: Actor, agreement: Agreement, facts: AgreementFacts, expected_version: int
) -> Agreement:
    """Change an agreement in preparation. Once signed it changes only by an amendment."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if agreement.state != AgreementState.DRAFT:
        raise NotYet(_("Un accordo firmato si cambia con una modifica firmata, non da qui."))
    facts.check(actor)
    for name in _COLUMNS:
        setattr(agreement, name, getattr(facts, name))
    agreement.save_if_unchanged(expected_version)
    agreement.dwellings.set(facts.dwellings)
    agreement.co_owners.set(facts.co_owners)
    audit.record(actor, "agreement_changed", agreement)
    return agreement


@atomic
def sign_agreement(
    *, actor: Actor, agreement: Agreement, signed_on: date, expected_version: int, today: date
) -> Agreement:
    """Write that everybody signed, on which day. What a rule forbids stops it; its clocks begin."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if signed_on > today:
        raise NotYet(_("La firma è nel futuro: si registra quando è avvenuta."))
    agreement.state = AGREEMENT_TRANSITIONS.after("sign", AgreementState(agreement.state))
    agreement.signed_on = signed_on
    against = [check for check in checks_of(agreement) if check.is_blocking]
    if against:
        raise NotYet(" ".join(check.sentence for check in against))
    agreement.save_if_unchanged(expected_version)
    write_clocks(agreement, today)
    audit.record(actor, "agreement_signed", agreement)
    return agreement


@atomic
def start_agreement(*, actor: Actor, agreement: Agreement, expected_version: int, today: date) -> Agreement:
    """The agreement runs: homes that were only found or visited are now agreed with their owner."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if agreement.starts_on > today:
        raise NotYet(
            _("Decorre dal %(day)s: si mette in corso da quel giorno.")
            % {"day": f"{agreement.starts_on:%d/%m/%Y}"}
        )
    agreement.state = AGREEMENT_TRANSITIONS.after("start", AgreementState(agreement.state))
    agreement.save_if_unchanged(expected_version)
    for home in covered_dwellings(agreement):
        if DWELLING_TRANSITIONS.can("agree", DwellingState(home.state)):
            take_step(actor=actor, home=home, verb="agree", expected_version=home.version, today=today)
    write_clocks(agreement, today)
    audit.record(actor, "agreement_started", agreement)
    return agreement


@atomic
def cancel_agreement(*, actor: Actor, agreement: Agreement, reason: str, expected_version: int) -> Agreement:
    """Give up an agreement that was not signed, with the reason."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    if not reason.strip():
        raise NotYet(_("Scrivi perché annulli l'accordo."))
    agreement.state = AGREEMENT_TRANSITIONS.after("cancel", AgreementState(agreement.state))
    agreement.end_note = reason.strip()[:400]
    agreement.save_if_unchanged(expected_version)
    audit.record(actor, "agreement_cancelled", agreement, reason=reason.strip())
    return agreement


@atomic
def record_ownership(
    *,
    actor: Actor,
    agreement: Agreement,
    owner: Owner,
    dwelling: Dwelling | None,
    share: Decimal,
    starts_on: date,
) -> Ownership:
    """Write an owner's share of the agreement's building, or of one dwelling; together they never exceed the whole."""
    permissions.may_edit_agreement(actor, agreement).or_refuse()
    Building.objects.select_for_update().get(pk=agreement.building_id)
    if owner.kept_by_id != actor.organisation_id:
        raise ImpossibleAgreement(_("Un proprietario non è tra quelli del nostro ente."))
    if dwelling is not None and dwelling.building_id != agreement.building_id:
        raise ImpossibleAgreement(_("Un alloggio non è di questo immobile, o è di un altro ente."))
    if not 0 < share <= 1:
        raise ImpossibleAgreement(_("La quota è più di zero e al massimo l'intero."))
    taken = max(
        share_sum(
            building_id=agreement.building_id,
            dwelling_id=pk,
            kept_by=actor.body,
            day=starts_on,
            leaving_out=(owner, dwelling.pk if dwelling else None),
        )
        for pk in _scopes(agreement, dwelling)
    )
    if taken + share > 1:
        raise ImpossibleAgreement(
            _("Con questa quota si supera l'intero: gli altri hanno già %(taken)s.")
            % {"taken": show_share(taken)}
        )
    Ownership.objects.filter(
        owner=owner, building=agreement.building_id, dwelling=dwelling, starts_on__gte=starts_on
    ).delete()
    Ownership.objects.on(starts_on).filter(
        owner=owner, building=agreement.building_id, dwelling=dwelling
    ).update(ends_on=starts_on)
    made = Ownership.objects.create(
        owner=owner, building=agreement.building, dwelling=dwelling, share=share, starts_on=starts_on
    )
    audit.record(actor, "ownership_recorded", agreement)
    return made


def _scopes(agreement: Agreement, dwelling: Dwelling | None) -> list[int | None]:
    """A share of the building counts in each of its dwellings."""
    if dwelling is not None:
        return [dwelling.pk]
    return [None, *(one.pk for one in covered_dwellings(agreement))]
