"""What a tenancy obliges to, with its day on the board. The 48 hours of art. 7 are `housing.services.communications`."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ali.accounts.actors import Actor
from ali.agreements.clocks import ContractTerms
from ali.audit import services as audit
from ali.core.decisions import Refusal
from ali.core.transactions import atomic
from ali.deadlines.models import DeadlineKind
from ali.deadlines.services import Due, close_deadline, write_deadline, write_deadlines
from ali.people.queries import organisations_following
from ali.rules.values import RuleValue, rule_in_force
from ali.tenancies import permissions
from ali.tenancies.models import Duty, Tenancy, TenancyParty
from ali.tenancies.states import DutyKind
from ali.tenancies.terms import place_of, rule_for, rule_of_contract

_TITLES = {
    DutyKind.REGISTRATION: gettext_noop("Registrare il contratto: %(home)s"),
    DutyKind.EXTENSION: gettext_noop("Comunicare la proroga all'Agenzia delle Entrate: %(home)s"),
    DutyKind.TERMINATION: gettext_noop(
        "Comunicare la fine del contratto all'Agenzia delle Entrate: %(home)s"
    ),
    DutyKind.CONDOMINIUM: gettext_noop("Dire all'amministratore di condominio chi abita: %(home)s"),
    DutyKind.RESIDENCE: gettext_noop("Dichiarare la nuova residenza al Comune: %(home)s"),
    DutyKind.ADDRESS: gettext_noop("Dire alla Questura il nuovo indirizzo: %(home)s"),
    DutyKind.WASTE_TAX: gettext_noop("Presentare la dichiarazione TARI: %(home)s"),
    DutyKind.UTILITIES: gettext_noop("Chiedere le volture delle utenze: %(home)s"),
}
RULES = {
    DutyKind.CONDOMINIUM: "tenancies.condominium_days",
    DutyKind.RESIDENCE: "people.residence_days",
    DutyKind.ADDRESS: "people.address_change_days",
    DutyKind.WASTE_TAX: "tenancies.waste_tax_days",
    DutyKind.UTILITIES: "tenancies.utilities_days",
}
REGISTERED = (DutyKind.REGISTRATION, DutyKind.EXTENSION, DutyKind.TERMINATION)
TERM_TITLE = gettext_noop("Rinnovare o chiudere l'affitto che scade: %(home)s")


class WrongDuty(Refusal):
    """It cannot have been done on that day."""


def rule_of_duty(kind: str, tenancy: Tenancy, day: date) -> RuleValue:
    """Return the rule that says by when; what goes to the register has its days with the type of contract."""
    if kind in REGISTERED:
        return rule_of_contract(tenancy.contract_type, tenancy.dwelling, day)
    return rule_in_force(RULES[DutyKind(kind)], day=day, **place_of(tenancy.dwelling))


def days_of_duty(kind: str, tenancy: Tenancy, day: date) -> int | None:
    """Return within how many days; None when this type of contract does not ask for it."""
    rule = rule_of_duty(kind, tenancy, day)
    if kind in REGISTERED:
        return ContractTerms.from_rule(rule).registration_days
    return int(rule.value)


def start_registration(tenancy: Tenancy) -> None:
    """The contract is registered within days of its signature, or of its start when that comes first."""
    if tenancy.signed_on is not None:
        _open(tenancy, [(DutyKind.REGISTRATION, None)], min(tenancy.signed_on, tenancy.starts_on))


def start_extension(tenancy: Tenancy, agreed_on: date) -> None:
    _open(tenancy, [(DutyKind.EXTENSION, None)], agreed_on)


def start_termination(tenancy: Tenancy, ended_on: date) -> None:
    if tenancy.ends_on is None or ended_on < tenancy.ends_on:
        _open(tenancy, [(DutyKind.TERMINATION, None)], ended_on)


def start_duties(
    tenancy: Tenancy, parties: Sequence[TenancyParty], entered_on: date, *, is_whole: bool
) -> None:
    """Open what follows from moving in: of each adult the residence and the address, of the home the rest.

    Who has only a bed or a room has neither waste tax nor meters in their own name: those stay the body's.
    """
    wanted: list[tuple[DutyKind, TenancyParty | None]] = [(DutyKind.CONDOMINIUM, None)]
    if is_whole:
        wanted += [(DutyKind.WASTE_TAX, None), (DutyKind.UTILITIES, None)]
    wanted += [
        (kind, party)
        for party in parties
        if party.is_signatory
        for kind in (DutyKind.RESIDENCE, DutyKind.ADDRESS)
    ]
    _open(tenancy, wanted, entered_on)


def _open(tenancy: Tenancy, wanted: Sequence[tuple[DutyKind, TenancyParty | None]], since: date) -> None:
    duties = []
    for kind, party in wanted:
        days = days_of_duty(kind, tenancy, since)
        if days is None:
            continue
        duty, _made = Duty.objects.get_or_create(
            tenancy=tenancy, kind=kind, party=party, due_on=since + timedelta(days=days)
        )
        duties.append(duty)
    write_deadlines([due_of(duty, since) for duty in duties])


def forget_duties(tenancy: Tenancy, *, now: datetime) -> None:
    """Take what was still to be done off the board: the tenancy does not go on like this."""
    for duty in tenancy.duties.filter(done_on__isnull=True):
        close_deadline(source_of(duty), now=now)
        duty.delete()


def source_of(duty: Duty) -> str:
    return f"tenancies.duty:{duty.public_id}"


def due_of(duty: Duty, day: date) -> Due:
    """Return what the board shows of a duty: to the landlord, and of a person's own to who follows them."""
    tenancy, party = duty.tenancy, duty.party
    person = party.person if party else None
    follow = organisations_following([person.pk], day).get(person.pk, ()) if person else ()
    return Due(
        kind=DeadlineKind.COMMUNICATION,
        source=source_of(duty),
        due_on=duty.due_on,
        title=_TITLES[DutyKind(duty.kind)],
        words={"home": tenancy.dwelling},
        organisations=tuple(sorted({tenancy.landlord_id, *follow})),
        person=person.public_id if person else None,
        is_reserved=bool(person and person.is_reserved),
        url_name="tenancies:tenancy_detail",
        url_id=tenancy.public_id,
    )


def term_source(tenancy: Tenancy) -> str:
    return f"tenancies.term:{tenancy.public_id}"


def write_term(tenancy: Tenancy) -> None:
    """Put the end of the tenancy on the landlord's board, as early as the rule says."""
    if tenancy.ends_on is None:
        return
    days = int(rule_for("ending_soon_days", tenancy.dwelling, tenancy.starts_on).value)
    write_deadline(
        Due(
            kind=DeadlineKind.OTHER,
            source=term_source(tenancy),
            due_on=max(tenancy.ends_on - timedelta(days=days), tenancy.starts_on),
            title=TERM_TITLE,
            words={"home": tenancy.dwelling},
            organisations=(tenancy.landlord_id,),
            url_name="tenancies:tenancy_detail",
            url_id=tenancy.public_id,
        )
    )


@atomic
def record_duty(
    *,
    actor: Actor,
    duty: Duty,
    done_on: date,
    reference: str,
    expected_version: int,
    now: datetime,
    today: date,
) -> Duty:
    """Note that it was done, with its number, and take it off the board. A registration also marks the tenancy."""
    permissions.may_edit_tenancy(actor, duty.tenancy).or_refuse()
    if done_on > today:
        raise WrongDuty(_("Si registra quando è fatto: la data è nel futuro."))
    duty.done_on, duty.reference = done_on, reference.strip()
    duty.save_if_unchanged(expected_version)
    if duty.kind == DutyKind.REGISTRATION:
        tenancy = duty.tenancy
        tenancy.registered_on, tenancy.registration_code = done_on, reference.strip()[:17]
        tenancy.save_if_unchanged(tenancy.version)
    persons = [duty.party.person.public_id] if duty.party else []
    audit.record(actor, "tenancy_duty_done", duty.tenancy, persons=persons, kind=duty.kind)
    close_deadline(source_of(duty), now=now)
    return duty
