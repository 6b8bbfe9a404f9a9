"""CAMT.053 (ISO 20022): the bank's statement in XML, of any version; entities and external references are refused."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from ali.core.money import CENT
from ali.imports.files import Limits, SourceTable, UnreadableFile
from ali.imports.findings import marked as _
from ali.rents.bank.lines import Line, table_of


def read_camt(content: bytes, limits: Limits) -> SourceTable:
    """Return the booked movements of a CAMT.053; raises `UnreadableFile`."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as problem:
        raise UnreadableFile(
            _("Il file XML contiene definizioni che una banca non scrive: scaricalo di nuovo dalla banca.")
        ) from problem
    except (ParseError, ValueError, LookupError) as problem:
        raise UnreadableFile(
            _("Il file XML è incompleto o rovinato: scaricalo di nuovo dalla banca.")
        ) from problem
    if not _all(root, "BkToCstmrStmt"):
        raise UnreadableFile(
            _("Il file XML non è un estratto conto CAMT.053: chiedi alla banca quel formato.")
        )
    return table_of(_lines(root), content, limits, encoding="utf-8")


def _name(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _all(element: Element, name: str) -> list[Element]:
    return [child for child in element.iter() if _name(child) == name]


def _find(element: Element | None, *path: str) -> Element | None:
    """Return the element at `path`, whatever namespace it is in."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if _name(child) == name), None)
    return element


def _text(element: Element | None, *path: str) -> str:
    found = _find(element, *path)
    return " ".join((found.text or "").split()) if found is not None else ""


def _lines(root: Element) -> Iterator[Line]:
    for entry in _all(root, "Ntry"):
        if (_text(entry, "Sts", "Cd") or _text(entry, "Sts")) not in {"BOOK", ""}:
            continue
        details = [
            one for group in entry if _name(group) == "NtryDtls" for one in group if _name(one) == "TxDtls"
        ]
        amounts = [_amount_of(one) for one in details]
        if len(details) > 1 and all(one is not None for one in amounts):
            # One entry for many transfers: each is somebody's.
            for place, detail in enumerate(details):
                yield _line(entry, detail, amounts[place], place)
        else:
            yield _line(entry, details[0] if details else None, None, 0)


def _amount_of(detail: Element) -> Element | None:
    return (
        _find(detail, "Amt") if _find(detail, "Amt") is not None else _find(detail, "AmtDtls", "TxAmt", "Amt")
    )


def _line(entry: Element, detail: Element | None, amount: Element | None, place: int) -> Line:
    written = amount if amount is not None else _find(entry, "Amt")
    sign = _text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    is_credit = (sign == "CRDT") is (_text(entry, "RvslInd") != "true")
    reference = _text(entry, "AcctSvcrRef") or _text(detail, "Refs", "AcctSvcrRef") or _text(entry, "NtryRef")
    return Line(
        booked_on=_day(entry, "BookgDt"),
        value_on=_day(entry, "ValDt"),
        amount=_signed((written.text or "") if written is not None else "", is_credit=is_credit),
        currency=written.get("Ccy", "EUR") if written is not None else "EUR",
        payer_name=_payer(detail),
        payer_iban=_text(detail, "RltdPties", "DbtrAcct", "Id", "IBAN"),
        cause=_cause(entry, detail),
        reference=f"{reference}/{place}" if reference and place else reference,
    )


def _day(entry: Element, name: str) -> str:
    return _text(entry, name, "Dt") or _text(entry, name, "DtTm")[:10]


def _signed(text: str, *, is_credit: bool) -> str:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return text
    if amount != amount.quantize(CENT):
        return text
    return f"{amount if is_credit else -amount:.2f}"


def _payer(detail: Element | None) -> str:
    parties = _find(detail, "RltdPties")
    return (
        _text(parties, "Dbtr", "Nm")
        or _text(parties, "Dbtr", "Pty", "Nm")
        or _text(parties, "UltmtDbtr", "Nm")
        or _text(parties, "UltmtDbtr", "Pty", "Nm")
    )


def _cause(entry: Element, detail: Element | None) -> str:
    remittance = _find(detail, "RmtInf")
    parts = (
        []
        if remittance is None
        else [" ".join((one.text or "").split()) for one in _all(remittance, "Ustrd")]
    )
    if remittance is not None:
        parts += [" ".join((one.text or "").split()) for one in _all(remittance, "Ref")]
    said = " ".join(part for part in parts if part)
    return said or _text(detail, "AddtlTxInf") or _text(entry, "AddtlNtryInf")
