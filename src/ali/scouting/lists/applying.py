"""Rows of a list into leads. A list adds and never overwrites: blanks are filled, what people wrote stays."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ali.audit import services as audit
from ali.core.text import search_key
from ali.imports.findings import error, marked, note
from ali.imports.kinds import Plan
from ali.imports.models import StagedRow
from ali.imports.states import Effect, RowStatus
from ali.places.models import Municipality
from ali.scouting.models import Lead, Owner

BATCH: Final = 500
FIELDS: Final = (
    "address",
    "what",
    "kind",
    "why_empty",
    "sheet",
    "parcel",
    "subunit",
    "notes",
)


def plan_leads(plan: Plan) -> None:
    """Say of each row whether it is a new lead, fills something in one, or changes nothing."""
    body = plan.actor.organisation_id
    stored = _stored(body, plan.rows)
    towns = set(
        Municipality.objects.filter(pk__in={row.text("municipality") for row in plan.rows})
        .values_list("pk", flat=True)
        .order_by()
    )
    seen: set[tuple[str, str]] = set()
    for done, row in enumerate(plan.rows):
        plan.tick(done)
        if not row.start_plan():
            continue
        key = (row.text("source"), row.text("external_code"))
        if body is None:
            row.say(error(marked("Indica per quale ente si importa: «--organisation NOME».")))
        elif row.text("province") not in plan.actor.provinces:
            row.status = RowStatus.SKIPPED
            row.say(
                note(
                    marked("È della provincia «%(province)s»: non è del tuo ente."),
                    province=row.text("province"),
                )
            )
        elif row.text("municipality") not in towns:
            row.say(error(marked("Questo Comune non è tra quelli caricati: lancia «ali load_places».")))
        elif key in seen:
            row.status = RowStatus.SKIPPED
            row.say(note(marked("È già in una riga di questo file.")))
        else:
            seen.add(key)
            row.effect = _effect(row, stored.get(key))


def _stored(body: int | None, rows: Iterable[StagedRow]) -> dict[tuple[str, str], Lead]:
    wanted = list(dict.fromkeys(row.text("external_code") for row in rows))
    found: dict[tuple[str, str], Lead] = {}
    for start in range(0, len(wanted), BATCH):
        some = Lead.objects.filter(kept_by=body, external_code__in=wanted[start : start + BATCH])
        found |= {(one.source, one.external_code): one for one in some.select_related("owner").order_by()}
    return found


def _effect(row: StagedRow, lead: Lead | None) -> Effect:
    if lead is None:
        return Effect.NEW
    gets_owner = lead.owner is None and bool(row.text("owner_name"))
    return Effect.CHANGED if _to_fill(row, lead) or gets_owner else Effect.SAME


def _to_fill(row: StagedRow, lead: Lead) -> dict[str, Any]:  # Any: field values of a Lead
    return {name: value for name, value in _values(row).items() if value and not getattr(lead, name)}


def _values(row: StagedRow) -> dict[str, Any]:  # Any: field values of a Lead
    area, since = row.text("area_m2"), row.text("empty_since")
    return {
        **{name: row.text(name) for name in FIELDS},
        "area_m2": Decimal(area) if area else None,
        "empty_since": date.fromisoformat(since) if since else None,
        "confiscated_share": row.fields.get("confiscated_share"),
        "is_confiscated": bool(row.fields.get("is_confiscated")),
    }


def apply_leads(plan: Plan) -> None:
    """Write the new leads with their owners, and fill the blanks of those that are there."""
    rows = [row for row in plan.rows if row.effect in {Effect.NEW, Effect.CHANGED}]
    stored, owners = _stored(plan.actor.organisation_id, rows), _Owners(plan.actor.body)
    towns = Municipality.objects.in_bulk({row.text("municipality") for row in rows})
    for done, row in enumerate(rows):
        plan.tick(done)
        lead = stored.get((row.text("source"), row.text("external_code")))
        if lead is None:
            lead = Lead(
                kept_by_id=plan.actor.body,
                municipality=towns[row.text("municipality")],
                source=row.text("source"),
                external_code=row.text("external_code"),
                **_values(row),
            )
        else:
            for name, value in _to_fill(row, lead).items():
                setattr(lead, name, value)
        if lead.owner is None and (name := row.text("owner_name")):
            lead.owner = owners.named(name, row.text("owner_phone"))
        if lead.pk:
            lead.save_if_unchanged(lead.version)
        else:
            lead.save()
    audit.record(plan.actor, "leads_imported", plan.run, leads=len(rows), owners=owners.made)


class _Owners:
    """The owners of a body by name and telephone; one of the list that is not there is written."""

    def __init__(self, body: int) -> None:
        self.body, self.made = body, 0
        self.known: dict[tuple[str, str], Owner] = {}
        for owner in Owner.objects.filter(kept_by=body).order_by("-pk"):
            self.known[owner.folded, owner.phone] = owner

    def named(self, name: str, phone: str) -> Owner:
        """Return the owner of that name and telephone; without a telephone, the only one of that name."""
        key = search_key(name)[:240]
        same = [owner for (folded, _phone), owner in self.known.items() if folded == key]
        found = self.known.get((key, phone)) or (same[0] if len(same) == 1 and not phone else None)
        if found is None:
            found = Owner.objects.create(kept_by_id=self.body, name=name, phone=phone)
            self.known[found.folded, found.phone] = found
            self.made += 1
        return found
