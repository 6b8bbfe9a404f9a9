"""From one cell to one value, as people really write them.

Every parser answers with a value (or none) and Italian findings; none guesses in silence, none raises.
"""

from ali.imports.parsing.countries import STATELESS, Countries, Country, parse_countries, parse_country
from ali.imports.parsing.dates import (
    MONTHS,
    DayOrder,
    PartialDate,
    Precision,
    day_order,
    parse_birth_date,
    parse_date,
    shown,
)
from ali.imports.parsing.identifiers import (
    FiscalCode,
    parse_cui,
    parse_fiscal_code,
    parse_identifier,
    parse_phone,
    parse_vestanet,
)
from ali.imports.parsing.names import FullName, parse_full_name, parse_name
from ali.imports.parsing.terms import (
    parse_boolean,
    parse_decision,
    parse_integer,
    parse_permit_state,
    parse_permit_type,
    parse_procedure_state,
    parse_sex,
)
from ali.imports.parsing.text import Cell, Parsed, folded, is_blank, parse_text

__all__ = [
    "MONTHS",
    "STATELESS",
    "Cell",
    "Countries",
    "Country",
    "DayOrder",
    "FiscalCode",
    "FullName",
    "Parsed",
    "PartialDate",
    "Precision",
    "day_order",
    "folded",
    "is_blank",
    "parse_birth_date",
    "parse_boolean",
    "parse_countries",
    "parse_country",
    "parse_cui",
    "parse_date",
    "parse_decision",
    "parse_fiscal_code",
    "parse_full_name",
    "parse_identifier",
    "parse_integer",
    "parse_name",
    "parse_permit_state",
    "parse_permit_type",
    "parse_phone",
    "parse_procedure_state",
    "parse_sex",
    "parse_text",
    "parse_vestanet",
    "shown",
]
