"""Building titles and the acts that go with works."""

from datetime import date

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.renovation import permissions
from ali.renovation.board import refresh_board
from ali.renovation.models import Title, Works
from ali.renovation.states import TITLE_TRANSITIONS, TITLE_VERBS_WITH_REASON, TitleKind, TitleState


class TitleNotPossible(Refusal):
    """The step of a title cannot be as asked."""


@atomic
def add_title(*, actor: Actor, works: Works, kind: str, today: date) -> Title:
    """Add a title that the works need."""
    permissions.may_edit_works(actor, works).or_refuse()
    if kind not in TitleKind.values:
        raise TitleNotPossible(_("Scegli il titolo o l'atto dall'elenco."))
    if Title.objects.filter(works=works, kind=kind).exists():
        raise TitleNotPossible(_("Questo titolo c'è già: aggiorna quello."))
    made = Title.objects.create(works=works, kind=kind)
    refresh_board(works, today)
    audit.record(actor, "works_title_added", works, title=kind)
    return made


@atomic
def take_title_step(
    *,
    actor: Actor,
    title: Title,
    verb: str,
    on: date | None,
    protocol: str,
    note: str,
    expected_version: int,
    today: date,
) -> Title:
    """Take a title a step further: filed with its protocol, granted, refused, not needed. Its clocks go on the board."""
    works = title.works
    permissions.may_edit_works(actor, works).or_refuse()
    if verb not in TITLE_TRANSITIONS.table:
        raise TitleNotPossible(_("Questo passaggio non esiste."))
    title.state = TITLE_TRANSITIONS.after(verb, TitleState(title.state))
    if on is not None and on > today:
        raise TitleNotPossible(_("Si registra quando è avvenuto: la data è nel futuro."))
    if verb in {"file", "grant"} and on is None:
        raise TitleNotPossible(_("Scrivi il giorno."))
    if verb in TITLE_VERBS_WITH_REASON and not note.strip():
        raise TitleNotPossible(_("Scrivi perché: resta nella storia dei lavori."))
    _write_days(title, verb, on)
    title.protocol = protocol.strip() or title.protocol
    title.note = note.strip() or title.note
    title.save_if_unchanged(expected_version)
    refresh_board(works, today)
    audit.record(actor, "works_title_step_taken", works, reason=note.strip(), title=title.kind, step=verb)
    return title


def _write_days(title: Title, verb: str, on: date | None) -> None:
    if verb == "file":
        title.filed_on, title.granted_on = on, None
    if verb == "grant":
        if title.filed_on and on and on < title.filed_on:
            raise TitleNotPossible(_("È efficace prima di essere presentato: controlla le date."))
        title.granted_on = on
    if verb == "refuse":
        title.granted_on = None
