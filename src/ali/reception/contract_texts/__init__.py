"""Reading ANAC's free text: is it reception, of which kind, how many places, where, who runs it, from when to when.

Every value comes with a confidence and the words it came from; what is not clear is left to a person.
"""

from ali.reception.contract_texts.municipalities import Gazetteer, Mention, Municipality
from ali.reception.contract_texts.reading import ContractReader, ContractReading, read_contracts, report

__all__ = [
    "ContractReader",
    "ContractReading",
    "Gazetteer",
    "Mention",
    "Municipality",
    "read_contracts",
    "report",
]
