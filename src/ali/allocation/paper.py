"""The household's proposal as one bilingual sheet: Italian and a language that they speak.

The texts are in `paper_texts`, one file per language; a mediator must read each again before it is used, and the file then
says who did (`reviewed_by`). Until then the page warns whoever prints.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import override

from ali.allocation.models import Proposal
from ali.core.money import show_euros
from ali.housing.models import Bed, Occupancy
from ali.housing.queries import Costs, costs_of
from ali.housing.states import Mode
from ali.people.models import Person, SpokenLanguage
from ali.people.states import LanguageLevel

TEXTS = Path(__file__).parent / "paper_texts"
BASE, FALLBACK = "it", "en"
LEVELS = list(reversed(LanguageLevel.values))  # mother tongue first


@dataclass(frozen=True)
class PaperLanguage:
    """A language of the sheet: `iso` as people's languages are coded."""

    code: str
    iso: str
    name: str
    direction: str
    reviewed_by: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One thing said twice: in Italian and in the household's language. `kind` is how it looks."""

    kind: str
    label: str
    label_other: str
    value: str = ""
    value_other: str = ""


@dataclass(frozen=True)
class Sheet:
    """All that the template prints."""

    other: PaperLanguage
    texts: Mapping[str, str]
    lines: Sequence[Line]
    monthly: Sequence[Line]
    entry: Sequence[Line]
    is_reviewed: bool


@cache
def _texts() -> dict[str, PaperLanguage]:
    found = {}
    for path in sorted(TEXTS.glob("*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = PaperLanguage(
            code=path.stem,
            iso=read["language"],
            name=read["name"],
            direction=read["direction"],
            reviewed_by=read["reviewed_by"],
            texts=read["texts"],
        )
    return found


def languages() -> list[PaperLanguage]:
    """Return the languages beside Italian, as they call themselves."""
    return [one for code, one in _texts().items() if code != BASE]


def language_of(members: Iterable[Person]) -> PaperLanguage:
    """Return the sheet's language that a member speaks best; English when there is none."""
    by_iso = {one.iso: one for one in languages()}
    spoken = SpokenLanguage.objects.filter(
        person__in=[person.pk for person in members], language__in=list(by_iso)
    ).values_list("language_id", "level")
    best = min(spoken, key=lambda row: (LEVELS.index(row[1]), row[0] == "eng", row[0]), default=None)
    return by_iso[best[0]] if best else _texts()[FALLBACK]


def sheet(proposal: Proposal, members: Sequence[Person], lang: str, today: date) -> Sheet:
    """Return the sheet in Italian and in `lang`, or in the language that they speak best when it is not one of ours."""
    chosen = _texts().get(lang) if lang != BASE else None
    other = chosen or language_of(members)
    pen = _Pen(_texts()[BASE].texts, other.texts)
    costs = costs_of(proposal.dwelling, proposal.persons)
    return Sheet(
        other=other,
        texts=_texts()[BASE].texts,
        lines=_lines(pen, proposal, members, today),
        monthly=_monthly(pen, costs),
        entry=_entry(pen, costs),
        is_reviewed=bool(other.reviewed_by),
    )


@dataclass(frozen=True)
class _Pen:
    """Writes each line twice."""

    italian: Mapping[str, str]
    other: Mapping[str, str]

    def line(self, key: str, value: str, kind: str = "") -> Line:
        """The label in both languages, with the same value (a name, a number, a day)."""
        return Line(kind, self.italian[key], self.other[key], value, value)

    def said(self, key: str, text: str, kind: str = "", before: str = "", **filled: object) -> Line:
        """The label and a sentence, both in both languages; `before` is the same in both (a day)."""
        return Line(
            kind,
            self.italian[key],
            self.other[key],
            before + self.italian[text].format(**filled),
            before + self.other[text].format(**filled),
        )


def _lines(pen: _Pen, proposal: Proposal, members: Sequence[Person], today: date) -> list[Line]:
    dwelling = proposal.dwelling
    building = dwelling.building
    address = f"{dwelling}, {building.postcode} {building.municipality.name}".replace(",  ", ", ")
    first_day = max(proposal.starts_on, today)
    beds = Bed.objects.in_use().filter(room__dwelling=dwelling).count()
    return [
        pen.line("household", ", ".join(person.display_name for person in members)),
        pen.line("address", address),
        _room(pen, proposal, beds),
        pen.said(
            "flatmates",
            "flatmates_then",
            before=f"{first_day:%d/%m/%Y}. ",
            people=_flatmates(proposal, members, first_day, today),
            beds=beds,
        ),
        pen.line("from_day", f"{proposal.starts_on:%d/%m/%Y}"),
        _visit(pen, proposal),
        pen.line("contact", _contact(proposal)),
        _answer_by(pen, proposal),
    ]


def _flatmates(proposal: Proposal, members: Sequence[Person], day: date, today: date) -> int:
    """Count who lives in the home on the day on which the household enters.

    Who is expected to leave before that day is not counted; who should have left already is, until somebody confirms it.
    Nobody is counted in the beds kept for the household.
    """
    stays = Q(ends_on__isnull=True) | Q(ends_on__gt=day) | Q(is_end_sure=False, ends_on__lte=today)
    kept = proposal.holds.filter(is_live=True).values("bed")
    living = Occupancy.objects.filter(stays, starts_on__lte=day, bed__room__dwelling=proposal.dwelling)
    theirs = Q(person__in=[person.pk for person in members]) | Q(bed__in=kept)
    return living.exclude(pk__in=Occupancy.objects.filter(theirs).values("pk")).count()


def _room(pen: _Pen, proposal: Proposal, beds: int) -> Line:
    if proposal.dwelling.mode == Mode.WHOLE:
        return pen.said("room", "whole_home", beds=beds)
    with override(BASE):  # the sheet is Italian whatever language the screen speaks
        return pen.line("room", " · ".join(bed_names(proposal)))


def bed_names(proposal: Proposal) -> list[str]:
    """Return the beds kept for the household, as the home calls them."""
    held = proposal.holds.select_related("bed__room").order_by("bed__room_id", "bed_id")
    return [f"{hold.bed.room.label or hold.bed.room.get_kind_display()}, {hold.bed.label}" for hold in held]


def _visit(pen: _Pen, proposal: Proposal) -> Line:
    if proposal.visit_on is None:
        return pen.said("visit", "visit_to_agree")
    return pen.line("visit", f"{localtime(proposal.visit_on):%d/%m/%Y, %H:%M}")


def _contact(proposal: Proposal) -> str:
    dwelling = proposal.dwelling
    phone = dwelling.contact_phone or dwelling.manager.phone
    return " · ".join(part for part in (dwelling.contact_name, str(dwelling.manager), phone) if part)


def _answer_by(pen: _Pen, proposal: Proposal) -> Line:
    if proposal.household_answer_by_day is None:
        return pen.said("answer_by", "answer_later", kind="strong")
    return pen.line("answer_by", f"{proposal.household_answer_by_day:%d/%m/%Y}", kind="strong")


def _monthly(pen: _Pen, costs: Costs) -> list[Line]:
    return [
        pen.line("rent", show_euros(costs.rent)),
        pen.line("condominium", show_euros(costs.condominium)),
        pen.line("utilities", show_euros(costs.utilities)),
        pen.line("total", show_euros(costs.monthly_with_utilities), kind="strong"),
    ]


def _entry(pen: _Pen, costs: Costs) -> list[Line]:
    return [
        pen.line("deposit", show_euros(costs.deposit)),
        pen.line("first_month", show_euros(costs.first_month)),
        pen.line("other", show_euros(costs.other)),
        pen.line("total", show_euros(costs.entry), kind="strong"),
    ]
