"""Costs, quotes, funding and invoices of works."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.renovation import permissions
from ali.renovation.board import refresh_board
from ali.renovation.models import CostLine, Expense, Funding, Quote, QuoteLine, Works
from ali.renovation.states import (
    FUNDING_TRANSITIONS,
    WRITTEN_CATEGORIES,
    CostCategory,
    FundingKind,
    FundingState,
    Vat,
)


class CostNotPossible(Refusal):
    """A cost, a quote, a funding or an invoice that cannot be."""


@dataclass(frozen=True)
class CostFacts:
    """A line of the budget, cents without VAT."""

    category: str
    net_cents: int
    vat: int = Vat.REDUCED
    description: str = ""

    def check(self) -> None:
        """Raise `CostNotPossible` when the line cannot be."""
        if self.category not in WRITTEN_CATEGORIES:
            raise CostNotPossible(_("Scegli la voce dall'elenco: gli imprevisti vengono dalla loro quota."))
        if self.net_cents <= 0:
            raise CostNotPossible(_("Scrivi un importo maggiore di zero."))
        if self.vat not in Vat.values:
            raise CostNotPossible(_("L'IVA è 10%, 22% o nessuna."))


@atomic
def add_cost(*, actor: Actor, works: Works, facts: CostFacts) -> CostLine:
    """Add a line to the budget."""
    permissions.may_edit_works(actor, works).or_refuse()
    facts.check()
    made = CostLine.objects.create(works=works, **asdict(facts))
    audit.record(actor, "works_cost_added", works, category=facts.category)
    return made


@atomic
def change_cost(*, actor: Actor, line: CostLine, facts: CostFacts, expected_version: int) -> CostLine:
    """Change a line of the budget."""
    permissions.may_edit_works(actor, line.works).or_refuse()
    facts.check()
    for name, value in asdict(facts).items():
        setattr(line, name, value)
    line.save_if_unchanged(expected_version)
    audit.record(actor, "works_cost_changed", line.works, category=facts.category)
    return line


@atomic
def remove_cost(*, actor: Actor, line: CostLine, expected_version: int) -> None:
    """Take a line off the budget."""
    permissions.may_edit_works(actor, line.works).or_refuse()
    line.delete_if_unchanged(expected_version)
    audit.record(actor, "works_cost_removed", line.works, category=line.category)


@atomic
def set_rates(
    *, actor: Actor, works: Works, contingency: Decimal, fees: Decimal, expected_version: int
) -> Works:
    """Set contingency and fees of these works, as parts of one."""
    permissions.may_edit_works(actor, works).or_refuse()
    if not (0 <= contingency <= 1 and 0 <= fees <= 1):
        raise CostNotPossible(_("Imprevisti e professionisti sono una quota dei lavori: da 0 a 100%."))
    works.contingency_rate, works.fees_rate = contingency, fees
    works.save_if_unchanged(expected_version)
    audit.record(actor, "works_rates_set", works)
    return works


@dataclass(frozen=True)
class QuoteFacts:
    """What a firm asks: cents without VAT for each category."""

    firm: str
    received_on: date
    lines: Mapping[str, int]
    valid_until: date | None = None
    working_days: int | None = None
    takes_trainees: int = 0
    note: str = ""


@atomic
def add_quote(*, actor: Actor, works: Works, facts: QuoteFacts, today: date) -> Quote:
    """Write down what a firm asks."""
    permissions.may_edit_works(actor, works).or_refuse()
    given = {category: cents for category, cents in facts.lines.items() if cents > 0}
    if not given or set(given) - set(CostCategory.values):
        raise CostNotPossible(_("Scrivi almeno un importo del preventivo."))
    if facts.received_on > today:
        raise CostNotPossible(_("La data del preventivo è nel futuro."))
    values = {name: value for name, value in asdict(facts).items() if name != "lines"}
    made = Quote.objects.create(works=works, **values)
    QuoteLine.objects.bulk_create(
        [QuoteLine(quote=made, category=category, net_cents=cents) for category, cents in given.items()]
    )
    audit.record(actor, "works_quote_added", works)
    return made


@atomic
def remove_quote(*, actor: Actor, quote: Quote, expected_version: int) -> None:
    """Take away a quote written by mistake; the chosen one stays."""
    permissions.may_edit_works(actor, quote.works).or_refuse()
    if quote.chosen_on:
        raise CostNotPossible(_("Il preventivo scelto resta: prima scegline un altro, con il motivo."))
    quote.delete_if_unchanged(expected_version)
    audit.record(actor, "works_quote_removed", quote.works)


@atomic
def choose_quote(*, actor: Actor, quote: Quote, reason: str, expected_version: int, today: date) -> Quote:
    """Choose a firm, with the reason; the one chosen before is no longer."""
    permissions.may_edit_works(actor, quote.works).or_refuse()
    if len(reason.strip()) < 5:
        raise CostNotPossible(_("Scrivi perché scegli questa impresa: resta con il preventivo."))
    if quote.valid_until and quote.valid_until < today:
        raise CostNotPossible(_("Questo preventivo è scaduto: chiedi all'impresa di confermarlo."))
    for other in Quote.objects.filter(works=quote.works, chosen_on__isnull=False).exclude(pk=quote.pk):
        other.chosen_on, other.chosen_by, other.chosen_because = None, None, ""
        other.save_if_unchanged(other.version)
    quote.chosen_on, quote.chosen_by_id, quote.chosen_because = today, actor.signer, reason.strip()[:400]
    quote.save_if_unchanged(expected_version)
    audit.record(actor, "works_quote_chosen", quote.works, reason=reason.strip())
    return quote


@dataclass(frozen=True)
class FundingFacts:
    """Money for the works and its conditions."""

    kind: str
    cents: int
    funder: str = ""
    max_share: Decimal | None = None
    spend_by: date | None = None
    report_by: date | None = None
    forbids: Sequence[str] = field(default_factory=tuple)
    excludes_public: bool = False
    conditions: str = ""

    def check(self) -> None:
        """Raise `CostNotPossible` when the funding cannot be."""
        if self.kind not in FundingKind.values or self.cents <= 0:
            raise CostNotPossible(_("Scegli da dove viene il finanziamento e quanto vale."))
        if self.max_share is not None and not 0 < self.max_share <= 1:
            raise CostNotPossible(_("La quota massima è da 1 a 100%."))
        if self.spend_by and self.report_by and self.report_by < self.spend_by:
            raise CostNotPossible(_("Si rendiconta dopo aver speso: controlla le date."))


@atomic
def add_funding(*, actor: Actor, works: Works, facts: FundingFacts, today: date) -> Funding:
    """Write down money asked for the works, with its conditions."""
    permissions.may_edit_works(actor, works).or_refuse()
    facts.check()
    made = Funding.objects.create(works=works, **{**asdict(facts), "forbids": list(facts.forbids)})
    refresh_board(works, today)
    audit.record(actor, "works_funding_added", works, kind=facts.kind)
    return made


@atomic
def take_funding_step(
    *, actor: Actor, funding: Funding, verb: str, expected_version: int, today: date
) -> Funding:
    """Write that money was granted, received, refused or taken back."""
    permissions.may_edit_works(actor, funding.works).or_refuse()
    if verb not in FUNDING_TRANSITIONS.table:
        raise CostNotPossible(_("Questo passaggio non esiste."))
    funding.state = FUNDING_TRANSITIONS.after(verb, FundingState(funding.state))
    funding.save_if_unchanged(expected_version)
    refresh_board(funding.works, today)
    audit.record(actor, "works_funding_step_taken", funding.works, step=verb)
    return funding


@dataclass(frozen=True)
class ExpenseFacts:
    """An invoice: cents without VAT, and the VAT as it is written there."""

    category: str
    supplier: str
    invoice: str
    invoiced_on: date
    net_cents: int
    vat_cents: int
    paid_on: date | None = None
    funding: Funding | None = None


@atomic
def record_expense(*, actor: Actor, works: Works, facts: ExpenseFacts, today: date) -> Expense:
    """Write down an invoice, on the funding that pays it when there is one."""
    permissions.may_record_expenses(actor, works).or_refuse()
    _check_expense(works, facts, today)
    found = Expense.objects.filter(
        works=works, supplier=facts.supplier.strip(), invoice=facts.invoice.strip(), category=facts.category
    )
    if found.exists():
        raise CostNotPossible(_("Questa fattura c'è già per la stessa voce."))
    made = Expense.objects.create(
        works=works,
        category=facts.category,
        supplier=facts.supplier.strip(),
        invoice=facts.invoice.strip(),
        invoiced_on=facts.invoiced_on,
        net_cents=facts.net_cents,
        vat_cents=facts.vat_cents,
        paid_on=facts.paid_on,
        funding=facts.funding,
    )
    audit.record(actor, "works_expense_recorded", works, category=facts.category)
    return made


def _check_expense(works: Works, facts: ExpenseFacts, today: date) -> None:
    if facts.category not in CostCategory.values or facts.net_cents <= 0:
        raise CostNotPossible(_("Scegli la voce e scrivi l'importo della fattura."))
    if not facts.supplier.strip() or not facts.invoice.strip():
        raise CostNotPossible(_("Scrivi fornitore e numero della fattura."))
    if facts.invoiced_on > today or (facts.paid_on and facts.paid_on > today):
        raise CostNotPossible(_("La data è nel futuro: controlla fattura e pagamento."))
    funding = facts.funding
    if funding is None:
        return
    if funding.works_id != works.pk:
        raise CostNotPossible(_("Il finanziamento è di altri lavori."))
    if facts.category in funding.forbids:
        raise CostNotPossible(
            _("«%(funding)s» non paga la voce «%(category)s»: lo dicono le sue condizioni.")
            % {"funding": funding, "category": CostCategory(facts.category).label}
        )
    if funding.spend_by and facts.invoiced_on > funding.spend_by:
        raise CostNotPossible(
            _("«%(funding)s» si doveva spendere entro il %(day)s.")
            % {"funding": funding, "day": f"{funding.spend_by:%d/%m/%Y}"}
        )


@atomic
def pay_expense(
    *, actor: Actor, expense: Expense, paid_on: date, expected_version: int, today: date
) -> Expense:
    """Write that an invoice was paid."""
    permissions.may_record_expenses(actor, expense.works).or_refuse()
    if expense.paid_on is not None:
        raise CostNotPossible(_("Questa fattura è già pagata."))
    if paid_on > today or paid_on < expense.invoiced_on:
        raise CostNotPossible(_("Il pagamento è dopo la fattura e non nel futuro: controlla la data."))
    expense.paid_on = paid_on
    expense.save_if_unchanged(expected_version)
    audit.record(actor, "works_expense_paid", expense.works)
    return expense


@atomic
def remove_expense(*, actor: Actor, expense: Expense, reason: str, expected_version: int) -> None:
    """Take away an invoice written by mistake, with the reason."""
    permissions.may_record_expenses(actor, expense.works).or_refuse()
    if not reason.strip():
        raise CostNotPossible(_("Scrivi perché togli la fattura."))
    expense.delete_if_unchanged(expected_version)
    audit.record(actor, "works_expense_removed", expense.works, reason=reason.strip())
