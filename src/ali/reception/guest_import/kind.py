"""The kind that the importer offers: guest lists."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from ali.imports.kinds import ImportKind
from ali.reception.guest_import.applying import apply_guests
from ali.reception.guest_import.planning import plan_guests
from ali.reception.guest_import.reading import read_guest_table
from ali.reception.guest_import.world import questions_about_centres
from ali.reception.guest_rows import GUEST_TARGETS

GUESTS: Final = ImportKind(
    name="guests",
    label=_("Elenco ospiti"),
    explains=_(
        "L'elenco delle persone accolte, di una prefettura o di un gestore: basta quello che c'è, "
        "le colonne si riconoscono e si possono correggere."
    ),
    shown={
        "surname": _("Cognome"),
        "given_names": _("Nome"),
        "birth_date": _("Nascita"),
        "centre": _("Centro"),
        "entered_on": _("Ingresso"),
        "procedure_state": _("Procedura"),
        "outcome": _("Esito"),
        "permit_kind": _("Permesso"),
        "household_code": _("Nucleo"),
    },
    read=read_guest_table,
    plan=plan_guests,
    apply=apply_guests,
    targets=GUEST_TARGETS,
    needs_sender=True,
    holds_persons=True,
    questions=questions_about_centres,
)
