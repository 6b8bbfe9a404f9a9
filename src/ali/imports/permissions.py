"""Who may import, and on behalf of whom."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.decisions import YES, Decision, no
from ali.imports.kinds import ImportKind, kind_named, kinds_for
from ali.imports.models import ImportRun
from ali.imports.queries import senders_for
from ali.organisations.models import Organisation


def may_import(actor: Actor, kind: ImportKind) -> Decision:
    """The prefecture for its territory, a coordinator for the own body; lists of homes and payments the housing body."""
    if kind in kinds_for(actor):
        return YES
    return no(
        _(
            "Gli elenchi di persone e centri li importano prefettura e coordinatori, quelli di case l'ente che le gestisce."
        )
    )


def may_import_from(actor: Actor, kind: ImportKind, sender: Organisation | None) -> Decision:
    """A file of the own body; for the prefecture also of the managers of its territory."""
    allowed = may_import(actor, kind)
    if not allowed or sender is None or actor.organisation_id is None:
        return allowed
    if senders_for(actor).filter(pk=sender.pk).exists():
        return YES
    return no(
        _("Puoi importare gli elenchi del tuo ente, e la prefettura quelli dei gestori della provincia.")
    )


def may_change_run(actor: Actor, run: ImportRun) -> Decision:
    """The body that imported the file decides about it."""
    allowed = may_import(actor, kind_named(run.kind))
    if allowed and run.organisation_id != actor.organisation_id:
        return no(_("Questa importazione è di un altro ente."))
    return allowed
