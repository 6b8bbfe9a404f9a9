"""What speaks against an agreement: each with the rule that says so, and whether it blocks or only warns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from ali.agreements.clocks import ContractTerms, duration_problem, months_between
from ali.agreements.models import Agreement
from ali.agreements.queries import ShareLine, covered_dwellings, place_of, shares_of
from ali.agreements.states import LOANS, ContractType, TaxRegime
from ali.core import clock
from ali.core.money import show_euros
from ali.housing.models import Dwelling
from ali.rules.values import RuleMissing, RuleValue, rule_in_force


@dataclass(frozen=True)
class Check:
    """Something to weigh. `is_blocking`: it cannot be signed like this."""

    code: str
    is_blocking: bool
    sentence: str
    rule: RuleValue

    @property
    def tone(self) -> str:
        return "danger" if self.is_blocking else "warning"


def rules_day(agreement: Agreement) -> date:
    """The day whose rules hold: that of the signature, of the start until then."""
    return agreement.signed_on or agreement.starts_on


def rule_for(code: str, agreement: Agreement) -> RuleValue:
    """Return a rule as it held for the agreement; for one older than the rule, as it is today."""
    place = place_of(agreement)
    try:
        return rule_in_force(code, day=rules_day(agreement), **place)
    except RuleMissing:
        return rule_in_force(code, day=clock.today(), **place)


def type_rule(agreement: Agreement) -> RuleValue:
    """Return the rule of the agreement's contract type where its building is."""
    return rule_for(f"agreements.contract.{agreement.contract_type}", agreement)


def checks_of(agreement: Agreement) -> list[Check]:
    """Return everything that speaks against signing, what blocks first. About ten queries."""
    dwellings = covered_dwellings(agreement)
    rule = type_rule(agreement)
    found = [
        *_terms(agreement, rule),
        *_overlaps(agreement, dwellings, rule),
        *_owners(agreement, shares_of(agreement, agreement.starts_on)),
        *_consent(agreement),
        *_taxes(agreement),
    ]
    return sorted(found, key=lambda check: not check.is_blocking)


def _terms(agreement: Agreement, rule: RuleValue) -> list[Check]:
    terms = ContractTerms.from_rule(rule)
    found = []
    problem = duration_problem(terms, agreement.starts_on, agreement.ends_on)
    if agreement.ends_on is None and terms.max_months is not None:
        problem = _("Questo tipo dura al massimo %(months)s mesi: scrivi la scadenza.") % {
            "months": terms.max_months
        }
    if problem:
        found.append(Check("duration", rule.is_blocking, problem, rule))
    if agreement.contract_type == ContractType.LOAN and agreement.rent_cents:
        sentence = _("Il comodato è gratuito: il canone deve essere zero.")
        found.append(Check("rent", True, sentence, rule))
    months = terms.deposit_max_months
    if months is not None and agreement.deposit_cents > months * agreement.rent_cents:
        sentence = _("Il deposito di %(deposit)s supera %(months)s mensilità (%(most)s).") % {
            "deposit": show_euros(agreement.deposit_cents),
            "months": months,
            "most": show_euros(months * agreement.rent_cents),
        }
        found.append(Check("deposit", rule.is_blocking, sentence, rule))
    return found


def _overlaps(agreement: Agreement, dwellings: Sequence[Dwelling], rule: RuleValue) -> list[Check]:
    """Another contract on the same home in the same days: the owner gives it once."""
    others = Agreement.objects.binding().exclude(pk=agreement.pk).filter(building=agreement.building_id)
    if agreement.ends_on is not None:
        others = others.filter(starts_on__lte=agreement.ends_on)
    others = others.filter(
        Q(dwellings__in=dwellings) | Q(dwellings__isnull=True, holder=agreement.holder_id)
    ).distinct()
    meeting = [
        one for one in others.order_by("pk") if one.last_on is None or one.last_on >= agreement.starts_on
    ]
    return [
        Check(
            "overlap",
            False,
            _("Per la stessa casa c'è già un contratto in quei giorni: %(type)s, dal %(day)s.")
            % {"type": one.get_contract_type_display(), "day": f"{one.starts_on:%d/%m/%Y}"},
            rule,
        )
        for one in meeting
    ]


def _owners(agreement: Agreement, lines: Sequence[ShareLine]) -> list[Check]:
    """Shares beyond the whole block; who signs must have more than half, everybody beyond nine years."""
    if not lines:
        return []
    total = sum((line.ownership.share for line in lines if line.ownership.dwelling_id is None), Decimal(0))
    by_home: dict[int, Decimal] = {}
    for line in lines:
        if line.ownership.dwelling_id is not None:
            pk = line.ownership.dwelling_id
            by_home[pk] = by_home.get(pk, total) + line.ownership.share
    most = max([total, *by_home.values()])
    if most > 1:
        rule = rule_for("agreements.owner_shares", agreement)
        sentence = _("Le quote dei proprietari fanno %(sum)s: correggile, non possono superare l'intero.")
        return [Check("shares", rule.is_blocking, sentence % {"sum": show_share(most)}, rule)]
    rule = rule_for("agreements.co_owner_consent", agreement)
    absent = sum((line.ownership.share for line in lines if not line.signs), Decimal(0))
    signing = sum((line.ownership.share for line in lines if line.signs), Decimal(0))
    months = months_between(agreement.starts_on, agreement.ends_on) if agreement.ends_on else None
    is_long = months is None or months > 12 * int(rule.value["long_years"])
    if absent and is_long and agreement.contract_type not in LOANS:
        sentence = _("Dura più di %(years)s anni e non firmano tutti i proprietari (manca %(share)s).")
        words = {"years": int(rule.value["long_years"]), "share": show_share(absent)}
        return [Check("owners", False, sentence % words, rule)]
    if absent and signing <= Decimal(str(rule.value["ordinary"])):
        sentence = _("Chi firma ha %(share)s della casa: serve più della metà.")
        return [Check("owners", False, sentence % {"share": show_share(signing)}, rule)]
    return []


def show_share(share: Decimal) -> str:
    """Return a share as people write it: 50%, 33,33%."""
    percent = (share * 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{percent:f}".rstrip("0").rstrip(".").replace(".", ",") + "%"


def _consent(agreement: Agreement) -> list[Check]:
    if agreement.allows_sublet:
        return []
    rule = rule_for("tenancies.owner_consent", agreement)
    sentence = _(
        "Manca il consenso a dare la casa ad altri: senza, non si può sublocare né assegnare a chi esce dall'accoglienza."
    )
    return [Check("consent", rule.is_blocking, sentence, rule)]


def _taxes(agreement: Agreement) -> list[Check]:
    if agreement.tax_regime != TaxRegime.FLAT:
        return []
    rule = rule_for("agreements.flat_tax", agreement)
    sentence = _("Cedolare secca con un ente: è discussa, fatela verificare prima di firmare.")
    return [Check("flat_tax", False, sentence, rule)]


@dataclass(frozen=True)
class Tax:
    """What the contract pays to be registered, in cents, with the rule."""

    label: str
    cents: int | None
    rule: RuleValue


def taxes_of(agreement: Agreement) -> list[Tax]:
    """Return the taxes of an agreement by its regime, each with its rule. Two queries."""
    if agreement.tax_regime == TaxRegime.ONCE:
        rule = rule_for("agreements.fixed_tax", agreement)
        return [Tax(_("imposta fissa, una volta"), int(rule.value) * 100, rule)]
    if agreement.tax_regime == TaxRegime.FLAT:
        rule = rule_for("agreements.flat_tax", agreement)
        name = "agreed" if agreement.contract_type == ContractType.AGREED_3_2 else "ordinary"
        yearly = _part(12 * agreement.rent_cents, Decimal(str(rule.value[name])))
        return [Tax(_("cedolare secca all'anno, a carico del proprietario"), yearly, rule)]
    rule = rule_for("agreements.register_tax", agreement)
    stamp = rule_for("agreements.stamp_duty", agreement)
    yearly = _part(12 * agreement.rent_cents, Decimal(str(rule.value["rate"])))
    first = max(yearly, int(rule.value["least_euros"]) * 100)
    found = [Tax(_("imposta di registro, prima annualità"), first, rule)]
    if yearly:
        found.append(Tax(_("imposta di registro, ogni anno dopo"), yearly, rule))
    return [*found, Tax(_("bollo, ogni quattro facciate"), int(stamp.value["euros"]) * 100, stamp)]


def _part(cents: int, rate: Decimal) -> int:
    return int((Decimal(cents) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))
