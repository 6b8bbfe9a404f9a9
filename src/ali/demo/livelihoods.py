"""What people bring with them: schooling, languages, work, money, ties."""

from datetime import date, timedelta
from random import Random

from ali.demo import tables
from ali.demo.chance import Wheel, days_after, days_before, euros
from ali.demo.families import Member
from ali.demo.shapes import JobSpec, LanguageSpec, MoneySpec, Municipality, PermitSpec
from ali.demo.tables import Country

ITALIAN = ("A0", "A1", "A2", "B1", "B2")
MAY_WORK_AFTER_DAYS = 60  # D.Lgs. 142/2015, art. 22
SECTORS = (
    "Agricoltura",
    "Logistica e magazzino",
    "Edilizia",
    "Ristorazione",
    "Pulizie",
    "Metalmeccanica",
    "Lavorazione carni",
    "Assistenza familiare",
    "Calzaturiero",
    "Alberghiero e terme",
)
CONTRACTS = {
    "waiting": Wheel({"none": 60, "traineeship": 7, "seasonal": 11, "fixed_term": 18, "permanent": 4}),
    "leaving": Wheel({"none": 24, "traineeship": 12, "seasonal": 7, "fixed_term": 43, "permanent": 14}),
    "at_work": Wheel({"seasonal": 20, "fixed_term": 60, "permanent": 20}),
}
# Contract -> hours a week, and euros a month at those hours.
PAY = {
    "traineeship": ((25, 300, 450), (35, 450, 600)),
    "seasonal": ((30, 600, 950), (39, 900, 1250)),
    "fixed_term": ((20, 480, 780), (30, 750, 1050), (40, 1050, 1500)),
    "permanent": ((24, 650, 850), (40, 1150, 1600)),
}

# How far off the end of a contract may be.
LAST_DAYS = {"traineeship": 150, "seasonal": 150, "fixed_term": 420}


def invent_education(chance: Random, country: Country, member: Member, today: date) -> str:
    drawn = tables.education()[country.iso3, member.sex].spin(chance)
    years = (today - member.born_on).days // 365
    if years < 12:
        return "none"
    return "primary" if years < 19 and drawn == "tertiary" else drawn


def invent_languages(
    chance: Random,
    country: Country,
    member: Member,
    today: date,
    *,
    mother_tongue: str,
    education: str,
    months: int,
) -> tuple[LanguageSpec, ...]:
    years = (today - member.born_on).days // 365
    known = [LanguageSpec(mother_tongue, "C2", is_mother_tongue=True)]
    if years >= 8:
        weight = {"none": 0.5, "primary": 0.85, "secondary": 1.2, "tertiary": 1.7}[education]
        known += [
            LanguageSpec(code, chance.choice(("A2", "B1", "B1", "B2")))
            for code, share in country.other_languages
            if code != mother_tongue and chance.random() < share * weight
        ]
    return (*known, LanguageSpec("ita", _italian(chance, years, education, months)))


def _italian(chance: Random, years: int, education: str, months: int) -> str:
    if years < 4:
        return "A0"
    if years < 18:
        return ITALIAN[min(3, months // 8 + chance.randint(0, 1))]
    school = {"none": -0.9, "primary": -0.3, "secondary": 0.2, "tertiary": 0.7}[education]
    score = min(months, 30) / 12 + school + chance.gauss(0, 0.7) - max(0, years - 38) * 0.03
    return ITALIAN[max(0, min(4, int(score + 0.5)))]


def invent_job(
    chance: Random, wheel: str, today: date, may_work_on: date | None, towns: Wheel[Municipality]
) -> JobSpec:
    """A current contract, or none. `may_work_on` is empty for who may not work yet."""
    if may_work_on is None or may_work_on >= today:
        return JobSpec()
    contract = CONTRACTS[wheel].spin(chance)
    if contract == "none":
        return JobSpec()
    hours, low, high = chance.choice(PAY[contract])
    starts = max(may_work_on, days_before(chance, today, 5, 150 if contract != "permanent" else 420))
    return JobSpec(
        contract=contract,
        employer=f"Impresa Esempio {chance.randint(1, 120)}",
        sector=chance.choice(SECTORS),
        municipality=towns.spin(chance).istat,
        weekly_hours=hours,
        net_monthly_cents=euros(chance, low, high),
        starts_on=starts,
        ends_on=None if contract == "permanent" else days_after(chance, today, 4, LAST_DAYS[contract]),
    )


def invent_money(chance: Random, job: JobSpec, today: date) -> MoneySpec:
    earned = job.net_monthly_cents
    has_work = earned >= 60_000
    has_isee = chance.random() < 0.35
    return MoneySpec(
        other_income_cents=euros(chance, 50, 300) if not earned and chance.random() < 0.2 else 0,
        savings_cents=_savings(chance, has_work=has_work),
        debts_cents=euros(chance, 200, 6000, 100) if chance.random() < 0.3 else 0,
        remittances_monthly_cents=euros(chance, 50, 250) if has_work and chance.random() < 0.55 else 0,
        isee_cents=min(earned * chance.randint(4, 11), 1_400_000) if has_isee else None,
        isee_expires_on=date(today.year, 12, 31) if has_isee else None,
    )


def _savings(chance: Random, *, has_work: bool) -> int:
    """Most have next to nothing; the money to enter a home is the harder wall."""
    if has_work:
        return euros(chance, 100, 3000, 50) if chance.random() < 0.8 else 0
    return euros(chance, 0, 600, 20) if chance.random() < 0.5 else 0


def invent_ties(chance: Random, months: int) -> int:
    """How many people they can count on outside the centre."""
    return min(8, int(chance.expovariate(1 / (0.8 + min(months, 36) / 18))))


def gaps_of(
    *,
    is_adult: bool,
    has_definitive_code: bool,
    permits: tuple[PermitSpec, ...],
    income_cents: int,
    italian: str,
    ties: int,
    solution: str,
) -> tuple[str, ...]:
    """What still stands between a person and a life outside: papers, income, home, language, network."""
    has_papers = has_definitive_code and any(
        permit.kind != "RA" and permit.state == "delivered" for permit in permits
    )
    missing = {
        "papers": not has_papers,
        "income": is_adult and income_cents < 70_000,
        "home": solution in {"none", "sai_asked", "sai_refused", "shelter"},
        "language": is_adult and italian in {"A0", "A1"},
        "network": is_adult and ties < 2,
    }
    return tuple(gap for gap, is_missing in missing.items() if is_missing)


def may_work_on(formalised_on: date | None, protected_on: date | None) -> date | None:
    days = [
        day
        for day in (formalised_on and formalised_on + timedelta(days=MAY_WORK_AFTER_DAYS), protected_on)
        if day
    ]
    return min(days) if days else None
