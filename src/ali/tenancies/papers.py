"""The papers of a tenancy as PDF: contract, hand-over report, communications to offices, letter to who moves in.

They name the people in the tenancy: whoever asks must see all of them, and each print is in the log.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ali.agreements.clocks import ContractTerms
from ali.agreements.states import ContractType
from ali.allocation.paper import PaperLanguage, language_of
from ali.core.money import show_euros
from ali.documents.papers import render
from ali.housing.models import Occupancy
from ali.housing.queries import ongoing
from ali.housing.services import communication_day
from ali.people.models import Citizenship, Permit, Person
from ali.tenancies.checks import OVER, present
from ali.tenancies.models import HandOver, InventoryItem, Tenancy, TenancyParty
from ali.tenancies.paper_words import BASE, languages
from ali.tenancies.services.duties import rule_of_duty
from ali.tenancies.states import (
    Bond,
    DutyKind,
    HandOverKind,
    Meter,
    SignerRole,
    TenancyState,
)
from ali.tenancies.terms import HOSPITALITY_TYPES, rule_of_contract

TEMPLATES = Path(__file__).parent / "typst"
CONTRACT, LETTER = TEMPLATES / "contract.typ", TEMPLATES / "letter.typ"
Block = dict[str, Any]  # Any: values of a JSON document


@dataclass(frozen=True)
class Paper:
    """A paper that can be printed. `is_bilingual`: it has a courtesy translation."""

    kind: str
    label: str | Promise
    states: frozenset[TenancyState]
    is_bilingual: bool = False


_S = TenancyState
_LIVED = frozenset({_S.RUNNING, _S.NOTICE})
_GIVEN = frozenset({_S.SIGNED, *_LIVED})
PAPERS = (
    Paper("contratto", _("Contratto"), frozenset({_S.DRAFT, _S.SIGNING, *_GIVEN, _S.ENDED}), True),
    Paper("consegna", _("Verbale di consegna"), _GIVEN | {_S.ENDED}),
    Paper("comunicazione", _("Comunicazione di ospitalità (48 ore)"), _GIVEN),
    Paper("benvenuto", _("Foglio per chi entra"), _GIVEN, True),
    Paper("amministratore", _("Lettera all'amministratore di condominio"), _GIVEN),
    Paper("tari", _("Dati per la dichiarazione TARI"), _GIVEN),
    Paper("utenze", _("Dati per le volture"), _GIVEN),
)
BY_KIND = {one.kind: one for one in PAPERS}


def papers_for(tenancy: Tenancy) -> list[Paper]:
    """Return the papers that make sense now."""
    return [one for one in PAPERS if tenancy.state in one.states]


@dataclass(frozen=True)
class Subject:
    """A tenancy with what its papers read."""

    tenancy: Tenancy
    parties: Sequence[TenancyParty]
    day: date

    @property
    def persons(self) -> list[Person]:
        return [party.person for party in self.parties]

    @property
    def tenants(self) -> str:
        return ", ".join(party.person.display_name for party in self.parties)

    @property
    def address(self) -> str:
        dwelling = self.tenancy.dwelling
        town = dwelling.building.municipality
        place = f"{dwelling.building.postcode} {town.name} ({town.province_id})".strip()
        return f"{dwelling}, {place}"


def subject_of(tenancy: Tenancy, day: date) -> Subject:
    """Return the people who are in the tenancy, or were when it was over."""
    parties = list(
        tenancy.parties.select_related("person__household", "bed__room").order_by("-is_signatory", "pk")
    )
    return Subject(tenancy, present(parties, day) or parties, day)


def print_paper(kind: str, subject: Subject, lang: str = "") -> bytes:
    """Return the PDF of a paper. `lang`: the other language; the one that they speak best when it is empty."""
    with override(BASE):  # the paper is Italian whatever language the screen speaks
        if kind == "contratto":
            return render(CONTRACT, contract_data(subject, other_language(subject, lang)))
        if kind == "benvenuto":
            return render(LETTER, welcome_data(subject, other_language(subject, lang)))
        return render(LETTER, LETTERS[kind](subject))


def other_language(subject: Subject, lang: str) -> PaperLanguage:
    """Return the language asked for, else the one that the people speak best."""
    code = lang if lang in languages() else language_of(subject.persons).code
    return languages()[code]


def _frame(title: str, subject: Subject) -> Block:
    landlord = subject.tenancy.landlord
    return {
        "title": title,
        "foot": " · ".join(part for part in (str(landlord), landlord.address, landlord.phone) if part),
        "demo": "Dati di esempio: persone e case inventate" if settings.IS_DEMO else "",
    }


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "—"


# --- the contract


def contract_data(subject: Subject, other: PaperLanguage) -> Block:
    """Return the data of the contract, each clause in Italian and in `other`."""
    tenancy = subject.tenancy
    italian = languages()[BASE].texts
    title = _title_key(tenancy)
    rules = tenancy.house_rules
    return {
        **_frame(italian[title], subject),
        "has_other": other.code != BASE,
        "other": {"code": other.code, "direction": other.direction},
        "other_title": other.texts[title],
        "draft": italian["draft"] if tenancy.signed_on is None else f"Firmato il {_day(tenancy.signed_on)}.",
        "courtesy": f"{other.name}: {italian['courtesy']}" if not other.reviewed_by else "",
        "other_courtesy": other.texts["courtesy"] if not other.reviewed_by else "",
        "clauses": [
            {
                "label": italian[label],
                "text": _say(italian, text, filled),
                "other_label": other.texts[label],
                "other_text": _say(other.texts, text, filled, is_rtl=other.direction == "rtl"),
            }
            for label, text, filled in _clauses(subject)
        ],
        "house_rules_title": italian["rules"],
        "house_rules": rules.text if rules else "",
        "signatures_title": italian["signatures"],
        "signatures": _signature_lines(subject, italian),
    }


# Around names, days and amounts inside a text that runs from right to left: each keeps its own direction.
ISOLATE, END = "\u2068", "\u2069"


def _say(texts: Mapping[str, str], key: str, filled: Mapping[str, str], *, is_rtl: bool = False) -> str:
    """Return the text with its blanks filled; what has no words of ours, as it is."""
    values = {name: f"{ISOLATE}{value}{END}" for name, value in filled.items()} if is_rtl else filled
    return values["_"] if key == "_" else texts[key].format(**values)


def _title_key(tenancy: Tenancy) -> str:
    if tenancy.contract_type in HOSPITALITY_TYPES:
        return "title_hospitality"
    return "title_loan" if tenancy.contract_type == ContractType.LOAN else "title_lease"


def _clauses(subject: Subject) -> list[tuple[str, str, dict[str, str]]]:
    """Return label, text and what fills it, in the order of the paper."""
    tenancy = subject.tenancy
    rule = rule_of_contract(tenancy.contract_type, tenancy.dwelling, tenancy.signed_on or subject.day)
    months = ContractTerms.from_rule(rule).tenant_notice_months
    term = {"start": _day(tenancy.starts_on), "end": _day(tenancy.ends_on)}
    money = {
        "rent": show_euros(tenancy.rent_cents),
        "condominium": show_euros(tenancy.condominium_cents),
        "utilities": show_euros(tenancy.utilities_cents),
        "monthly": show_euros(tenancy.monthly_cents),
        "day": str(tenancy.due_day),
    }
    found: list[tuple[str, str, dict[str, str]]] = [
        ("parties", "parties_text", {"landlord": _landlord(tenancy), "tenants": subject.tenants}),
        ("home", "_", {"_": subject.address}),
        *([("place", "_", {"_": place})] if (place := _place(subject)) else []),
        ("term", "term_text" if tenancy.ends_on else "open_text", term),
        ("rent", "rent_text", money),
        (
            "deposit",
            "deposit_text" if tenancy.deposit_cents else "no_deposit",
            {"deposit": show_euros(tenancy.deposit_cents)},
        ),
        *([("shares", "_", {"_": _shares(subject)})] if len(subject.parties) > 1 else []),
        ("bond", f"bond_{Bond(tenancy.bond).value}", {}),
        ("notice", "notice_months" if months else "notice_agreed", {"months": str(months or "")}),
        ("permit", "permit_text", {}),
        ("papers", "papers_text", {}),
    ]
    if tenancy.house_rules:
        found.append(("rules", "rules_text", {"number": str(tenancy.house_rules.number)}))
    return found


def _landlord(tenancy: Tenancy) -> str:
    body = tenancy.landlord
    code = f"C.F. {body.fiscal_code}" if body.fiscal_code else ""
    return ", ".join(part for part in (str(body), code, body.address) if part)


def _place(subject: Subject) -> str:
    room = subject.tenancy.room
    beds = [
        f"{party.bed.room.label or party.bed.room.get_kind_display()}, {party.bed.label}"
        for party in subject.parties
        if party.bed
    ]
    if room is not None:
        return str(room.label or room.get_kind_display())
    return " · ".join(beds)


def _shares(subject: Subject) -> str:
    return " · ".join(
        f"{party.person.display_name}: {show_euros(party.share_cents)}"
        for party in subject.parties
        if party.is_signatory
    )


def _signature_lines(subject: Subject, italian: Any) -> list[str]:  # Any: texts by key
    stored = list(subject.tenancy.signatures.select_related("party__person").order_by("position"))
    if not stored:
        return [
            *(
                f"{italian['for_tenant']}: {one.person.display_name}"
                for one in subject.parties
                if one.is_signatory
            ),
            f"{italian['for_body']}: {subject.tenancy.landlord}",
        ]
    labels = {
        SignerRole.TENANT: italian["for_tenant"],
        SignerRole.LANDLORD: italian["for_body"],
        SignerRole.GUARANTOR: italian["guarantor"],
    }
    return [
        f"{labels[SignerRole(one.role)]}: {one.party.person.display_name if one.party else one.name}"
        + (f" ({_day(one.signed_on)})" if one.signed_on else "")
        for one in stored
    ]


# --- letters and forms


def _facts(title: str, rows: Sequence[tuple[str, str]]) -> Block:
    return {"kind": "facts", "title": title, "rows": [[label, value or "—"] for label, value in rows]}


def _text(text: str, kind: str = "text") -> Block:
    return {"kind": kind, "text": text}


def _home_facts(subject: Subject) -> Block:
    dwelling = subject.tenancy.dwelling
    return _facts(
        "La casa",
        [
            ("Indirizzo", subject.address),
            ("Interno e piano", f"{dwelling.label or '—'}, piano {dwelling.floor}"),
            ("Stanza o posto letto", _place(subject)),
            ("Superficie utile", f"{number_format(dwelling.net_area_m2)} m²"),
        ],
    )


def _person_facts(person: Person, day: date, title: str = "La persona") -> Block:
    states = ", ".join(
        str(one.state) for one in Citizenship.objects.filter(person=person).select_related("state")
    )
    permit = (
        Permit.objects.filter(person=person).exclude(state__in=OVER).order_by("-issued_on", "-pk").first()
    )
    document = "—"
    if permit is not None:
        number = permit.number or permit.receipt_number
        document = f"{permit.get_kind_display()} n. {number or '—'}, scade il {_day(permit.expires_on)}"
    return _facts(
        title,
        [
            ("Cognome e nome", person.display_name),
            ("Sesso", str(person.get_sex_display()) if person.sex else ""),
            ("Nascita", " ".join(part for part in (_day(person.birth_date), person.birth_place) if part)),
            ("Cittadinanza", states),
            ("Permesso di soggiorno", document),
        ],
    )


def _contract_facts(tenancy: Tenancy) -> Block:
    return _facts(
        "Il titolo",
        [
            ("Tipo", str(tenancy.get_contract_type_display())),
            ("Firmato il", _day(tenancy.signed_on)),
            ("Dal", _day(tenancy.starts_on)),
            ("Al", _day(tenancy.ends_on) if tenancy.ends_on else "senza termine"),
            (
                "Registrazione",
                f"{_day(tenancy.registered_on)} {tenancy.registration_code}" if tenancy.registered_on else "",
            ),
        ],
    )


def _landlord_facts(tenancy: Tenancy, title: str) -> Block:
    body = tenancy.landlord
    return _facts(
        title,
        [
            ("Denominazione", str(body)),
            ("Codice fiscale", body.fiscal_code),
            ("Sede", body.address),
            ("Telefono ed e-mail", " · ".join(part for part in (body.phone, body.email) if part)),
        ],
    )


def _stays(subject: Subject) -> list[Occupancy]:
    return list(
        Occupancy.objects.filter(
            ongoing(subject.day),
            bed__room__dwelling=subject.tenancy.dwelling_id,
            person__in=[person.pk for person in subject.persons],
        )
        .select_related("bed__room__dwelling__building__municipality", "person")
        .order_by("starts_on", "pk")
    )


def communication_data(subject: Subject) -> Block:
    """Return the 48-hour communication of art. 7: who hosts, who is hosted, exactly where, by which title, from when."""
    blocks: list[Block] = [
        _text("Alla Questura di competenza, o al Sindaco del Comune dove si trova la casa."),
        _landlord_facts(subject.tenancy, "Chi dà l'alloggio"),
        _home_facts(subject),
    ]
    for stay in _stays(subject):
        if stay.person is None:
            continue
        room = stay.bed.room
        blocks += [
            _person_facts(stay.person, subject.day, "La persona ospitata"),
            _facts(
                "",
                [
                    ("Dal giorno", _day(stay.starts_on)),
                    ("Dove dorme", f"{room.label or room.get_kind_display()}, {stay.bed.label}"),
                    ("Da comunicare entro il", _day(communication_day(stay))),
                ],
            ),
        ]
    return {
        **_frame("Comunicazione di ospitalità o di cessione di fabbricato", subject),
        "blocks": [
            *blocks,
            _contract_facts(subject.tenancy),
            _text(
                "D.Lgs. 286/1998, art. 7: si comunica per iscritto entro 48 ore; chi non lo fa paga da 160 a 1.100 euro.",
                "note",
            ),
            {
                "kind": "signatures",
                "labels": ["Luogo e data", "Chi dà l'alloggio", "Ricevuta dell'ufficio: numero e data", ""],
            },
        ],
    }


def condominium_data(subject: Subject) -> Block:
    """Return the letter to the administrator of the building: who lives there and by which contract."""
    people = [
        (f"Persona {number}", person.display_name) for number, person in enumerate(subject.persons, start=1)
    ]
    return {
        **_frame("Comunicazione all'amministratore di condominio", subject),
        "blocks": [
            _text("All'amministratore del condominio."),
            _text(
                "Comunichiamo chi abita la casa e con quale contratto, per il registro di anagrafe condominiale"
                " (codice civile, art. 1130, n. 6; L. 431/1998, art. 13)."
            ),
            _home_facts(subject),
            _facts("Chi abita", people),
            _contract_facts(subject.tenancy),
            _landlord_facts(subject.tenancy, "Chi dà la casa"),
            {"kind": "signatures", "labels": ["Luogo e data", "Per l'ente"]},
        ],
    }


def waste_tax_data(subject: Subject) -> Block:
    """Return the data of the waste-tax declaration."""
    rule = rule_of_duty(DutyKind.WASTE_TAX, subject.tenancy, subject.tenancy.starts_on)
    return {
        **_frame("Dati per la dichiarazione TARI", subject),
        "blocks": [
            _text(f"Al Comune di {subject.tenancy.dwelling.building.municipality.name}, ufficio tributi."),
            _home_facts(subject),
            *[_person_facts(party.person, subject.day, "Chi dichiara") for party in subject.parties[:1]],
            _facts(
                "Chi abita",
                [
                    ("Numero di persone", str(len(subject.parties))),
                    ("Persone", subject.tenants),
                    ("Dal giorno", _day(subject.tenancy.starts_on)),
                ],
            ),
            _contract_facts(subject.tenancy),
            _text(f"{rule.sentence} {rule.source}.", "note"),
            {"kind": "signatures", "labels": ["Luogo e data", "Chi dichiara"]},
        ],
    }


def utilities_data(subject: Subject) -> Block:
    """Return the data for moving the utilities to who lives there, with the readings of the hand-over."""
    report = _report(subject.tenancy, HandOverKind.IN)
    return {
        **_frame("Dati per le volture delle utenze", subject),
        "blocks": [
            _home_facts(subject),
            *[
                _person_facts(party.person, subject.day, "Nuovo intestatario")
                for party in subject.parties[:1]
            ],
            _meters(report),
            _contract_facts(subject.tenancy),
            _landlord_facts(subject.tenancy, "Chi dà la casa"),
            {"kind": "signatures", "labels": ["Luogo e data", "Nuovo intestatario"]},
        ],
    }


def _report(tenancy: Tenancy, kind: str) -> HandOver | None:
    return tenancy.hand_overs.filter(kind=kind).order_by("done_on", "pk").last()


def _meters(report: HandOver | None) -> Block:
    read = {one.meter: one for one in report.readings.all()} if report else {}
    rows = [
        [
            capfirst(str(Meter(meter).label)),
            read[meter].code if meter in read else "",
            number_format(read[meter].value) if meter in read else "",
        ]
        for meter in Meter.values
    ]
    return {"kind": "table", "title": "Contatori", "head": ["Contatore", "Codice", "Lettura"], "rows": rows}


def hand_over_data(subject: Subject) -> Block:
    """Return the report of the hand-over: meters, inventory as found at both ends, keys, room for photos."""
    tenancy = subject.tenancy
    entry, back = _report(tenancy, HandOverKind.IN), _report(tenancy, HandOverKind.OUT)
    report = back or entry
    return {
        **_frame("Verbale di riconsegna" if back else "Verbale di consegna", subject),
        "blocks": [
            _home_facts(subject),
            _facts(
                "Chi c'era",
                [
                    ("Per l'ente", report.for_body if report else ""),
                    ("Chi abita", subject.tenants),
                    ("Giorno", _day(report.done_on) if report else ""),
                ],
            ),
            _meters(report),
            _inventory(tenancy, entry, back),
            _keys(subject),
            *([_text(report.notes)] if report and report.notes else []),
            {"kind": "photos", "title": "Fotografie", "label": "Foto", "count": 4},
            {
                "kind": "signatures",
                "labels": [
                    "Per l'ente",
                    *(one.person.display_name for one in subject.parties if one.is_signatory),
                ],
            },
        ],
    }


def _inventory(tenancy: Tenancy, entry: HandOver | None, back: HandOver | None) -> Block:
    found = [{check.item_id: check for check in one.checks.all()} if one else {} for one in (entry, back)]
    items = InventoryItem.objects.filter(dwelling=tenancy.dwelling_id).select_related("room")
    rows = [
        [
            f"{item.label} ({item.quantity})",
            (item.room.label or str(item.room.get_kind_display())) if item.room else "in comune",
            *(
                " ".join(
                    part for part in (str(one[item.pk].get_condition_display()), one[item.pk].note) if part
                )
                if item.pk in one
                else ""
                for one in found
            ),
        ]
        for item in items.order_by("room_id", "label", "pk")
        if item.removed_on is None or any(item.pk in one for one in found)
    ]
    return {
        "kind": "table",
        "title": "Inventario",
        "head": ["Che cosa", "Dove", "Alla consegna", "Alla riconsegna"],
        "rows": rows or [["", "", "", ""] for _row in range(4)],
    }


def _keys(subject: Subject) -> Block:
    rows = [
        [
            loan.key.label,
            str(loan.copies),
            party.person.display_name,
            _day(loan.given_on),
            _day(loan.returned_on),
        ]
        for party in subject.parties
        for loan in party.key_loans.select_related("key").order_by("given_on", "pk")
    ]
    return {
        "kind": "table",
        "title": "Chiavi",
        "head": ["Chiave", "Copie", "A chi", "Consegnate", "Restituite"],
        "rows": rows or [["", "", "", "", ""] for _row in range(2)],
    }


def welcome_data(subject: Subject, other: PaperLanguage) -> Block:
    """Return the sheet for who moves in: costs, days, whom to call, in Italian and in their language."""
    tenancy = subject.tenancy
    dwelling = tenancy.dwelling
    phone = dwelling.contact_phone or dwelling.manager.phone
    payers = [party for party in subject.parties if party.is_signatory]
    share = payers[0].share_cents if len(payers) == 1 else tenancy.monthly_cents
    filled = {
        "contact": " · ".join(part for part in (dwelling.contact_name, str(dwelling.manager), phone) if part),
        "share": show_euros(share),
        "day": str(tenancy.due_day),
    }
    keys = ("letter_intro", "letter_pay", "letter_residence", "letter_contact", "letter_help")
    italian = languages()[BASE].texts
    blocks: list[Block] = [
        _facts(
            "",
            [("Chi", subject.tenants), ("Dove", subject.address), ("Stanza o posto letto", _place(subject))],
        )
    ]
    if other.code != BASE and not other.reviewed_by:
        blocks.append(_text(f"{other.name}: {italian['courtesy']}", "note"))
    for key in keys:
        blocks.append(_text(italian[key].format(**filled)))
        if other.code != BASE:
            text = _say(other.texts, key, filled, is_rtl=other.direction == "rtl")
            blocks.append({"kind": "foreign", "text": text, "lang": other.code, "direction": other.direction})
    if tenancy.house_rules:
        blocks.append({"kind": "facts", "title": italian["rules"], "rows": []})
        blocks.append(_text(tenancy.house_rules.text))
    return {**_frame(italian["letter_title"], subject), "blocks": blocks}


LETTERS: dict[str, Callable[[Subject], Block]] = {
    "comunicazione": communication_data,
    "consegna": hand_over_data,
    "amministratore": condominium_data,
    "tari": waste_tax_data,
    "utenze": utilities_data,
}
