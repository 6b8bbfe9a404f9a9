"""Who may attach and withdraw files. Who opens them is `readable_by` and the record's own `find`."""

from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.core.decisions import Decision, no
from ali.documents.models import Document
from ali.documents.subjects import Found, Subject


def may_attach_file(actor: Actor, subject: Subject, found: Found) -> Decision:
    """Who looks after the record, as its app says."""
    if not actor.may(Permission.ATTACH_FILES):
        return no(_("I documenti li aggiunge l'ente che segue questa scheda."))
    return subject.may_add(actor, found)


def may_withdraw_file(actor: Actor, subject: Subject, found: Found, document: Document) -> Decision:
    """The body that attached it."""
    if document.organisation_id != actor.organisation_id:
        return no(_("Questo documento l'ha aggiunto un altro ente."))
    return may_attach_file(actor, subject, found)
