"""The two kinds of import of bank movements: CAMT.053 or CBI as the bank gives them, CSV or XLSX with chosen columns."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ali.accounts.roles import Permission
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.money import show_euros
from ali.core.text import compact
from ali.imports.columns import ColumnMapping, Target
from ali.imports.files import Cell, SourceTable
from ali.imports.findings import Finding, ask, error, has_errors, marked, note
from ali.imports.kinds import JSON, ImportKind, Plan, Reading, ReadRow, as_text
from ali.imports.models import StagedRow, message_of
from ali.imports.parsing import parse_date, shown
from ali.imports.states import Effect, RowStatus
from ali.rents.bank.files import open_bank_file
from ali.rents.bank.lines import COLUMNS, FIELDS, read_amount
from ali.rents.bank.proposing import propose
from ali.rents.models import BankMovement

BATCH: Final = 500
SHOWN: Final[Mapping[str, str | Promise]] = {
    "payer_name": _("Chi paga"),
    "booked_on": _("Data"),
    "cents": _("Importo"),
    "payer_iban": _("IBAN"),
    "cause": _("Causale"),
}
TARGETS: Final = (
    Target(
        "booked_on",
        "Data",
        ("data contabile", "data operazione", "data movimento", "data reg"),
        required=True,
    ),
    Target("value_on", "Valuta", ("data valuta",)),
    Target("amount", "Importo", ("importo eur", "importo euro", "importo in euro", "movimento")),
    Target("credit", "Avere", ("entrate", "accrediti", "accredito", "importo avere")),
    Target("debit", "Dare", ("uscite", "addebiti", "addebito", "importo dare")),
    Target("currency", "Divisa", ("moneta", "valuta conto")),
    Target("payer_name", "Ordinante", ("mittente", "controparte", "nominativo", "intestatario", "debitore")),
    Target("payer_iban", "IBAN", ("iban ordinante", "iban controparte", "conto controparte")),
    Target("cause", "Causale", ("descrizione", "descrizione operazione", "descrizione estesa", "note")),
    Target(
        "reference", "Riferimento", ("riferimento banca", "cro", "trn", "id operazione", "codice operazione")
    ),
)


def read_bank_file(table: SourceTable, mapping: ColumnMapping, today: date) -> Reading:
    """Read the movements of a bank's own format; its columns are ours already."""
    return _read(table, ColumnMapping(dict(zip(FIELDS, COLUMNS, strict=True))), today)


def read_bank_table(table: SourceTable, mapping: ColumnMapping, today: date) -> Reading:
    """Read the movements of a table whose columns somebody chose."""
    reading = _read(table, mapping, today)
    findings = [*table.notes, *mapping.findings]
    if not {"amount", "credit"} & set(mapping.columns):
        findings.append(error(marked("Manca la colonna con l'importo: indica «Importo» oppure «Avere».")))
    return Reading(reading.rows, reading.totals, findings)


def _read(table: SourceTable, mapping: ColumnMapping, today: date) -> Reading:
    seen: Counter[str] = Counter()
    rows = [_row(number, cells, mapping, today, seen) for number, cells in table.records()]
    totals: JSON = {"rows": len(rows), **dict.fromkeys(RowStatus.values, 0)}
    totals |= Counter(row.status for row in rows)
    return Reading(rows, totals, table.notes)


def _row(
    number: int, cells: Mapping[str, Cell], mapping: ColumnMapping, today: date, seen: Counter[str]
) -> ReadRow:
    def text(name: str) -> str:
        value = cells.get(mapping.columns.get(name, ""), "")
        return value.isoformat() if isinstance(value, date) else " ".join(value.split())

    findings: list[Finding] = []
    booked_on = _day(cells.get(mapping.columns.get("booked_on", ""), ""), today, findings)
    value_on = parse_date(cells.get(mapping.columns.get("value_on", ""), "")).value
    cents = _cents(text, findings)
    if text("currency").upper() not in {"", "EUR", "EURO", "€"}:
        findings.append(
            error(
                marked("È in «%(currency)s»: qui si registrano solo euro."),
                "currency",
                currency=text("currency"),
            )
        )
    fields: JSON = {
        "booked_on": booked_on.isoformat() if booked_on else None,
        "value_on": value_on.on.isoformat() if value_on else None,
        "cents": cents,
        "payer_name": text("payer_name")[:140],
        "payer_iban": compact(text("payer_iban"))[:34],
        "cause": text("cause")[:600],
        "reference": text("reference")[:80],
    }
    status = RowStatus.ERROR if has_errors(findings) else RowStatus.OK
    if status == RowStatus.OK and (cents or 0) < 0:
        status = RowStatus.SKIPPED
        findings.append(note(marked("È un'uscita: non è il pagamento di un canone.")))
    same = _sameness(fields)
    seen[same] += 1
    fields["digest"] = hashlib.sha256(f"{same}\x1f{seen[same]}".encode()).hexdigest()
    messages = [message_of(one) for one in findings]
    printed = {"row": number, "status": status.value, **fields, "messages": [one["text"] for one in messages]}
    del printed["digest"]
    return ReadRow(number, status.value, fields, messages, printed)


def _day(value: Cell, today: date, findings: list[Finding]) -> date | None:
    read = parse_date(value, earliest=date(today.year - 12, 1, 1))
    findings.extend(one.about("booked_on") for one in read.findings)
    if read.value is None:
        if not has_errors(read.findings):
            findings.append(error(marked("Manca la data del movimento."), "booked_on"))
        return None
    if read.value.on > today:
        findings.append(
            error(marked("La data è nel futuro: è un movimento non ancora avvenuto."), "booked_on")
        )
    return read.value.on


def _cents(text: Any, findings: list[Finding]) -> int | None:  # Any: reads a cell by name
    """The amount with its sign: one column, or credits and debits in two."""
    for name, sign in (("amount", 1), ("credit", 1), ("debit", -1)):
        if not text(name):
            continue
        cents = read_amount(text(name))
        if cents is None:
            findings.append(error(marked("«%(text)s» non è un importo."), name, text=text(name)[:40]))
            return None
        if cents:
            return sign * abs(cents) if name != "amount" else cents
    findings.append(error(marked("Manca l'importo."), "amount"))
    return None


def _sameness(fields: JSON) -> str:
    """What two movements share when they are one: the bank's reference, or everything that is written."""
    kept = ["booked_on", "cents", "reference"]
    if not fields["reference"]:
        kept += ["payer_name", "payer_iban", "cause"]
    return "\x1f".join(str(fields[name]) for name in kept)


# --- what applying would do ----------------------------------------------------------------------------


def plan_bank(plan: Plan) -> None:
    """Say of each movement whether it is new, known already, or perhaps known from another file."""
    stored = _stored(plan)
    alike = _alike(plan)
    for row in plan.rows:
        if not row.start_plan():
            continue
        if row.text("digest") in stored:
            row.effect = Effect.SAME
            continue
        row.effect = Effect.NEW
        if (row.day("booked_on"), row.fields.get("cents"), row.text("payer_iban")) in alike:
            row.say(
                ask(
                    marked(
                        "C'è già un movimento dello stesso giorno, importo e IBAN: usalo solo se è un altro."
                    )
                )
            )


def _stored(plan: Plan) -> set[str]:
    found: set[str] = set()
    digests = [row.text("digest") for row in plan.rows if row.text("digest")]
    for start in range(0, len(digests), BATCH):
        some = BankMovement.objects.filter(
            landlord=plan.actor.organisation_id, digest__in=digests[start : start + BATCH]
        )
        found |= set(some.order_by().values_list("digest", flat=True))
    return found


def _alike(plan: Plan) -> set[tuple[date | None, int, str]]:
    """Return day, amount and IBAN of the movements kept from the days of this file, other than its own."""
    days = [day for row in plan.rows if (day := row.day("booked_on"))]
    if not days:
        return set()
    own = {row.text("digest") for row in plan.rows}
    kept = BankMovement.objects.filter(
        landlord=plan.actor.organisation_id, booked_on__range=(min(days), max(days))
    ).exclude(payer_iban="")
    rows = kept.order_by().values_list("booked_on", "cents", "payer_iban", "digest")
    return {(day, cents, iban) for day, cents, iban, digest in rows if digest not in own}


# --- applying ------------------------------------------------------------------------------------------


def apply_bank(plan: Plan) -> None:
    """Keep the new movements with a proposal of whose they are. Nothing is posted: that is for a person to confirm."""
    rows = [row for row in plan.rows if row.effect == Effect.NEW and row.status == RowStatus.OK]
    landlord_id = plan.actor.organisation_id
    if landlord_id is None:
        raise Refusal(gettext("Indica l'ente di cui è il conto in banca."))
    movements = [_movement(row, landlord_id) for row in rows]
    propose(movements, landlord_id=landlord_id)
    for start in range(0, len(movements), BATCH):
        plan.tick(start)
        BankMovement.objects.bulk_create(movements[start : start + BATCH], ignore_conflicts=True)
    proposed = sum(one.proposed_id is not None for one in movements)
    audit.record(plan.actor, "bank_imported", plan.run, movements=len(movements), proposed=proposed)


def _movement(row: StagedRow, landlord_id: int) -> BankMovement:
    booked_on = row.day("booked_on")
    assert booked_on is not None  # noqa: S101  a row without a day is an error and never gets here
    return BankMovement(
        landlord_id=landlord_id,
        digest=row.text("digest"),
        booked_on=booked_on,
        value_on=row.day("value_on"),
        cents=int(row.fields["cents"]),
        payer_name=row.text("payer_name"),
        payer_iban=row.text("payer_iban"),
        cause=row.text("cause"),
        reference=row.text("reference"),
    )


def in_words(name: str, value: Any) -> str:  # Any: a value of a JSON document
    """Say a field of a row as people read it."""
    if value and name.endswith("_on"):
        return shown(date.fromisoformat(value))
    if name == "cents" and value is not None:
        return show_euros(int(value))
    return as_text(name, value)


def _kind(
    name: str, label: Any, explains: Any, **rest: Any
) -> ImportKind:  # Any: lazy texts, fields of a kind
    return ImportKind(
        name=name,
        label=label,
        explains=explains,
        needs=Permission.POST_RENTS,
        shown=SHOWN,
        title=("payer_name",),
        plan=plan_bank,
        apply=apply_bank,
        in_words=in_words,
        holds_persons=True,
        **rest,
    )


BANK: Final = _kind(
    "bank",
    _("Movimenti della banca (CAMT.053 o CBI)"),
    _(
        "L'estratto conto come lo dà la banca: XML CAMT.053 oppure rendicontazione CBI (RH). "
        "Le entrate restano da confermare una per una; lo stesso file due volte non cambia nulla."
    ),
    read=read_bank_file,
    opens=open_bank_file,
)
BANK_TABLE: Final = _kind(
    "bank-csv",
    _("Movimenti della banca (CSV o XLSX)"),
    _("La tabella scaricata dal sito della banca: si dice una volta quale colonna è che cosa."),
    read=read_bank_table,
    targets=TARGETS,
)
KINDS: Final[Sequence[ImportKind]] = (BANK, BANK_TABLE)
