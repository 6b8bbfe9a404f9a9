"""Works of one body: one on its way to the title, one on site and late, with costs, quotes, funding and options to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ali.accounts import roles
from ali.accounts.actors import Actor, actor_for
from ali.accounts.models import User
from ali.housing.models import Dwelling
from ali.housing.states import DwellingState
from ali.portfolio.queries import known_of
from ali.portfolio.services import make_options
from ali.renovation import services
from ali.renovation.models import Works
from ali.renovation.schedule import usual_plan
from ali.renovation.states import Phase

DAYS = {
    "availability": 10,
    "survey": 7,
    "feasibility": 15,
    "agreement": 20,
    "design": 25,
    "permits": 30,
    "tender": 20,
    "site": 60,
    "testing": 5,
    "certificates": 90,
    "furnishing": 20,
    "handover": 3,
}
NOT_BEGUN = (DwellingState.AGREED, DwellingState.VISITED, DwellingState.FOUND)
ALREADY = "fatto prima di aprire i lavori qui"
COSTS = (
    ("demolition", "rimozione di pavimenti e sanitari", 180_000, 10),
    ("electrical", "quadro e linee nuove", 420_000, 10),
    ("water", "colonne e scarichi", 260_000, 10),
    ("bathroom", "bagno nuovo, doccia a filo", 650_000, 10),
    ("windows", "serramenti delle camere", 780_000, 10),
    ("painting", "", 240_000, 10),
    ("furniture", "letti, armadi, cucina usata", 210_000, 22),
)


@dataclass(frozen=True)
class _Site:
    """Works to invent: what, how long ago they were opened, which phase they have come to."""

    name: str
    opened: int
    reached: tuple[tuple[Phase, int], ...]
    title: str
    filed: int


ON_SITE = _Site(
    "Bagno, impianti e serramenti",
    200,
    ((Phase.DESIGN, 110), (Phase.PERMITS, 84), (Phase.SITE, 70)),
    "cila",
    82,
)
WAITING = _Site(
    "Riparazione del tetto e divisione in due alloggi",
    80,
    ((Phase.DESIGN, 30), (Phase.PERMITS, 8)),
    "scia",
    6,
)


def add_works(today: date) -> int:
    """Open two works of the body that has homes to renew; say how many. Nothing when no home fits."""
    made = 0
    for site, states in ((ON_SITE, [DwellingState.WORKS]), (WAITING, NOT_BEGUN)):
        found = next(((actor, home) for actor in _managers() for home in _homes(actor, states)), None)
        if found is None:
            continue
        actor, home = found
        works = _open(actor, site, home, today)
        if site is ON_SITE:
            _money(actor, works, today)
            known = known_of(works.building, actor, today)
            make_options(actor=actor, building=works.building, works=works, known=known)
        made += 1
    return made


def _managers() -> list[Actor]:
    users = User.objects.filter(is_invented=True, memberships__role=roles.HOUSING_MANAGER.code)
    return [actor for user in users.order_by("pk") if (actor := actor_for(user))]


def _homes(actor: Actor, states: Sequence[DwellingState]) -> Sequence[Dwelling]:
    """A home of the actor's body in one of these states that no works concern yet."""
    found = Dwelling.objects.filter(manager=actor.organisation_id, state__in=states, works__isnull=True)
    return list(found.select_related("building__municipality").order_by("pk")[:1])


def _open(actor: Actor, site: _Site, home: Dwelling, today: date) -> Works:
    opened = today - timedelta(days=site.opened)
    facts = services.WorksFacts(
        site.name, responsible="Geom. Esempio", energy_before="G", man_days=150, firms=2
    )
    works = services.open_works(
        actor=actor, building=home.building, dwellings=[home], facts=facts, today=opened
    )
    services.plan_all(
        actor=actor, works=works, spans=usual_plan(opened, DAYS), expected_version=works.version, today=opened
    )
    for phase, days_ago in site.reached:
        day = today - timedelta(days=days_ago)
        services.begin_phase(
            actor=actor,
            works=works,
            phase=phase,
            on=day,
            expected_version=works.version,
            today=today,
            skipped_because=ALREADY,
        )
    title = services.add_title(actor=actor, works=works, kind=site.title, today=today)
    services.take_title_step(
        actor=actor,
        title=title,
        verb="file",
        on=today - timedelta(days=site.filed),
        protocol=f"{1000 + site.filed}/{today.year}",
        note="",
        expected_version=title.version,
        today=today,
    )
    for kind in ("sca", "docfa", "ape"):
        services.add_title(actor=actor, works=works, kind=kind, today=today)
    return works


def _money(actor: Actor, works: Works, today: date) -> None:
    for category, description, cents, vat in COSTS:
        facts = services.CostFacts(category, cents, vat, description)
        services.add_cost(actor=actor, works=works, facts=facts)
    _quotes(actor, works, today)
    granted = services.add_funding(
        actor=actor,
        works=works,
        facts=services.FundingFacts(
            "foundation",
            1_200_000,
            "Fondazione di esempio",
            spend_by=today + timedelta(days=120),
            report_by=today + timedelta(days=180),
            forbids=("furniture",),
        ),
        today=today,
    )
    services.take_funding_step(
        actor=actor, funding=granted, verb="grant", expected_version=granted.version, today=today
    )
    services.add_funding(
        actor=actor,
        works=works,
        facts=services.FundingFacts("bank", 800_000, "Prestito di esempio"),
        today=today,
    )
    for number, (category, cents, days, paid) in enumerate(
        (("demolition", 180_000, 55, 40), ("electrical", 250_000, 30, 12), ("bathroom", 400_000, 9, None)), 1
    ):
        services.record_expense(
            actor=actor,
            works=works,
            facts=services.ExpenseFacts(
                category,
                "Impresa Esempio Due",
                str(number),
                today - timedelta(days=days),
                cents,
                cents // 10,
                paid_on=None if paid is None else today - timedelta(days=paid),
                funding=granted,
            ),
            today=today,
        )
    services.add_places(
        actor=actor,
        works=works,
        facts=services.PlaceFacts(
            "tinteggi e piccole murature",
            2,
            today - timedelta(days=20),
            today + timedelta(days=40),
            "Impresa Esempio Due",
            "Capocantiere di esempio",
        ),
    )


def _quotes(actor: Actor, works: Works, today: date) -> None:
    asked = today - timedelta(days=90)
    by_category = {category: cents for category, _text, cents, _vat in COSTS if category != "furniture"}
    offers = (
        ("Impresa Esempio Uno", {**by_category, "bathroom": 590_000, "windows": 0}, 45, 0),
        ("Impresa Esempio Due", {**by_category, "electrical": 445_000}, 55, 2),
        ("Impresa Esempio Tre", {name: cents * 112 // 100 for name, cents in by_category.items()}, 40, 1),
    )
    for firm, lines, days, trainees in offers:
        facts = services.QuoteFacts(firm, asked, lines, working_days=days, takes_trainees=trainees)
        quote = services.add_quote(actor=actor, works=works, facts=facts, today=today)
        if trainees == 2:
            services.choose_quote(
                actor=actor,
                quote=quote,
                reason="Offre tutte le voci e due posti di tirocinio, al prezzo previsto.",
                expected_version=quote.version,
                today=today,
            )
