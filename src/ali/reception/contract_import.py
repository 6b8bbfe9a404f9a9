"""The import of ANAC's contracts: what a row of the public file says becomes a contract, and a centre when it is clear.

A doubtful reading is stored too, marked so, until a person confirms it; what a person has confirmed is never read again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ali.audit import services as audit
from ali.core.text import fold
from ali.imports.columns import ColumnMapping
from ali.imports.files import SourceTable
from ali.imports.findings import ask, marked, note
from ali.imports.kinds import JSON, ImportKind, Plan, Reading, ReadRow, as_text
from ali.imports.models import StagedRow, message_of
from ali.imports.parsing import shown
from ali.imports.states import Effect, RowStatus
from ali.organisations.models import Organisation, OrganisationKind, OrganisationRole
from ali.places.bundled import bundled_municipalities
from ali.places.models import Province
from ali.reception.contract_texts import ContractReading, Municipality, read_contracts, report
from ali.reception.contract_texts.managers import bare_name
from ali.reception.models import Centre, Contract
from ali.reception.services import write_contract_deadlines
from ali.reception.states import CentreKind, ReadingStatus

# Of a reading below this, a person decides.
SURE: Final = 0.7
# A contract without a stated end says nothing of today when it is older than the longest we have seen with renewals.
STILL_TELLING: Final = timedelta(days=3 * 365)
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
    written: list[tuple[StagedRow, Contract]] = []
    for done, row in enumerate(rows):
        plan.tick(done)
        contract = stored.setdefault(row.text("cig"), Contract(cig=row.text("cig")))
        for name, value in _values(row).items():
            setattr(contract, name, value)
        contract.manager = _manager_of(row, bodies)
        contract.save()
        contract.municipalities.set(row.fields["municipality_codes"])
        written.append((row, contract))
    centres = _write_centres(written, plan.today)
    write_contract_deadlines([contract.pk for _row, contract in written], plan.today)
    audit.record(
        plan.actor,
        "contracts_imported",
        plan.run,
        contracts=len(written),
        managers=bodies.made,
        centres=centres,
    )


@dataclass(slots=True)
class Bodies:
    """The bodies that run reception, by name without legal form."""

    by_name: dict[str, Organisation] = field(default_factory=dict)
    provinces: set[tuple[int, str]] = field(default_factory=set)
    made: int = 0

    @classmethod
    def known(cls) -> "Bodies":
        """Those that already exist; invented ones never stand for real ones."""
        roles = OrganisationRole.objects.filter(organisation__is_invented=False).select_related(
            "organisation"
        )
        held = list(roles.order_by("organisation_id", "pk"))
        return cls(
            {bare_name(one.organisation.name): one.organisation for one in reversed(held)},
            {
                (one.organisation_id, one.province_id or "")
                for one in held
                if one.kind == OrganisationKind.RECEPTION_MANAGER
            },
        )

    def find(self, name: str) -> Organisation | None:
        """Return the body of this name, whatever its legal form."""
        return self.by_name.get(bare_name(name))

    def find_or_make(self, name: str, province: str, since: date | None) -> Organisation:
        """Return the body of this name, made when new, with the role of manager in the province."""
        body = self.find(name)
        if body is None:
            body = Organisation.objects.create(name=name[:200], folded=fold(name)[:200])
            self.by_name[bare_name(name)] = body
            self.made += 1
        if not {(body.pk, province), (body.pk, "")} & self.provinces:
            OrganisationRole.objects.create(
                organisation=body,
                kind=OrganisationKind.RECEPTION_MANAGER,
                province_id=province,
                starts_on=since,
            )
            self.provinces.add((body.pk, province))
        return body


def manager_named(name: str, province: str, since: date | None = None) -> Organisation:
    """Return the real body of this name with the role of manager in the province: for a person who confirms a contract."""
    return Bodies.known().find_or_make(name, province, since)


def _manager_of(row: StagedRow, bodies: Bodies) -> Organisation | None:
    """The body that the text names: a new one only when the reading is sure and it is not a single person."""
    name = row.text("manager")
    if not name or row.fields["manager_is_masked"]:
        return None
    if row.fields["field_confidence"].get("manager", 0) <= SURE:
        return bodies.find(name)
    return bodies.find_or_make(name, row.text("province"), row.day("start") or row.day("published_on"))


def _write_centres(written: Sequence[tuple[StagedRow, Contract]], today: date) -> int:
    """A centre for each manager, municipality and kind that a contract gives clearly: the latest contract speaks."""
    latest: dict[tuple[int, str, str], Contract] = {}
    for row, contract in sorted(written, key=lambda pair: (_since(pair[1]), pair[1].pk)):
        if place := _clear_place(row, contract, today):
            latest[(contract.manager_id or 0, place, contract.kind)] = contract
    for (manager, place, kind), contract in latest.items():
        _write_centre(manager, place, kind, contract, today)
    return len(latest)


def _clear_place(row: StagedRow, contract: Contract, today: date) -> str:
    """The municipality of a contract that says clearly who hosts, where and of which kind, and is not too old to tell."""
    codes = row.fields["municipality_codes"]
    sure = row.fields["field_confidence"].get("municipalities", 0) > SURE
    if contract.reading == ReadingStatus.DOUBTFUL or contract.manager is None or not contract.kind:
        return ""
    is_told = contract.ends_on is not None or _since(contract) >= today - STILL_TELLING
    return str(codes[0]) if sure and is_told and len(codes) == 1 else ""


def _since(contract: Contract) -> date:
    return contract.starts_on or contract.published_on or date.min


def _write_centre(manager: int, place: str, kind: str, contract: Contract, today: date) -> None:
    """Places that the text does not say stay zero: somebody writes them. A contract that has ended closes its centre."""
    centre = Centre.objects.filter(
        manager=manager, municipality=place, kind=kind, contract__isnull=False, is_invented=False
    ).first()
    if centre is None:
        centre = Centre(manager_id=manager, municipality_id=place, kind=kind, places=0)
    elif centre.contract is not None and _since(centre.contract) > _since(contract):
        return
    municipality = contract.municipalities.get(pk=place)
    centre.name = f"{contract.manager} - {municipality.name}"[:120]
    centre.contract = contract
    centre.places = contract.places if contract.places is not None else centre.places
    centre.closes_on = contract.ends_on if contract.ends_on and contract.ends_on < today else None
    centre.save()


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
