"""What is broken, visited and settled in the homes of the body that has an operator: tickets in every state, visits, one
mediation. Written through the services, as its people would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ali.accounts.actors import Actor, actor_for
from ali.accounts.models import User
from ali.accounts.roles import HOUSING_MANAGER, HOUSING_OPERATOR, Role
from ali.demo.filling.rows import morning_of
from ali.housing.models import Dwelling
from ali.people.models import Person
from ali.upkeep.models import Ticket
from ali.upkeep.queries import who_lives_in
from ali.upkeep.services import (
    Conflict,
    Found,
    NextStep,
    TicketFacts,
    VisitPlan,
    add_cost,
    assign_ticket,
    name_colleague,
    open_mediation,
    open_ticket,
    plan_visit,
    record_visit,
    take_ticket_step,
    write_note,
)


@dataclass(frozen=True)
class Broken:
    """Something to repair: what, how urgent, how many days ago, how far it is, what it cost and who paid."""

    category: str
    urgency: str
    title: str
    days_ago: int
    reached: str = "open"
    firm: str = ""
    costs: tuple[tuple[str, int, str], ...] = ()


BROKEN = (
    Broken("heating", "urgent", "La caldaia non parte", 1, "assign", "Termoidraulica Esempio"),
    Broken("plumbing", "normal", "Perde il rubinetto della cucina", 20, "start"),
    Broken("walls", "normal", "Muffa nella camera a nord", 9),
    Broken("electricity", "emergency", "Scintille da una presa", 2, "resolve", "Elettricisti Esempio",
           (("Uscita e presa nuova", 9450, "body"),)),
    Broken("windows", "urgent", "La serratura del portoncino si blocca", 30, "close", "Fabbro Esempio",
           (("Cilindro e manodopera", 13200, "owner"),)),
    Broken("appliances", "normal", "La lavatrice non scarica", 45, "close", "Assistenza Esempio",
           (("Pompa di scarico", 8690, "tenant"), ("Uscita", 3500, "body"))),
    Broken("plumbing", "urgent", "Acqua dal soffitto del bagno", 60, "close", "Idraulica Esempio",
           (("Ripristino del soffitto", 41000, "insurance"), ("Franchigia", 15000, "body"))),
    Broken("furniture", "low", "Due reti del letto da cambiare", 12),
    Broken("other", "low", "Citofono difettoso", 15, "cancel"),
)  # fmt: skip
STEPS = {
    "start": ("start",),
    "resolve": ("start", "resolve"),
    "close": ("start", "resolve", "close"),
    "cancel": (),
}
WORDS = {"resolve": "Riparato e provato con chi ci abita.", "cancel": "Era solo spento l'interruttore."}


@dataclass(frozen=True)
class Called:
    """A visit: how many days from today, what was found when it has been made, in how many days the next."""

    days: int
    outcomes: tuple[str, ...] = ()
    note: str = ""
    next_in: int | None = None


VISITS = (
    Called(-40, ("well", "home_kept"), "Prima visita dopo l'entrata: la casa è in ordine."),
    Called(-21, ("costs",), "Chiedono come leggere la bolletta: ne parliamo con il patronato."),
    Called(-9, ("tension", "repair"), "Tensione sui turni di pulizia; rubinetto da riparare.", 12),
    Called(3),
    Called(10),
)


def add_upkeep(*, today: date) -> int:
    """Write it all for the first body with an operator; say how many tickets."""
    operator = _invented(HOUSING_OPERATOR)
    if operator is None:
        return 0
    homes = list(
        Dwelling.objects.filter(
            manager=operator.organisation_id, rooms__beds__occupancies__person__isnull=False
        )
        .select_related("building__municipality", "manager")
        .distinct()
        .order_by("pk")[: len(BROKEN)]
    )
    if not homes:
        return 0
    for place, broken in enumerate(BROKEN):
        _break(operator, homes[place % len(homes)], broken, today)
    for place, called in enumerate(VISITS):
        _visit(operator, homes[place % len(homes)], called, today)
    _mediate(operator, homes, today)
    return len(BROKEN)


def _invented(role: Role, organisation: int | None = None) -> Actor | None:
    users = User.objects.filter(is_invented=True, memberships__role=role.code)
    if organisation is not None:
        users = users.filter(memberships__organisation=organisation)
    first = users.order_by("pk").first()
    return actor_for(first) if first else None


def _break(actor: Actor, home: Dwelling, broken: Broken, today: date) -> Ticket:
    day = today - timedelta(days=broken.days_ago)
    now = morning_of(day)
    asked = who_lives_in(actor, home, day).first() if broken.days_ago % 2 else None
    facts = TicketFacts(broken.category, broken.urgency, broken.title, reported_by=asked)
    ticket = open_ticket(actor=actor, home=home, facts=facts, now=now, today=day)
    if broken.reached in {"assign", *STEPS} and broken.reached != "cancel":
        ticket = assign_ticket(
            actor=actor,
            ticket=ticket,
            colleague=None if broken.firm else User.objects.get(pk=actor.signer),
            firm=broken.firm,
            due_on=None,
            expected_version=ticket.version,
            now=now,
            today=day,
        )
    steps = ("cancel",) if broken.reached == "cancel" else STEPS.get(broken.reached, ())
    for verb in steps:
        take_ticket_step(
            actor=actor,
            ticket=ticket,
            verb=verb,
            words=WORDS.get(verb, ""),
            expected_version=ticket.version,
            now=now,
            today=day,
        )
    for label, cents, payer in broken.costs:
        add_cost(actor=actor, ticket=ticket, label=label, cents=cents, payer=payer, spent_on=day, today=today)
    return ticket


def _visit(actor: Actor, home: Dwelling, called: Called, today: date) -> None:
    day = today + timedelta(days=called.days)
    written = min(day, today)
    living = list(who_lives_in(actor, home, written)[:2])
    plan = VisitPlan(User.objects.get(pk=actor.signer), day, purpose="Come va in casa", persons=living)
    visit = plan_visit(actor=actor, home=home, plan=plan, today=written)
    if called.outcomes:
        next_on = today + timedelta(days=called.next_in) if called.next_in else None
        record_visit(
            actor=actor,
            visit=visit,
            found=Found(day, called.outcomes, called.note, next_on),
            expected_version=visit.version,
            now=morning_of(written),
            today=today,
        )


def _mediate(actor: Actor, homes: Sequence[Dwelling], today: date) -> None:
    """One mediation, in the home with most people: opened by the operator, with the manager named on it."""
    day = today - timedelta(days=8)
    now: datetime = morning_of(day)
    living: dict[int, list[Person]] = {home.pk: list(who_lives_in(actor, home, day)) for home in homes}
    home = max(homes, key=lambda one: (len(living[one.pk]), -one.pk))
    mediation = open_mediation(
        actor=actor,
        home=home,
        conflict=Conflict(
            topic="cleaning",
            text="Non si mettono d'accordo su chi pulisce la cucina: sentiti uno per uno.",
            persons=living[home.pk][:2],
            step=NextStep("Incontro insieme, con il mediatore", today + timedelta(days=2)),
        ),
        now=now,
        today=day,
    )
    write_note(
        actor=actor,
        mediation=mediation,
        kind="agreement",
        text="Turni scritti e appesi in cucina; se ne riparla tra due settimane.",
        step=NextStep("Vedere se i turni reggono", today + timedelta(days=6)),
        expected_version=mediation.version,
        now=morning_of(today - timedelta(days=1)),
    )
    manager = _invented(HOUSING_MANAGER, actor.organisation_id)
    if manager is not None:
        name_colleague(
            actor=actor,
            mediation=mediation,
            colleague=User.objects.get(pk=manager.signer),
            now=now,
            today=day,
        )
