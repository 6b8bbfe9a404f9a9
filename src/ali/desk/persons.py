"""The one-page view of a person: header, timeline and three columns, from what the actor may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ali.accounts.actors import Actor
from ali.accounts.roles import Permission
from ali.allocation.models import Proposal
from ali.desk.exits import ExitRow, exit_row
from ali.pathways.models import LanguageCourse, Tie
from ali.people.models import (
    AsylumCase,
    Citizenship,
    Identifier,
    Permit,
    Person,
    PersonName,
    Residence,
    SpokenLanguage,
)
from ali.people.states import PermitState
from ali.reception.models import Exit, ExitExtension, Stay
from ali.reception.states import OPEN_STATES
from ali.rents.queries import rent_band
from ali.tenancies.queries import tenancies_of
from ali.work.models import Job
from ali.work.queries import income_view


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    when: date
    title: str
    note: str = ""
    tone: str = ""
    icon: str = ""

    def state_on(self, today: date) -> str:
        return "today" if self.when == today else "past" if self.when < today else "future"


@dataclass(frozen=True)
class File:
    """What was read of a person."""

    case: AsylumCase | None
    permits: list[Permit]
    stays: list[Stay]
    leaving: ExitRow | None
    exits: list[Exit]
    extensions: list[ExitExtension]
    proposals: list[Proposal]
    courses: list[LanguageCourse]


def _arrival(person: Person) -> Iterator[Moment]:
    if person.arrived_on:
        yield Moment(person.arrived_on, _("Arrivo in Italia"), icon="it-map-marker")


def _case_moments(case: AsylumCase | None) -> Iterator[Moment]:
    if case is None:
        return
    outcome = case.get_outcome_display() if case.outcome else ""
    for when, title, note in (
        (case.applied_on, _("Domanda di protezione"), ""),
        (case.heard_on, _("Audizione in Commissione"), ""),
        (case.decided_on, _("Decisione della Commissione"), outcome),
        (case.notified_on, _("Notifica della decisione"), ""),
        (case.appealed_on, _("Ricorso"), case.get_appeal_outcome_display() if case.appeal_outcome else ""),
    ):
        if when:
            yield Moment(when, title, note, icon="it-file")


def _permit_moments(permits: Iterable[Permit]) -> Iterator[Moment]:
    for permit in permits:
        kind = permit.get_kind_display()
        for when, title in (
            (permit.requested_on, _("Permesso chiesto")),
            (permit.appointment_on, _("Appuntamento in Questura")),
            (permit.delivered_on, _("Permesso consegnato")),
        ):
            if when:
                yield Moment(when, title, kind, icon="it-card")
        if permit.expires_on and permit.state not in {PermitState.CONVERTED, PermitState.REVOKED}:
            yield Moment(permit.expires_on, _("Scade il permesso"), kind, tone="warning", icon="it-card")


def _stay_moments(file: File) -> Iterator[Moment]:
    for stay in file.stays:
        yield Moment(stay.entered_on, _("Entrata in accoglienza"), str(stay.centre), icon="ali-bed")
        if stay.left_on:
            yield Moment(
                stay.left_on, _("Fine dell'accoglienza"), stay.get_left_because_display(), icon="ali-door"
            )
    for one in file.exits:
        for when, title, note in (
            (one.communicated_on, _("Uscita comunicata"), ""),
            (
                one.decree_on,
                _("Decreto di fine accoglienza"),
                f"n. {one.decree_number}" if one.decree_number else "",
            ),
            (
                one.notified_on,
                _("Uscita notificata"),
                one.notified_language.shown_name if one.notified_language else "",
            ),
            (one.suspended_on, _("Uscita sospesa dal giudice"), one.suspended_by),
            (one.leaves_on if one.done_on is None else None, _("Uscita prevista"), one.get_state_display()),
        ):
            if when:
                yield Moment(
                    when, title, note, tone="warning" if one.done_on is None else "", icon="ali-door"
                )
    for asked in file.extensions:
        yield Moment(
            asked.asked_on,
            _("Proroga chiesta: %(days)s giorni") % {"days": asked.days},
            asked.get_answer_display(),
        )


def _home_moments(file: File) -> Iterator[Moment]:
    for proposal in file.proposals:
        home = str(proposal.dwelling)
        yield Moment(timezone.localdate(proposal.put_forward_at), _("Casa proposta"), home, icon="ali-home")
        if proposal.home_answered_at:
            title = (
                _("L'ente della casa ha rifiutato")
                if proposal.home_reason
                else _("L'ente della casa ha accettato")
            )
            yield Moment(timezone.localdate(proposal.home_answered_at), title, home, icon="ali-home")
        if proposal.household_answered_at:
            title = (
                _("Il nucleo ha accettato") if proposal.household_signed_paper else _("Il nucleo ha detto no")
            )
            yield Moment(timezone.localdate(proposal.household_answered_at), title, home, icon="ali-home")
        if hasattr(proposal, "placement"):
            placement = proposal.placement
            yield Moment(
                placement.starts_on,
                _("Ingresso in casa"),
                str(proposal.dwelling),
                tone="success",
                icon="ali-home",
            )


def _life_moments(file: File, jobs: Iterable[Job]) -> Iterator[Moment]:
    for job in jobs:
        yield Moment(job.starts_on, _("Inizia un lavoro"), job.get_kind_display(), icon="ali-work")
        if job.ends_on:
            yield Moment(
                job.ends_on, _("Finisce il lavoro"), job.get_kind_display(), tone="warning", icon="ali-work"
            )
    for course in file.courses:
        yield Moment(
            course.starts_on,
            _("Corso di italiano %(level)s") % {"level": course.level},
            course.school,
            icon="ali-speech",
        )


def timeline(person: Person, file: File, jobs: Iterable[Job], today: date) -> list[dict[str, Any]]:
    """Return every dated event, the latest first, as the component takes it."""
    moments = [
        *_arrival(person),
        *_case_moments(file.case),
        *_permit_moments(file.permits),
        *_stay_moments(file),
        *_home_moments(file),
        *_life_moments(file, jobs),
    ]
    return [
        {
            "when": one.when,
            "title": one.title,
            "note": one.note,
            "tone": one.tone,
            "icon": one.icon,
            "state": one.state_on(today),
        }
        for one in sorted(moments, key=lambda one: one.when, reverse=True)
    ]


def _read(actor: Actor, person: Person, today: date) -> File:
    exits = list(
        Exit.objects.visible_to(actor)
        .filter(person=person)
        .select_related(
            "person__competent_municipality",
            "stay__centre__manager",
            "stay__centre__municipality",
            "owner",
            "notified_language",
        )
        .order_by("-pk")
    )
    current = next((one for one in exits if one.state in OPEN_STATES), None)
    stays = (
        Stay.objects.visible_to(actor)
        .filter(person=person)
        .select_related("centre__manager", "centre__municipality")
    )
    proposals = Proposal.objects.visible_to(actor).filter(household=person.household_id)
    return File(
        case=getattr(person, "case", None),
        permits=list(Permit.objects.visible_to(actor).filter(person=person).order_by("-pk")),
        stays=list(stays.order_by("-entered_on")),
        leaving=exit_row(current, today) if current else None,
        exits=exits,
        extensions=list(ExitExtension.objects.filter(exit__in=exits).order_by("asked_on", "pk"))
        if exits
        else [],
        proposals=list(
            proposals.select_related(
                "dwelling__building__municipality", "dwelling__manager", "placement"
            ).order_by("-pk")
        ),
        courses=list(
            LanguageCourse.objects.visible_to(actor).filter(person=person).order_by("-starts_on", "-pk")
        ),
    )


def _known(actor: Actor, person: Person) -> dict[str, Any]:
    """Return the short lists that belong to a person."""
    residences = Residence.objects.visible_to(actor).filter(person=person).select_related("municipality")
    return {
        "other_names": list(PersonName.objects.visible_to(actor).filter(person=person).order_by("pk")),
        "citizenships": list(
            Citizenship.objects.visible_to(actor).filter(person=person).select_related("state").order_by("pk")
        ),
        "languages": list(
            SpokenLanguage.objects.visible_to(actor)
            .filter(person=person)
            .select_related("language")
            .order_by("pk")
        ),
        "identifiers": list(
            Identifier.objects.visible_to(actor).filter(person=person).order_by("kind", "pk")
        ),
        "residence": residences.order_by("-pk").first(),
        "ties": list(Tie.objects.visible_to(actor).filter(person=person).order_by("pk")),
    }


def context_for(actor: Actor, person: Person, today: date) -> dict[str, Any]:
    """Return what the person page shows to `actor`, a person whom they see. Always the same number of queries."""
    file = _read(actor, person, today)
    household = Person.objects.visible_to(actor).filter(household=person.household_id).exclude(pk=person.pk)
    members = list(household.order_by("birth_date", "pk"))
    province = next(
        (stay.centre.municipality.province_id for stay in file.stays if stay.left_on is None), None
    )
    income = income_view(actor, person, today, members=[one.pk for one in members], province=province)
    return {
        "person": person,
        "file": file,
        "age": person.age_on(today),
        "is_minor": person.is_minor_on(today),
        "members": members,
        "income": income,
        "rent": rent_band(actor, person, today),
        "tenancies": tenancies_of(actor, person),
        "may_edit": actor.may(Permission.EDIT_PEOPLE),
        "sees_readers": actor.may(Permission.SEE_READERS),
        "may_reserve": actor.may(Permission.RESERVE_PEOPLE),
        "may_export": actor.may(Permission.EXPORT),
        "sees_homes": actor.may(Permission.SEE_HOMES) and actor.may(Permission.SET_SOLUTIONS),
        "jump": [
            {"id": "abitare", "label": _("Abitare")},
            {"id": "lavorare", "label": _("Lavorare")},
            {"id": "integrarsi", "label": _("Integrarsi")},
        ],
        "moments": timeline(person, file, income.jobs, today),
        "today": today,
        **_known(actor, person),
    }


def sheet_rows(known: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Return the page's facts as rows of a sheet: name and value, then the history. No amounts of money."""
    person: Person = known["person"]
    leaving: ExitRow | None = known["file"].leaving
    yield from (
        (_("Persona"), person.display_name),
        (_("Nascita"), person.birth_date),
        (_("Sesso"), person.get_sex_display()),
        (_("Arrivo in Italia"), person.arrived_on),
        (_("Cittadinanza"), ", ".join(one.state.name for one in known["citizenships"])),
        (
            _("Lingue"),
            ", ".join(f"{one.language.name} ({one.get_level_display()})" for one in known["languages"]),
        ),
        (_("Codici"), "; ".join(f"{one.get_kind_display()} {one.value}" for one in known["identifiers"])),
        (_("Nucleo"), "; ".join(one.display_name for one in known["members"])),
    )
    if leaving:
        yield _("Uscita prevista"), leaving.exit.leaves_on
        yield _("Soluzione"), leaving.exit.get_solution_display()
    for moment in known["moments"]:
        yield f"{moment['when']:%d/%m/%Y}", f"{moment['title']} {moment['note']}".strip()
