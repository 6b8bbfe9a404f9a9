"""Files as banks write them, invented: CAMT.053 of two versions, a CBI RH flow, a table."""

from datetime import date

CAMT_V2 = b"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt>
 <Acct><Id><IBAN>IT60X0542811101000000123456</IBAN></Id></Acct>
 <Ntry><Amt Ccy="EUR">315.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
  <BookgDt><Dt>2026-02-03</Dt></BookgDt><ValDt><Dt>2026-02-04</Dt></ValDt><AcctSvcrRef>REF0001</AcctSvcrRef>
  <NtryDtls><TxDtls><RltdPties><Dbtr><Nm>AWA  DIALLO</Nm></Dbtr>
   <DbtrAcct><Id><IBAN>IT40S0542811101000000654321</IBAN></Id></DbtrAcct></RltdPties>
   <RmtInf><Ustrd>affitto</Ustrd><Ustrd>febbraio 2026</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
 <Ntry><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
  <BookgDt><Dt>2026-02-05</Dt></BookgDt><AcctSvcrRef>REF0002</AcctSvcrRef><AddtlNtryInf>commissioni</AddtlNtryInf></Ntry>
 <Ntry><Amt Ccy="EUR">99.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-02-06</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""

CAMT_V8 = b"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
 <Ntry><Amt Ccy="EUR">500.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
  <BookgDt><DtTm>2026-02-07T10:00:00</DtTm></BookgDt><AcctSvcrRef>LOT9</AcctSvcrRef>
  <NtryDtls>
   <TxDtls><Amt Ccy="EUR">200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Sara Bianchi</Nm></Pty></Dbtr></RltdPties></TxDtls>
   <TxDtls><Amt Ccy="EUR">300.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Omar Haidari</Nm></Pty></Dbtr></RltdPties></TxDtls>
  </NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""

WITH_ENTITY = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><Document><BkToCstmrStmt>&lol;</BkToCstmrStmt></Document>"""

CSV = (
    b"Estratto conto;;;\n"
    b"Data contabile;Data valuta;Dare;Avere;Descrizione;Ordinante\n"
    b"03/02/2026;04/02/2026;;315,00;affitto febbraio;Awa Diallo\n"
    b"05/02/2026;05/02/2026;12,50;;commissioni;\n"
    b"06/02/2026;06/02/2026;;1.200,00;quota;Omar Haidari\n"
    b"07/02/2026;07/02/2026;;tanto;boh;X\n"
)


def record(*pieces: tuple[int, str]) -> str:
    """A record of 120 characters: each piece begins at its position, counted from one."""
    line = [" "] * 120
    for first, text in pieces:
        line[first - 1 : first - 1 + len(text)] = text
    return "".join(line)[:120]


def movement(
    number: int, day: date, sign: str, amount: str, description: str = "", reference: str = ""
) -> str:
    compact = f"{day:%d%m%y}"
    return record(
        (2, "62"),
        (4, f"{1:07d}"),
        (11, f"{number:03d}"),
        (14, compact),
        (20, compact),
        (26, sign),
        (27, amount.rjust(15, "0")),
        (42, "48"),
        (62, reference),
        (87, description),
    )


def more(number: int, flag: str, *pieces: tuple[int, str]) -> str:
    return record((2, "63"), (4, f"{1:07d}"), (11, f"{number:03d}"), (14, flag), *pieces)


CBI = "\r\n".join(
    [
        record((2, "RH"), (4, "05428"), (9, "ABCDE"), (14, "030226")),
        record((2, "61"), (4, f"{1:07d}"), (47, "05428"), (52, "11101"), (57, "000000123456"), (69, "EUR")),
        movement(1, date(2026, 2, 3), "C", "315,00", "BONIFICO", "REF0001"),
        more(1, "YYY", (17, "030226"), (41, "DIALLO AWA"), (81, "PADOVA")),
        more(1, "YY2", (17, "VIA ROMA 1"), (67, "IT40S0542811101000000654321")),
        more(1, "RI1", (17, "AFFITTO FEBBRAIO 2026")),
        movement(2, date(2026, 2, 5), "D", "12,50", "COMMISSIONI", "REF0002"),
        movement(3, date(2026, 2, 6), "C", "1200,00", "VERSAMENTO", "REF0003"),
        more(3, "", (14, "QUOTA DI OMAR HAIDARI")),
        record((2, "64"), (4, f"{1:07d}"), (11, "EUR")),
        record((2, "EF"), (4, "05428")),
    ]
).encode("latin-1")
