"""From a draft to a signed tenancy: who signs, in which order, on which day."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.housing.models import Dwelling
from ali.tenancies import permissions
from ali.tenancies.checks import Case, blocking, checks_of
from ali.tenancies.models import Signature, Tenancy
from ali.tenancies.queries import names_seen
from ali.tenancies.services.drafting import subjects
from ali.tenancies.services.duties import forget_duties, start_registration
from ali.tenancies.states import TENANCY_TRANSITIONS, SignerRole, TenancyState


class Blocked(Refusal):
    """A rule stops it; the sentence says which."""


class WrongSignatures(Refusal):
    """Who signs, or on which day, cannot be."""


class ReasonMissing(Refusal):
    """A step back needs a reason typed by a person."""


class NotYourTurn(Refusal):
    """Somebody else signs before."""


def step(tenancy: Tenancy, verb: str) -> None:
    """Move the tenancy on; raise `WrongState` when it cannot happen now."""
    tenancy.state = TENANCY_TRANSITIONS.after(verb, TenancyState(tenancy.state))


def lock_dwelling(tenancy: Tenancy) -> None:
    """Keep others from taking the same home while we look: overlaps are decided one at a time."""
    Dwelling.objects.select_for_update(of=("self",)).get(pk=tenancy.dwelling_id)


def refuse_if_blocked(actor: Actor, tenancy: Tenancy, today: date) -> None:
    """Raise `Blocked` with the first rule that stops the tenancy. The dwelling is locked."""
    parties = list(tenancy.parties.select_related("person", "bed__room").order_by("pk"))
    case = Case(tenancy, parties, names_seen(actor, parties), today, rules_on=today)
    stopped = blocking(checks_of(case))
    if stopped:
        raise Blocked(f"{stopped[0].sentence} ({stopped[0].source})")


@atomic
def send_to_sign(
    *,
    actor: Actor,
    tenancy: Tenancy,
    body_signer: str,
    guarantor: str,
    body_signs_first: bool,
    expected_version: int,
    today: date,
) -> Tenancy:
    """Close the draft and line up who signs: the adults one after the other, a guarantor if any, and for the body."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    if not body_signer.strip():
        raise WrongSignatures(_("Scrivi chi firma per l'ente."))
    lock_dwelling(tenancy)
    step(tenancy, "send_to_sign")
    refuse_if_blocked(actor, tenancy, today)
    tenancy.save_if_unchanged(expected_version)
    Signature.objects.bulk_create(_line(tenancy, body_signer.strip(), guarantor.strip(), body_signs_first))
    audit.record(actor, "tenancy_sent_to_sign", tenancy, persons=subjects(tenancy))
    return tenancy


def _line(tenancy: Tenancy, body_signer: str, guarantor: str, body_first: bool) -> list[Signature]:
    tenants = [
        Signature(tenancy=tenancy, role=SignerRole.TENANT, party=party)
        for party in tenancy.parties.filter(is_signatory=True).order_by("pk")
    ]
    if guarantor:
        tenants.append(Signature(tenancy=tenancy, role=SignerRole.GUARANTOR, name=guarantor))
    body = Signature(tenancy=tenancy, role=SignerRole.LANDLORD, name=body_signer)
    line = [body, *tenants] if body_first else [*tenants, body]
    for number, signature in enumerate(line, start=1):
        signature.position = number
    return line


def next_signature(signatures: Sequence[Signature]) -> Signature | None:
    """Return who signs now; None when everybody has."""
    waiting = [one for one in signatures if one.signed_on is None]
    return min(waiting, key=lambda one: one.position, default=None)


@atomic
def record_signature(
    *,
    actor: Actor,
    signature: Signature,
    signed_on: date,
    was_explained: bool,
    expected_version: int,
    today: date,
) -> Tenancy:
    """Note that it was signed, in turn. The last signature makes the tenancy binding: what blocks is asked again."""
    tenancy = signature.tenancy
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    lock_dwelling(tenancy)
    tenancy.refresh_from_db()
    if tenancy.state != TenancyState.SIGNING:
        raise NotYourTurn(_("Non è il momento di firmare: ricarica la pagina."))
    line = list(tenancy.signatures.order_by("position"))
    _check_turn(line, signature, signed_on, today)
    if signature.role == SignerRole.TENANT and not was_explained:
        raise WrongSignatures(
            _(
                "Prima della firma il contratto si legge e si spiega in una lingua che la persona capisce: conferma che è avvenuto."
            )
        )
    signature.signed_on, signature.was_explained = signed_on, was_explained
    signature.save_if_unchanged(expected_version)
    audit.record(
        actor, "tenancy_signature_recorded", tenancy, persons=subjects(tenancy), position=signature.position
    )
    if next_signature([signature if one.pk == signature.pk else one for one in line]) is None:
        _complete(actor, tenancy, signed_on, today)
    return tenancy


def _check_turn(line: Sequence[Signature], signature: Signature, signed_on: date, today: date) -> None:
    turn = next_signature(line)
    if turn is None or turn.pk != signature.pk:
        raise NotYourTurn(_("Prima firma chi viene prima nell'ordine."))
    if signed_on > today:
        raise WrongSignatures(_("Una firma si registra quando è fatta: la data è nel futuro."))
    earlier = [one.signed_on for one in line if one.signed_on]
    if earlier and signed_on < max(earlier):
        raise WrongSignatures(_("La firma precedente ha una data successiva: controlla il giorno."))


def _complete(actor: Actor, tenancy: Tenancy, signed_on: date, today: date) -> None:
    refuse_if_blocked(actor, tenancy, today)
    step(tenancy, "complete_signatures")
    tenancy.signed_on = signed_on
    tenancy.save_if_unchanged(tenancy.version)
    start_registration(tenancy)
    audit.record(actor, "tenancy_signed", tenancy, persons=subjects(tenancy))


@atomic
def back_to_draft(
    *, actor: Actor, tenancy: Tenancy, reason: str, expected_version: int, now: datetime
) -> Tenancy:
    """Take the papers back to change them, before anybody enters: signatures already given do not count any more."""
    permissions.may_edit_tenancy(actor, tenancy).or_refuse()
    words = typed(reason)
    if tenancy.registered_on is not None:
        raise Blocked(_("Il contratto è già registrato: si annulla, e se ne prepara un altro."))
    step(tenancy, "back_to_draft")
    tenancy.signed_on = None
    tenancy.save_if_unchanged(expected_version)
    tenancy.signatures.all().delete()
    forget_duties(tenancy, now=now)
    audit.record(actor, "tenancy_back_to_draft", tenancy, persons=subjects(tenancy), reason=words)
    return tenancy


def typed(reason: str) -> str:
    """Return the reason that a person wrote; raise without one."""
    if len(reason.strip()) < 5:
        raise ReasonMissing(_("Scrivi il motivo: resta nella storia dell'affitto."))
    return reason.strip()
