"""Certificates of a home: written, corrected, removed; the day on which the latest of a kind expires is on the board."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.deadlines.models import Deadline, DeadlineKind
from ali.deadlines.services import Due, write_deadlines
from ali.housing import permissions
from ali.housing.codes import CertificateKind
from ali.housing.models import Certificate, Dwelling
from ali.rules.values import rule_in_force

YEARS = "housing.certificate_years"
SUITABILITY_DAYS = "housing.suitability_days"
EXPIRES = gettext_noop("Scade: %(what)s, %(home)s")


class ImpossibleCertificate(Refusal):
    """Days that cannot be."""


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says. `expires_on` None: as long as the rule says, from its day."""

    kind: str
    issued_on: date
    number: str = ""
    issued_by: str = ""
    expires_on: date | None = None
    max_people: int | None = None
    purpose: str = ""


def usual_expiry(kind: str, issued_on: date, home: Dwelling, today: date) -> date | None:
    """Return until when a certificate of that day holds by today's rules of its place; None when it does not expire."""
    town = home.building.municipality
    place = {"province": town.province_id, "municipality": town.pk}
    if kind == CertificateKind.SUITABLE:
        days = rule_in_force(SUITABILITY_DAYS, day=today, **place).value
        return issued_on + timedelta(days=days) if days else None
    years = rule_in_force(YEARS, day=today, **place).value.get(kind)
    return issued_on + relativedelta(years=years) if years else None


@atomic
def add_certificate(*, actor: Actor, home: Dwelling, facts: CertificateFacts, today: date) -> Certificate:
    """Write a certificate of a home."""
    permissions.may_describe_home(actor, home).or_refuse()
    made = Certificate(dwelling=home)
    _fill(made, facts, today)
    made.save()
    write_certificate_deadlines(home)
    audit.record(actor, "certificate_added", home, kind=facts.kind)
    return made


@atomic
def change_certificate(
    *, actor: Actor, certificate: Certificate, facts: CertificateFacts, expected_version: int, today: date
) -> Certificate:
    """Correct a certificate."""
    permissions.may_describe_home(actor, certificate.dwelling).or_refuse()
    _fill(certificate, facts, today)
    certificate.save_if_unchanged(expected_version)
    write_certificate_deadlines(certificate.dwelling)
    audit.record(actor, "certificate_changed", certificate.dwelling, kind=facts.kind)
    return certificate


@atomic
def remove_certificate(*, actor: Actor, certificate: Certificate, reason: str, expected_version: int) -> None:
    """Remove a certificate written by mistake; the reason stays in the log."""
    home = certificate.dwelling
    permissions.may_describe_home(actor, home).or_refuse()
    if not reason.strip():
        raise ImpossibleCertificate(_("Scrivi perché lo togli."))
    kind = certificate.kind
    certificate.delete_if_unchanged(expected_version)
    write_certificate_deadlines(home)
    audit.record(actor, "certificate_removed", home, reason=reason.strip(), kind=kind)


def _fill(certificate: Certificate, facts: CertificateFacts, today: date) -> None:
    if facts.issued_on > today:
        raise ImpossibleCertificate(_("La data del certificato non può essere nel futuro."))
    expires_on = facts.expires_on or usual_expiry(facts.kind, facts.issued_on, certificate.dwelling, today)
    if expires_on and expires_on <= facts.issued_on:
        raise ImpossibleCertificate(_("La scadenza viene dopo la data del certificato: controlla."))
    for name, value in asdict(facts).items():
        setattr(certificate, name, value)
    certificate.expires_on = expires_on


def write_certificate_deadlines(home: Dwelling) -> None:
    """Keep on the board of the home's body the expiry of the latest certificate of each kind."""
    dues = certificate_dues(
        Certificate.objects.filter(dwelling=home)
        .select_related("dwelling__building")
        .order_by("issued_on", "pk")
    )
    kept = {due.source for due in dues}
    gone = Deadline.objects.filter(source__startswith=f"housing.certificate:{home.public_id}:")
    gone.exclude(source__in=kept).delete()
    write_deadlines(dues)


def certificate_dues(certificates: Iterable[Certificate]) -> list[Due]:
    """Return when the latest of each kind of each home expires; `certificates` come oldest first."""
    latest: dict[tuple[int, str], Certificate] = {}
    for one in certificates:
        latest[one.dwelling_id, one.kind] = one
    return [
        Due(
            kind=DeadlineKind.CERTIFICATE,
            source=f"housing.certificate:{one.dwelling.public_id}:{one.kind}",
            due_on=one.expires_on,
            title=EXPIRES,
            words={"what": one.get_kind_display(), "home": str(one.dwelling)},
            organisations=(one.dwelling.manager_id,),
            url_name="housing:home_detail",
            url_id=one.dwelling.public_id,
        )
        for one in latest.values()
        if one.expires_on
    ]
