"""One row of a guest list, of a prefecture or a manager, into a guest: any field may be missing, none is guessed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final, TypeVar

from ali.imports.columns import ColumnMapping, Target
from ali.imports.findings import Finding, Level, ask, error, has_errors, note, warning
from ali.imports.findings import marked as _
from ali.imports.parsing import (
    Cell,
    Countries,
    Parsed,
    PartialDate,
    Precision,
    is_blank,
    parse_birth_date,
    parse_countries,
    parse_country,
    parse_cui,
    parse_date,
    parse_decision,
    parse_fiscal_code,
    parse_full_name,
    parse_identifier,
    parse_name,
    parse_permit_state,
    parse_permit_type,
    parse_phone,
    parse_procedure_state,
    parse_sex,
    parse_text,
    parse_vestanet,
    shown,
)

T = TypeVar("T")

GUEST_TARGETS: Final = (
    Target("centre", _("Centro"), ("struttura", "centro di accoglienza", "cas", "nome struttura", "nome centro", "denominazione centro", "denominazione struttura", "sede", "struttura ospitante", "struttura_nome", "centro/struttura", "alloggio")),
    Target("centre_code", _("Codice centro"), ("codice struttura", "struttura_codice", "cod struttura", "cod centro", "id struttura")),
    Target("full_name", _("Cognome e nome"), ("nominativo", "nome e cognome", "cognome nome", "ospite", "nome completo", "generalità", "beneficiario")),
    Target("surname", _("Cognome"), ("cognome ospite", "surname", "last name", "family name", "cognomi", "cognome/i")),
    Target("given_names", _("Nome"), ("nome ospite", "nomi", "given name", "first name", "nome/i", "nome di battesimo")),
    Target("alias", _("Alias"), ("altri nomi", "altro nome", "alias/altri nomi", "aka")),
    Target("sex", _("Sesso"), ("genere", "m/f", "sex", "gender", "sesso (m/f)", "sesso m/f")),
    Target("birth_date", _("Data di nascita"), ("nascita", "nato il", "nata il", "nato/a il", "data nascita", "data_nascita", "d. nascita", "date of birth", "data di nasc.", "ddn", "data nasc")),
    Target("birth_place", _("Luogo di nascita"), ("nato a", "nata a", "nato/a a", "città di nascita", "luogo nascita", "località di nascita")),
    Target("birth_country", _("Stato di nascita"), ("paese di nascita", "nazione di nascita", "stato nascita", "paese nascita")),
    Target("citizenship", _("Cittadinanza"), ("nazionalità", "nazione", "paese", "stato", "paese di origine", "paese d'origine", "citizenship", "nationality", "cittadinanza_iso3", "naz", "cittad.", "nazionalita dichiarata", "paese di provenienza")),
    Target("fiscal_code", _("Codice fiscale"), ("cf", "c.f.", "cod. fiscale", "cod fiscale", "codice_fiscale", "c. fiscale", "codicefiscale")),
    Target("cui", _("CUI"), ("codice cui", "c.u.i.", "codice unico identificativo", "cod. cui", "n. cui")),
    Target("vestanet", _("Vestanet"), ("n. vestanet", "numero vestanet", "codice vestanet", "c3", "n. c3", "numero c3", "vestanet / c3", "id vestanet", "vestanet c3", "pratica vestanet")),
    Target("sga", _("Codice SGA"), ("sga", "id sga", "id_sga", "cod. sga", "n. sga")),
    Target("permit_number", _("Numero del permesso"), ("n. permesso", "numero permesso", "n. pds", "numero pds", "n. permesso di soggiorno", "numero titolo")),
    Target("arrived_on", _("Arrivo in Italia"), ("data arrivo in italia", "ingresso in italia", "data ingresso in italia", "sbarco", "data sbarco", "data di sbarco", "arrivato in italia il")),
    Target("entered_on", _("Ingresso nel centro"), ("data ingresso", "data di ingresso", "ingresso", "data inserimento", "data entrata", "entrata", "data_ingresso", "ingresso in struttura", "data ingresso in struttura", "data accoglienza", "accolto dal", "data ingresso cas", "presente dal", "data di inserimento", "data ingresso centro", "inizio accoglienza", "data inizio accoglienza")),
    Target("present_on", _("Presente il"), ("data presenza", "presenza al", "presenza del", "giorno", "rilevazione", "data rilevazione", "ultima presenza")),
    Target("left_on", _("Uscita dal centro"), ("data uscita", "data di uscita", "uscita", "data_uscita", "fine accoglienza", "dimesso il", "data dimissione", "data fine accoglienza")),
    Target("procedure_state", _("Stato della procedura"), ("stato procedura", "procedura", "status", "stato giuridico", "status giuridico", "status_giuridico", "posizione giuridica", "stato pratica", "iter", "situazione giuridica", "fase procedura", "stato domanda", "condizione giuridica")),
    Target("outcome", _("Esito"), ("decisione", "esito commissione", "esito ct", "decisione commissione", "esito audizione", "esito decisione", "decisione ct", "esito della commissione", "tipo di protezione", "protezione")),
    Target("heard_on", _("Data audizione"), ("audizione", "data di audizione", "data audizione ct", "audito il")),
    Target("decided_on", _("Data decisione"), ("data della decisione", "data esito", "data decisione ct", "deciso il", "data decisione commissione")),
    Target("notified_on", _("Data notifica"), ("notifica", "data di notifica", "data notifica esito", "data notifica decisione", "notificato il", "notifica esito", "notifica decisione", "data notifica provvedimento")),
    Target("permit_kind", _("Tipo di permesso"), ("tipo permesso", "permesso di soggiorno", "permesso", "titolo di soggiorno", "tipo pds", "pds", "tipologia permesso", "motivo permesso", "motivo del permesso", "tipo titolo", "titolo")),
    Target("permit_state", _("Stato del permesso"), ("stato permesso", "stato pds", "stato titolo", "stato del titolo", "stato permesso di soggiorno", "rilascio permesso", "situazione pds")),
    Target("permit_issued_on", _("Rilascio del permesso"), ("data rilascio", "data rilascio permesso", "rilasciato il", "data rilascio pds", "data di rilascio")),
    Target("permit_delivered_on", _("Consegna del permesso"), ("data consegna", "consegnato il", "data consegna permesso", "data ritiro", "data ritiro pds", "ritirato il")),
    Target("permit_expires_on", _("Scadenza del permesso"), ("scadenza permesso", "scadenza", "scadenza pds", "data scadenza", "data scadenza permesso", "scade il", "scadenza titolo", "pds scadenza", "valido fino al", "data scadenza pds")),
    Target("household_code", _("Nucleo"), ("nucleo familiare", "codice nucleo", "n. nucleo", "id nucleo", "famiglia", "nucleo fam.", "cod. nucleo", "cod nucleo", "numero nucleo", "household")),
    Target("relation", _("Parentela"), ("relazione", "grado di parentela", "rapporto", "ruolo nel nucleo", "rel. parentela")),
    Target("phone", _("Telefono"), ("cellulare", "tel", "tel.", "recapito telefonico", "recapito", "numero di telefono", "cell.", "n. telefono")),
)  # fmt: skip


@dataclass(slots=True)
class GuestRow:
    """What a row says about one guest; empty where it says nothing. Countries are codes of the caller's index."""

    row: int = 0
    centre: str = ""
    centre_code: str = ""
    surname: str = ""
    given_names: str = ""
    alias: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_precision: str = ""
    birth_place: str = ""
    birth_country: str = ""
    citizenships: tuple[str, ...] = ()
    fiscal_code: str = ""
    fiscal_code_kind: str = ""
    cui: str = ""
    vestanet: str = ""
    sga: str = ""
    permit_number: str = ""
    arrived_on: date | None = None
    entered_on: date | None = None
    present_on: date | None = None
    left_on: date | None = None
    procedure_state: str = ""
    outcome: str = ""
    heard_on: date | None = None
    decided_on: date | None = None
    notified_on: date | None = None
    permit_kind: str = ""
    permit_state: str = ""
    permit_issued_on: date | None = None
    permit_delivered_on: date | None = None
    permit_expires_on: date | None = None
    household_code: str = ""
    relation: str = ""
    phone: str = ""
    messages: list[Finding] = field(default_factory=list)

    @property
    def status(self) -> str:
        """`error` stops the row, `doubtful` waits for a person, `ok` may be applied."""
        if has_errors(self.messages):
            return "error"
        return "doubtful" if any(message.level is Level.ASK for message in self.messages) else "ok"

    @property
    def natural_key(self) -> str:
        """What makes two rows the same guest: the strongest identifier, or the names with the birth date."""
        for name in ("sga", "cui", "vestanet", "fiscal_code"):
            if value := getattr(self, name):
                return f"{name}:{value}"
        born = self.birth_date.isoformat() if self.birth_date else ""
        return f"name:{self.surname.casefold()}|{self.given_names.casefold()}|{born}"

    def as_json(self, mapping: ColumnMapping | None = None) -> dict[str, object]:
        """The row as it is staged and printed: ISO dates, nulls for what is missing, messages with their column."""
        names = [item.name for item in fields(self) if item.name not in {"row", "messages"}]
        columns = mapping.columns if mapping else {}
        return {
            "row": self.row,
            "status": self.status,
            "fields": {name: _json_value(getattr(self, name)) for name in names},
            "messages": [
                {**message.as_json(), "column": columns.get(message.field, "")} for message in self.messages
            ],
        }


def _json_value(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else (value or None)


def parse_guest_row(
    cells: Mapping[str, Cell],
    *,
    mapping: ColumnMapping,
    countries: Countries,
    today: date,
    row: int = 0,
) -> GuestRow:
    """The guest in a row of cells by column name, with every doubt as a message."""
    reader = _Reader(cells, mapping, GuestRow(row=row))
    _read_place(reader)
    _read_names(reader)
    _read_birth(reader, countries, today)
    _read_identifiers(reader, countries)
    _read_stay(reader, today)
    _read_case(reader, today)
    _read_permit(reader, today)
    guest = reader.guest
    guest.messages += _contradictions(guest, today)
    return guest


@dataclass(slots=True)
class _Reader:
    """The cells of one row and the guest that they fill."""

    cells: Mapping[str, Cell]
    mapping: ColumnMapping
    guest: GuestRow

    def cell(self, field: str) -> Cell:
        column = self.mapping.columns.get(field)
        return self.cells.get(column, "") if column else ""

    def read(self, field: str, parser: Callable[[Cell], Parsed[T]]) -> T | None:
        """The parsed cell of a field; what the parser found joins the messages."""
        parsed = parser(self.cell(field)).about(field)
        self.guest.messages += parsed.findings
        return parsed.value

    def date(self, field: str, *, latest: date | None = None) -> date | None:
        """A whole date; a month or a year alone is not enough for what happened."""
        read = self.read(field, lambda cell: parse_date(cell, earliest=date(1980, 1, 1), latest=latest))
        if read is None:
            return None
        if read.precision is not Precision.DAY:
            self.guest.messages.append(
                warning(_("La data è incompleta: serve anche il giorno. Non è stata tenuta."), field)
            )
            return None
        return read.on


def _read_place(reader: _Reader) -> None:
    guest = reader.guest
    guest.centre = reader.read("centre", parse_text) or ""
    guest.centre_code = reader.read("centre_code", parse_identifier) or ""
    guest.household_code = reader.read("household_code", parse_identifier) or ""
    guest.relation = reader.read("relation", parse_text) or ""
    guest.phone = reader.read("phone", parse_phone) or ""


def _read_names(reader: _Reader) -> None:
    guest = reader.guest
    guest.surname = reader.read("surname", _name) or ""
    guest.given_names = reader.read("given_names", _name) or ""
    guest.alias = reader.read("alias", parse_name) or ""
    if guest.surname or guest.given_names:
        return
    if whole := reader.read("full_name", parse_full_name):
        guest.surname, guest.given_names = whole.surname, whole.given_name


def _name(value: Cell) -> Parsed[str]:
    return parse_name(value, longest=120)


def _read_birth(reader: _Reader, countries: Countries, today: date) -> None:
    guest = reader.guest
    born: PartialDate | None = reader.read("birth_date", lambda cell: parse_birth_date(cell, today=today))
    if born:
        guest.birth_date = born.on
        guest.birth_precision = "estimated" if born.precision is Precision.MONTH else born.precision.value
    guest.birth_place = reader.read("birth_place", parse_text) or ""
    if country := reader.read("birth_country", lambda cell: parse_country(cell, countries)):
        guest.birth_country = country.code
    held = reader.read("citizenship", lambda cell: parse_countries(cell, countries)) or ()
    guest.citizenships = tuple(country.code for country in held)
    sex = reader.read("sex", parse_sex) or ""
    if sex == "X":
        guest.messages.append(note(_("Il sesso indicato non è M né F: resta vuoto."), "sex"))
    guest.sex = sex if sex in {"M", "F"} else ""


def _read_identifiers(reader: _Reader, countries: Countries) -> None:
    guest = reader.guest
    country = countries.get(guest.birth_country) if guest.birth_country else None
    exact = guest.birth_date if guest.birth_precision == "day" else None
    code = reader.read(
        "fiscal_code",
        lambda cell: parse_fiscal_code(
            cell, sex=guest.sex, birth_date=exact, birth_place=country.cadastral if country else ""
        ),
    )
    if code:
        guest.fiscal_code, guest.fiscal_code_kind = code.code, code.kind
    guest.cui = reader.read("cui", parse_cui) or ""
    guest.vestanet = reader.read("vestanet", parse_vestanet) or ""
    guest.sga = reader.read("sga", parse_identifier) or ""
    guest.permit_number = reader.read("permit_number", parse_identifier) or ""


def _read_stay(reader: _Reader, today: date) -> None:
    guest = reader.guest
    guest.arrived_on = reader.date("arrived_on", latest=today)
    guest.entered_on = reader.date("entered_on", latest=today)
    guest.present_on = reader.date("present_on", latest=today)
    guest.left_on = reader.date("left_on")


def _read_case(reader: _Reader, today: date) -> None:
    guest = reader.guest
    outcome = reader.read("outcome", parse_decision) or ""
    guest.outcome = "" if outcome == "pending" else outcome
    guest.heard_on = reader.date("heard_on")
    guest.decided_on = reader.date("decided_on", latest=today)
    guest.notified_on = reader.date("notified_on", latest=today)
    guest.procedure_state = _procedure_state(reader)


def _procedure_state(reader: _Reader) -> str:
    """The state as written; many lists write the outcome there, which is then both."""
    cell = reader.cell("procedure_state")
    state = parse_procedure_state(cell)
    guest = reader.guest
    if state.value is None and not is_blank(cell):
        decision = parse_decision(cell)
        if decision.value and decision.value != "pending":
            if guest.outcome and guest.outcome != decision.value:
                guest.messages.append(
                    ask(
                        _("Lo stato della procedura e l'esito non dicono la stessa cosa: quale è giusto?"),
                        "outcome",
                    )
                )
            guest.outcome = guest.outcome or decision.value
            state = Parsed("notified" if guest.notified_on else "decided")
    guest.messages += state.about("procedure_state").findings
    if not state.value and guest.outcome and is_blank(cell):
        return "notified" if guest.notified_on else "decided"
    return state.value or ""


def _read_permit(reader: _Reader, today: date) -> None:
    guest = reader.guest
    guest.permit_issued_on = reader.date("permit_issued_on", latest=today)
    guest.permit_delivered_on = reader.date("permit_delivered_on", latest=today)
    guest.permit_expires_on = reader.date("permit_expires_on")
    state = reader.read("permit_state", parse_permit_state) or ""
    guest.permit_state = "" if state == "none" else state
    kind = reader.read("permit_kind", parse_permit_type) or ""
    guest.permit_kind = _with_regime(kind, guest)


# Which law a special protection or a «casi speciali» permit falls under follows from its date (domain 2.1).
_REGIMES: Final = ((date(2023, 3, 11), "PSP23"), (date(2020, 10, 22), "PSP20"), (date(2018, 10, 5), "PSP18"))


def _with_regime(kind: str, guest: GuestRow) -> str:
    if kind == "CS":
        guest.messages.append(
            ask(_("«Casi speciali» di quale articolo? Letto art. 1 comma 9."), "permit_kind")
        )
        return "CS9"
    if kind != "PSP":
        return kind
    day = guest.permit_issued_on or guest.decided_on
    if day is None:
        guest.messages.append(
            ask(
                _("Protezione speciale senza data: letta con le regole dal 2023, da confermare."),
                "permit_kind",
            )
        )
        return "PSP23"
    return next((code for since, code in _REGIMES if day >= since), "PSP18")


def _contradictions(guest: GuestRow, today: date) -> Iterator[Finding]:
    """What cannot be true together."""
    if not (guest.surname or guest.given_names):
        yield error(_("Manca il nome: la riga non dice chi è la persona."), "surname")
    yield from _wrong_order(guest)
    if guest.left_on and guest.left_on > today:
        yield note(_("L'uscita è nel futuro: è tenuta come data prevista."), "left_on")
    expires = guest.permit_expires_on
    if expires and expires < today and guest.permit_state == "delivered":
        yield warning(
            _("Il permesso risulta consegnato ma è scaduto il %(date)s."),
            "permit_expires_on",
            date=shown(expires),
        )
    if guest.birth_date and not guest.household_code and _age(guest.birth_date, today) < 18:
        yield warning(_("È minorenne e non ha un nucleo: controlla se è solo."), "household_code")


_ORDER: Final = (
    ("birth_date", "arrived_on", _("L'arrivo in Italia (%(later)s) è prima della nascita (%(earlier)s).")),
    ("birth_date", "entered_on", _("L'ingresso nel centro (%(later)s) è prima della nascita (%(earlier)s).")),
    ("arrived_on", "entered_on", _("L'ingresso nel centro (%(later)s) è prima dell'arrivo in Italia (%(earlier)s).")),
    ("entered_on", "present_on", _("La presenza (%(later)s) è prima dell'ingresso nel centro (%(earlier)s).")),
    ("arrived_on", "present_on", _("La presenza (%(later)s) è prima dell'arrivo in Italia (%(earlier)s).")),
    ("entered_on", "left_on", _("L'uscita (%(later)s) è prima dell'ingresso nel centro (%(earlier)s).")),
    ("heard_on", "decided_on", _("La decisione (%(later)s) è prima dell'audizione (%(earlier)s).")),
    ("decided_on", "notified_on", _("La notifica (%(later)s) è prima della decisione (%(earlier)s).")),
    ("permit_issued_on", "permit_delivered_on", _("La consegna del permesso (%(later)s) è prima del rilascio (%(earlier)s).")),
    ("permit_issued_on", "permit_expires_on", _("La scadenza del permesso (%(later)s) è prima del rilascio (%(earlier)s).")),
)  # fmt: skip


def _wrong_order(guest: GuestRow) -> Iterator[Finding]:
    for first, second, sentence in _ORDER:
        earlier, later = getattr(guest, first), getattr(guest, second)
        if first == "birth_date" and guest.birth_precision != "day":
            continue
        if earlier and later and later < earlier:
            yield error(sentence, second, earlier=shown(earlier), later=shown(later))


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
