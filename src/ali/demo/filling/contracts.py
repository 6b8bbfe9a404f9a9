"""The real reception contracts that ship with the product, as the parser reads them: the only real names here."""

from pathlib import Path

from ali import reception
from ali.demo.filling.rows import write
from ali.places.models import Municipality
from ali.reception.contract_texts import ContractReading, read_contracts
from ali.reception.contract_texts import Municipality as Listed
from ali.reception.models import Contract

FILE = Path(reception.__file__).parent / "data" / "contracts_pd_vi_ro_re_bs.csv"


def add_contracts() -> int:
    """Write the contracts that are about reception; those that are not clear wait for a person to confirm them."""
    listed = [
        Listed(name, istat, province, region)
        for name, istat, province, region in Municipality.objects.filter(is_current=True)
        .order_by("pk")
        .values_list("name", "istat", "province_id", "province__region")
    ]
    readings = [
        one for one in read_contracts(FILE, listed) if one.is_reception and one.status in {"ok", "doubtful"}
    ]
    rows = write([_contract(one) for one in readings])
    links = Contract.municipalities.through
    write(
        [
            links(contract_id=row.pk, municipality_id=mention.municipality.istat)
            for row, reading in zip(rows, readings, strict=True)
            for mention in reading.municipalities
        ]
    )
    return len(rows)


def _contract(reading: ContractReading) -> Contract:
    return Contract(
        cig=reading.cig,
        subject=reading.subject,
        province_id=reading.province,
        buyer=reading.buyer[:200],
        manager_name=reading.manager or "",
        kind=reading.kind or "",
        places=reading.places,
        starts_on=reading.start,
        ends_on=reading.end,
        published_on=reading.published_on,
        reading=reading.status,
        confidence=reading.confidence,
        evidence=reading.evidence,
    )
