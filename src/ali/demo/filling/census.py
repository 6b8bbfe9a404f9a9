"""The search for homes of two bodies: invented empty homes with their owners, visits and calls; the real confiscated homes;
what the invented homes have of sheets and certificates."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from ali import demo, scouting
from ali.accounts.actors import Actor, actor_for
from ali.accounts.roles import HOUSING_MANAGER
from ali.deadlines.services import write_deadlines
from ali.demo.chance import days_after, days_before, euros, stream
from ali.demo.filling.bodies import PROVINCE
from ali.demo.filling.rows import write
from ali.housing.codes import CertificateKind, WhyEmpty
from ali.housing.models import BuildingSheet, Certificate, Dwelling, Equipment, Surroundings
from ali.housing.services import certificate_dues
from ali.imports.services import apply_run, stage_file
from ali.organisations.models import Membership
from ali.places.models import Municipality
from ali.scouting.models import Campaign, Inspection, Lead, Owner, OwnerContact, Recipient
from ali.scouting.models.leads import lead_key
from ali.scouting.services.leads import next_due
from ali.scouting.states import ITEMS, CampaignState, Channel, LeadSource, LeadState, Outcome

LEADS_OF_A_BODY = 24
STREETS = ("Via dei Platani", "Via del Pozzo", "Vicolo della Torre", "Via Argine", "Piazzetta dei Frati")
STATES = (
    *(LeadState.REPORTED, LeadState.REPORTED, LeadState.CONTACTED, LeadState.CONTACTED, LeadState.VISITED),
    *(LeadState.FEASIBLE, LeadState.NOT_FEASIBLE, LeadState.AGREED, LeadState.ARCHIVED),
)
SEEN = {LeadState.VISITED, LeadState.FEASIBLE, LeadState.NOT_FEASIBLE, LeadState.AGREED}
WHY = [WhyEmpty.HEIRS, WhyEmpty.TO_RENOVATE, WhyEmpty.FEAR, WhyEmpty.UNSOLD, WhyEmpty.OCCASIONAL]
REASONS = {
    LeadState.NOT_FEASIBLE: "Tetto da rifare: costa più di quanto l'accordo ripaga.",
    LeadState.ARCHIVED: "Il proprietario ha affittato da solo.",
}
LETTER = (
    "Gentile {nome},\n\nsappiamo che la casa di {indirizzo}, a {comune}, è vuota. La nostra rete cerca case per "
    "persone e famiglie che lavorano: l'affitto è garantito e qualcuno segue chi ci abita.\n\n"
    "La chiamiamo nei prossimi giorni. Se preferisce non essere contattato, basta dirlo.\n\n{ente}, {data}"
)
CONFISCATED = Path(scouting.__file__).parent / "data" / "confiscated_pd_vi_ro_re_bs.csv"
RENTS = Path(demo.__file__).parent / "data" / "omi_invented.csv"


def add_census(*, seed: int, today: date, now: datetime) -> int:
    """Write the census of the bodies that have a manager, and the sheets of every home; return how many leads there are."""
    chance = stream(seed, "census")
    managers = _managers()
    towns = list(Municipality.objects.filter(province=PROVINCE, is_current=True).order_by("pk"))
    for actor in managers:
        _add_leads(actor, towns, chance, today)
    for actor in managers[:1]:
        for kind, file in (("anbsc", CONFISCATED), ("omi", RENTS)):
            run = stage_file(actor=actor, kind=kind, source=file, today=today)
            apply_run(actor=actor, run=run, today=today, now=now)
    _add_sheets(stream(seed, "sheets"), today)
    return Lead.objects.count()


def _managers() -> list[Actor]:
    held = Membership.objects.filter(role=HOUSING_MANAGER.code, user__is_invented=True)
    actors = [actor_for(one.user) for one in held.select_related("user").order_by("pk")]
    return [actor for actor in actors if actor is not None]


def _add_leads(actor: Actor, towns: Sequence[Municipality], chance: Random, today: date) -> None:
    owners = write(
        [
            Owner(
                kept_by_id=actor.body,
                name=f"Proprietario Esempio {100 + number}",
                folded=f" proprietario esempio {100 + number}",
                phone=f"+39 000 {chance.randrange(10**7):07d}",
                address=f"Via Inventata {number + 1}, Padova",
                not_to_contact_since=today - timedelta(days=200) if number % 9 == 8 else None,
                is_invented=True,
            )
            for number in range(LEADS_OF_A_BODY * 2 // 3)
        ]
    )
    leads = write([_lead(owners, towns, number, chance, today) for number in range(LEADS_OF_A_BODY)])
    write([_visit(actor, lead, chance, today) for lead in leads if lead.state in SEEN])
    called = [lead for lead in leads if lead.owner and lead.state != LeadState.REPORTED]
    write([_call(actor, lead, chance, today) for lead in called])
    write_deadlines([due for lead in leads if (due := next_due(lead))])
    _add_campaign(actor, [lead for lead in leads if lead.owner], today)


def _lead(
    owners: Sequence[Owner],
    towns: Sequence[Municipality],
    number: int,
    chance: Random,
    today: date,
) -> Lead:
    town = chance.choice(towns)
    address = f"{STREETS[number % len(STREETS)]} {chance.randint(1, 90)}"
    state = STATES[number % len(STATES)]
    is_open = state not in REASONS
    return Lead(
        kept_by_id=owners[0].kept_by_id,
        municipality=town,
        address=address,
        folded=lead_key(address, town.name, ""),
        latitude=(town.latitude or 45.4) + chance.uniform(-0.012, 0.012),
        longitude=(town.longitude or 11.9) + chance.uniform(-0.015, 0.015),
        source=chance.choice([LeadSource.OFFER, LeadSource.REPORT, LeadSource.STREET]),
        state=state,
        reason=REASONS.get(state, ""),
        owner=owners[number % len(owners)] if number % 5 else None,
        what=f"{chance.choice(['Bilocale', 'Trilocale', 'Quadrilocale'])} di esempio",
        area_m2=chance.randint(45, 120),
        rooms=chance.randint(1, 4),
        why_empty=chance.choice(WHY),
        empty_since=days_before(chance, today, 200, 3000),
        availability=["rent", "works"] if number % 2 else ["rent"],
        asking_cents=euros(chance, 350, 800),
        next_step="Fissare il sopralluogo" if is_open and number % 2 else "",
        next_on=days_after(chance, today, 2, 40) if is_open and number % 2 else None,
        is_invented=True,
    )


def _visit(actor: Actor, lead: Lead, chance: Random, today: date) -> Inspection:
    good = 2 if lead.state == LeadState.NOT_FEASIBLE else 6
    answers = {
        code: chance.choice(["yes"] * good + ["partly", "partly", "no"])
        for code in ITEMS
        if chance.random() < 0.85
    }
    if lead.state in {LeadState.FEASIBLE, LeadState.AGREED}:
        answers |= {"structure": "yes", "papers": "yes", "owner_ok": "yes"}
    return Inspection(
        lead=lead,
        visited_on=days_before(chance, today, 3, 60),
        visited_by_id=actor.signer,
        answers=answers,
        beds=chance.randint(2, 6),
        works_cents=euros(chance, 2000, 38000, 500),
    )


def _call(actor: Actor, lead: Lead, chance: Random, today: date) -> OwnerContact:
    return OwnerContact(
        owner=lead.owner,
        lead=lead,
        channel=Channel.CALL,
        on=days_before(chance, today, 5, 90),
        by_id=actor.signer,
        outcome=chance.choice([Outcome.INTERESTED, Outcome.THINKING, Outcome.CALL_BACK]),
    )


def _add_campaign(actor: Actor, leads: Sequence[Lead], today: date) -> None:
    campaign = Campaign.objects.create(
        kept_by_id=actor.body,
        title="Case vuote, lettera di primavera (esempio)",
        subject="La sua casa a {comune}",
        text=LETTER,
        state=CampaignState.SENT,
        sent_on=today - timedelta(days=12),
        call_by=today + timedelta(days=9),
    )
    chosen = {lead.owner.pk: lead for lead in leads if lead.owner and lead.owner.not_to_contact_since is None}
    write([Recipient(campaign=campaign, owner_id=owner, lead=lead) for owner, lead in chosen.items()])
    write(
        [
            OwnerContact(
                owner_id=owner,
                lead=lead,
                campaign=campaign,
                channel=Channel.LETTER,
                on=today - timedelta(days=12),
                by_id=actor.signer,
                outcome=Outcome.SENT,
            )
            for owner, lead in chosen.items()
        ]
    )


def _add_sheets(chance: Random, today: date) -> None:
    """Give every home what an agency usually knows: some papers are missing, as in life."""
    homes = list(Dwelling.objects.select_related("building").order_by("pk"))
    write(
        [
            Equipment(
                dwelling=home,
                bathrooms=1,
                furnished=chance.choice(["yes", "partly", "no"]),
                heating="own",
                fuel=chance.choice(["gas", "gas", "gas", "pump"]),
                energy_class=chance.choice(["B", "C", "D", "E", "F", "G"]),
            )
            for home in homes
        ]
    )
    write(
        [
            Surroundings(
                dwelling=home,
                minutes_to_school=chance.randint(3, 30),
                minutes_to_job_centre=chance.randint(8, 60),
                minutes_to_shop=chance.randint(2, 20),
            )
            for home in homes
        ]
    )
    buildings = {home.building_id: home.building for home in homes}
    write(
        [
            BuildingSheet(
                building=building,
                kind="block",
                built_in=chance.choice(["1946-60", "1961-70", "1971-80", "1991-00"]),
                condition=chance.choice(["good", "mediocre"]),
            )
            for building in buildings.values()
        ]
    )
    papers = write([paper for home in homes for paper in _papers(home, chance, today)])
    write_deadlines(certificate_dues(papers))


def _papers(home: Dwelling, chance: Random, today: date) -> list[Certificate]:
    made = []
    for kind, years in (
        (CertificateKind.APE, 10),
        (CertificateKind.WIRING, 0),
        (CertificateKind.GAS, 0),
        (CertificateKind.BOILER, 4),
        (CertificateKind.HABITABLE, 0),
    ):
        if chance.random() < 0.1:
            continue
        issued = days_before(chance, today, 30, (years or 12) * 360)
        expires = issued + timedelta(days=years * 365) if years else None
        made.append(
            Certificate(
                dwelling=home,
                kind=kind,
                number=f"ES-{chance.randrange(10**5):05d}",
                issued_on=issued,
                expires_on=expires,
            )
        )
    return made
