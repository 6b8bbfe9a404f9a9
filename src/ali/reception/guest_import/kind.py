"""The kind that the importer offers: guest lists."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.imports.kinds import ImportKind, as_text
from ali.imports.parsing import shown
from ali.people.queries import people_by_id
from ali.people.states import CaseOutcome, CaseState, PermitKind, PermitState
from ali.places.bundled import bundled_states
from ali.reception.guest_import.applying import apply_guests
from ali.reception.guest_import.planning import plan_guests
from ali.reception.guest_import.reading import read_guest_table
from ali.reception.guest_import.world import questions_about_centres
from ali.reception.guest_rows import GUEST_TARGETS

_CODES: Final[Mapping[str, Any]] = {  # Any: our code lists
    "procedure_state": CaseState,
    "outcome": CaseOutcome,
    "permit_kind": PermitKind,
    "permit_state": PermitState,
}


def in_words(name: str, value: Any) -> str:  # Any: a value of a JSON document
    """Say a field of a row as people read it."""
    if value and name in _CODES and value in _CODES[name].values:
        return str(_CODES[name](value).label)
    if value and (name.endswith("_on") or name == "birth_date"):
        return shown(date.fromisoformat(value))
    if name == "citizenships":
        return ", ".join(_states().get(code, code) for code in value or ())
    return as_text(name, value)


@cache
def _states() -> Mapping[str, str]:
    return {row["istat"]: row["name"] for row in bundled_states()}


def candidates_by_id(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Name the persons of ours that a row may speak of, among those the actor sees."""
    found = people_by_id(actor, ids)
    return {
        public_id: _now("%(name)s, %(born)s")
        % {"name": one.display_name, "born": shown(one.birth_date) if one.birth_date else "?"}
        for public_id, one in found.items()
    }


GUESTS: Final = ImportKind(
    name="guests",
    needs=Permission.EDIT_PEOPLE,
    label=_("Elenco ospiti"),
    explains=_(
        "L'elenco delle persone accolte, di una prefettura o di un gestore: basta quello che c'è, "
        "le colonne si riconoscono e si possono correggere."
    ),
    shown={
        "surname": _("Cognome"),
        "given_names": _("Nome"),
        "birth_date": _("Nascita"),
        "citizenships": _("Cittadinanza"),
        "centre": _("Centro"),
        "entered_on": _("Ingresso"),
        "procedure_state": _("Procedura"),
        "outcome": _("Esito"),
        "permit_kind": _("Permesso"),
        "household_code": _("Nucleo"),
    },
    title=("surname", "given_names"),
    read=read_guest_table,
    plan=plan_guests,
    apply=apply_guests,
    targets=GUEST_TARGETS,
    needs_sender=True,
    holds_persons=True,
    questions=questions_about_centres,
    in_words=in_words,
    persons=candidates_by_id,
)
