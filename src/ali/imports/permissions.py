"""Who may import, and on behalf of whom."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import YES, Decision, no
from ali.imports.models import ImportRun
from ali.imports.queries import senders_for
from ali.organisations.models import Organisation


def may_import(actor: Actor) -> Decision:
    """The prefecture for its territory, a coordinator for the own body."""
    if actor.may(Permission.IMPORT):
        return YES
    return no(_("Gli elenchi li importano la prefettura e i coordinatori dei centri."))


def may_import_from(actor: Actor, sender: Organisation | None) -> Decision:
    """A file of the own body; for the prefecture also of the managers of its territory."""
    allowed = may_import(actor)
    if not allowed or sender is None or actor.organisation_id is None:
        return allowed
    if senders_for(actor).filter(pk=sender.pk).exists():
        return YES
    return no(
        _("Puoi importare gli elenchi del tuo ente, e la prefettura quelli dei gestori della provincia.")
    )


def may_change_run(actor: Actor, run: ImportRun) -> Decision:
    """The body that imported the file decides about it."""
    allowed = may_import(actor)
    if allowed and run.organisation_id != actor.organisation_id:
        return no(_("Questa importazione è di un altro ente."))
    return allowed
