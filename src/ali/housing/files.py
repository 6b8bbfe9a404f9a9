"""Photos and papers of a home: who sees the home finds it, its body attaches."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ali.accounts.actors import Actor
from ali.core.decisions import YES, Decision, no
from ali.documents.subjects import Subject
from ali.housing.models import Certificate, Dwelling
from ali.housing.permissions import may_describe_home


def _find(actor: Actor, public_id: UUID) -> Dwelling | None:
    found: Dwelling | None = (
        Dwelling.objects.visible_to(actor).select_related("building").filter(public_id=public_id).first()
    )
    return found


def _may_add(actor: Actor, home: Dwelling) -> Decision:
    if home.manager_id != actor.organisation_id:
        return no(_("Questa casa è di un altro ente: chiedi a chi la gestisce."))
    return YES


def _address(home: Dwelling) -> str:
    return reverse("housing:home_detail", args=[home.public_id])


def _find_certificate(actor: Actor, public_id: UUID) -> Certificate | None:
    found = Certificate.objects.select_related("dwelling__building").filter(
        dwelling__in=Dwelling.objects.visible_to(actor).values("pk"), public_id=public_id
    )
    certificate = found.first()
    return certificate if certificate and may_describe_home(actor, certificate.dwelling) else None


def _may_add_to_certificate(actor: Actor, certificate: Certificate) -> Decision:
    return may_describe_home(actor, certificate.dwelling)


def _certificate_address(certificate: Certificate) -> str:
    return reverse("housing:certificate_detail", args=[certificate.public_id])


CERTIFICATE_FILES = Subject(
    "certificato", _("Certificato"), _find_certificate, _may_add_to_certificate, _certificate_address
)
HOME_FILES = Subject("casa", _("Casa"), _find, _may_add, _address)
