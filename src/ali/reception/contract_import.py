"""The import of ANAC's contracts: what a row of the public file says becomes a contract, and a centre when it is clear.

A doubtful reading is stored too, marked so, until a person confirms it; what a person has confirmed is never read again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.accounts.roles import Permission
from ali.audit import services as audit
from ali.imports.columns import ColumnMapping
from ali.imports.files import SourceTable
from ali.imports.findings import ask, marked, note
from ali.imports.kinds import JSON, ImportKind, Plan, Reading, ReadRow, as_text
from ali.imports.models import StagedRow, message_of
from ali.imports.parsing import shown
from ali.imports.states import Effect, RowStatus
from ali.organisations.models import Organisation
from ali.places.bundled import bundled_municipalities
from ali.places.models import Province
from ali.reception.contract_texts import ContractReading, Municipality, read_contracts, report
from ali.reception.contract_texts.reading import SURE_ENOUGH
from ali.reception.models import Contract
from ali.reception.services import Bodies, write_centres_of, write_contract_deadlines
from ali.reception.states import CentreKind, ReadingStatus

BATCH: Final = 500

SHOWN: Final[Mapping[str, str | Promise]] = {
    "cig": "CIG",
    "manager": _("Ente gestore"),
    "municipalities": _("Comuni"),
    "kind": _("Tipo"),
    "places": _("Posti"),
    "start": _("Dal"),
    "end": _("Al"),
    "confidence": _("Affidabilità"),
}


def read_contract_table(table: SourceTable, mapping: ColumnMapping, today: date) -> Reading:
    """Read every row of ANAC's file; the layout is fixed, so that `mapping` says nothing."""
    readings = read_contracts(table, known_municipalities())
    rows = [_row(reading) for reading in readings]
    totals: JSON = report(readings)["totals"]  # type: ignore[assignment]  # a JSON object
    return Reading(rows, totals, table.notes)


@cache
def known_municipalities() -> Sequence[Municipality]:
    """The municipalities that a contract may name: the present ones and those that were merged."""
    rows = sorted(bundled_municipalities(), key=lambda row: row["is_current"], reverse=True)
    present = {(row["name"], row["province"]) for row in rows if row["is_current"] == "1"}
    return [
        Municipality(row["name"], row["istat"], row["province"], row["region"])
        for row in rows
        if row["is_current"] == "1" or (row["name"], row["province"]) not in present
    ]


def _row(reading: ContractReading) -> ReadRow:
    fields = {
        **reading.as_json(),
        "municipality_codes": [mention.municipality.istat for mention in reading.municipalities],
        "subject": reading.subject,
        "province": reading.province,
        "buyer": reading.buyer,
        "published_on": reading.published_on.isoformat() if reading.published_on else None,
        "evidence": reading.evidence,
        "field_confidence": reading.field_confidence,
        "manager_is_masked": reading.manager_is_masked,
    }
    del fields["row"], fields["status"], fields["messages"]
    messages = [message_of(message) for message in reading.messages]
    return ReadRow(reading.row, reading.status, fields, messages, reading.as_json())


# --- what applying would do ----------------------------------------------------------------------------


def plan_contracts(plan: Plan) -> None:
    """Say of each row whether it is a new contract, a changed one, or one that we already have as it is."""
    prefectures = dict(Province.objects.values_list("code", "prefecture"))
    stored = _stored(row.text("cig") for row in plan.rows)
    for row in plan.rows:
        if not row.start_plan() or not _is_ours(row, prefectures, plan.actor.provinces):
            continue
        if not row.fields.get("is_reception") and not row.decision:
            row.say(ask(marked("Non è chiaro se è accoglienza: usala solo se lo è.")))
            continue
        row.effect = _effect(row, stored.get(row.text("cig")))


def _stored(codes: Iterable[str]) -> dict[str, Contract]:
    wanted = list(dict.fromkeys(codes))
    found: dict[str, Contract] = {}
    for start in range(0, len(wanted), BATCH):
        some = Contract.objects.filter(cig__in=wanted[start : start + BATCH])
        found |= {one.cig: one for one in some.prefetch_related("municipalities").order_by()}
    return found


def _is_ours(row: StagedRow, prefectures: Mapping[str, str], provinces: frozenset[str]) -> bool:
    province = row.text("province")
    if prefectures.get(province) in provinces:
        return True
    row.status = RowStatus.SKIPPED
    row.say(
        note(marked("È della provincia «%(province)s»: la importa la sua prefettura."), province=province)
    )
    return False


def _effect(row: StagedRow, stored: Contract | None) -> Effect:
    if stored is None:
        return Effect.NEW
    if stored.reading == ReadingStatus.CONFIRMED:
        row.say(note(marked("Una persona ha già confermato questo contratto: non si rilegge.")))
        return Effect.SAME
    values = _values(row)
    same = all(getattr(stored, name) == value for name, value in values.items())
    places = {one.pk for one in stored.municipalities.all()} == set(row.fields["municipality_codes"])
    return Effect.SAME if same and places else Effect.CHANGED


def _values(row: StagedRow) -> dict[str, Any]:  # Any: field values of Contract
    doubtful = row.read_status == RowStatus.DOUBTFUL and not row.decision
    return {
        "subject": row.text("subject"),
        "province_id": row.text("province"),
        "buyer": row.text("buyer")[:200],
        "manager_name": row.text("manager")[:200],
        "kind": row.text("kind"),
        "places": row.fields["places"],
        "starts_on": row.day("start"),
        "ends_on": row.day("end"),
        "published_on": row.day("published_on"),
        "reading": ReadingStatus.DOUBTFUL if doubtful else ReadingStatus.OK,
        "confidence": row.fields["confidence"],
        "evidence": row.fields["evidence"],
    }


# --- applying ------------------------------------------------------------------------------------------


def apply_contracts(plan: Plan) -> None:
    """Write the contracts, the bodies that run them, and the centres that they describe clearly enough."""
    rows = [row for row in plan.rows if row.effect in {Effect.NEW, Effect.CHANGED}]
    stored = _stored(row.text("cig") for row in rows)
    bodies = Bodies.known()
    written: list[Contract] = []
    for done, row in enumerate(rows):
        plan.tick(done)
        contract = stored.setdefault(row.text("cig"), Contract(cig=row.text("cig")))
        for name, value in _values(row).items():
            setattr(contract, name, value)
        contract.manager = _manager_of(row, bodies)
        contract.save()
        contract.municipalities.set(row.fields["municipality_codes"])
        written.append(contract)
    centres = write_centres_of(written, plan.today)
    write_contract_deadlines([contract.pk for contract in written], plan.today)
    audit.record(
        plan.actor,
        "contracts_imported",
        plan.run,
        contracts=len(written),
        managers=bodies.made,
        centres=centres,
    )


def _manager_of(row: StagedRow, bodies: Bodies) -> Organisation | None:
    """The body that the text names: a new one only when the reading is sure and it is not a single person."""
    name = row.text("manager")
    if not name or row.fields["manager_is_masked"]:
        return None
    if row.fields["field_confidence"].get("manager", 0) <= SURE_ENOUGH:
        return bodies.find(name)
    return bodies.find_or_make(name, row.text("province"), row.day("start") or row.day("published_on"))


def in_words(name: str, value: Any) -> str:  # Any: a value of a JSON document
    """Say a field of a row as people read it."""
    if value and name in {"start", "end"}:
        return shown(date.fromisoformat(value))
    if value is not None and name == "confidence":
        return f"{round(value * 100)}%"
    if value and name == "kind":
        return str(CentreKind(value).label)
    return as_text(name, value)


ANAC: Final = ImportKind(
    name="anac",
    needs=Permission.EDIT_CENTRES,
    label=_("Contratti di accoglienza (ANAC)"),
    explains=_(
        "Il file pubblico dei contratti: gestore, posti, Comune e periodo si leggono dal testo. "
        "Quello che non è chiaro resta «da confermare»."
    ),
    shown=SHOWN,
    title=("cig",),
    read=read_contract_table,
    plan=plan_contracts,
    apply=apply_contracts,
    in_words=in_words,
)
