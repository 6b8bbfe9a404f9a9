"""From the fields of a staged row to what it tells of a person."""

from typing import Any, Final

from ali.core.text import fold
from ali.imports.models import StagedRow
from ali.people.facts import FileFacts
from ali.people.states import CaseOutcome, CaseState, IdentifierKind, PermitState, Relation
from ali.places.bundled import bundled_states
from ali.reception.states import ExitCause, ExitEvent

IDENTIFIERS: Final = {
    "sga": IdentifierKind.SGA,
    "cui": IdentifierKind.CUI,
    "vestanet": IdentifierKind.VESTANET,
    "permit_number": IdentifierKind.PERMIT,
}
_RELATIONS: Final = {
    Relation.HEAD: "capofamiglia capo famiglia intestatario titolare riferimento richiedente",
    Relation.PARTNER: "moglie marito coniuge compagna compagno convivente partner",
    Relation.CHILD: "figlio figlia figli minore neonato neonata bambino bambina",
    Relation.PARENT: "madre padre genitore mamma",
    Relation.SIBLING: "fratello sorella",
}


def identifiers_in(row: StagedRow) -> tuple[tuple[str, str], ...]:
    """Return the identifiers of a row with our names of their kinds."""
    found = [(str(kind), row.text(name)) for name, kind in IDENTIFIERS.items() if row.text(name)]
    if code := row.text("fiscal_code"):
        provisional = row.text("fiscal_code_kind") == "provisional"
        kind = IdentifierKind.CODICE_FISCALE_PROVISIONAL if provisional else IdentifierKind.CODICE_FISCALE
        found.append((str(kind), code))
    return tuple(found)


def facts_in(row: StagedRow) -> FileFacts:
    """Return everything that a row tells of its person."""
    return FileFacts(
        surname=row.text("surname"),
        given_names=row.text("given_names"),
        sex=row.text("sex"),
        birth_date=row.day("birth_date"),
        birth_precision=row.text("birth_precision"),
        birth_place=_birth_place(row),
        arrived_on=row.day("arrived_on"),
        phone=row.text("phone"),
        other_names=(row.text("alias"),) if row.text("alias") else (),
        citizenships=tuple(row.fields.get("citizenships") or ()),
        identifiers=identifiers_in(row),
        case=_case(row),
        permit=_permit(row),
    )


def _birth_place(row: StagedRow) -> str:
    country = row.text("birth_country")
    name = next((one["name"] for one in bundled_states() if one["istat"] == country), "") if country else ""
    return ", ".join(part for part in (row.text("birth_place"), name) if part)[:120]


def _case(row: StagedRow) -> dict[str, Any]:  # Any: field values of AsylumCase
    told = {
        "state": row.text("procedure_state"),
        "outcome": row.text("outcome"),
        **{name: row.day(name) for name in ("heard_on", "decided_on", "notified_on")},
    }
    case = {name: value for name, value in told.items() if value}
    if case and "state" not in case:
        case["state"] = _reached(case)
    return case


def _reached(case: dict[str, Any]) -> str:  # Any: field values of AsylumCase
    """The state that the dates alone tell."""
    if "notified_on" in case:
        return CaseState.NOTIFIED
    return CaseState.DECIDED if "decided_on" in case or "outcome" in case else CaseState.HEARD


def _permit(row: StagedRow) -> dict[str, Any]:  # Any: field values of Permit
    told = {
        "kind": row.text("permit_kind"),
        "state": row.text("permit_state"),
        "number": row.text("permit_number"),
        "issued_on": row.day("permit_issued_on"),
        "delivered_on": row.day("permit_delivered_on"),
        "expires_on": row.day("permit_expires_on"),
    }
    permit = {name: value for name, value in told.items() if value}
    if permit and "state" not in permit and "delivered_on" in permit:
        permit["state"] = PermitState.DELIVERED
    return permit


def relation_in(row: StagedRow) -> str:
    """Return the relation that a row writes in words, empty when it is not one that we know."""
    words = set(fold(row.text("relation")).split())
    return next((str(code) for code, listed in _RELATIONS.items() if words & set(listed.split())), "")


def exit_cause(outcome: str, case_state: str, permit_kinds: set[str]) -> tuple[str, str] | None:
    """Return why reception will end and which event is awaited, when the papers tell; a pending appeal tells nothing."""
    if outcome in {CaseOutcome.REFUGEE, CaseOutcome.SUBSIDIARY} or permit_kinds & {"AS", "PS"}:
        return ExitCause.RECOGNISED, ExitEvent.PERMIT_DELIVERED
    if outcome in {CaseOutcome.SPECIAL, CaseOutcome.HUMANITARIAN}:
        return ExitCause.OTHER_PERMIT, ExitEvent.PERMIT_DELIVERED
    if outcome and case_state in {CaseState.DECIDED, CaseState.NOTIFIED}:
        return ExitCause.REJECTED, ExitEvent.DECISION_NOTIFIED
    return None
