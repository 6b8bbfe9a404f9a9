"""States and citizenships by any name an office uses."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz, process

from ali.imports.findings import Finding, ask, error, warning
from ali.imports.findings import marked as _
from ali.imports.parsing.text import Cell, Parsed, folded, is_blank


@dataclass(frozen=True, slots=True)
class Country:
    """A state as the importer needs it; `code` is whatever the caller stores."""

    code: str
    name_it: str
    name_en: str = ""
    iso2: str = ""
    iso3: str = ""
    istat: str = ""
    cadastral: str = ""


STATELESS: Final = Country(code="XXA", name_it="Apolide", name_en="Stateless", iso3="XXA", istat="999")

# Names that offices write, by ISO code; citizenships are matched on the masculine and the feminine.
_OTHER_NAMES: Final[Mapping[str, str]] = {
    "AFG": "afgano|afgana|afghano|afghana",
    "ALB": "albanese",
    "DZA": "algerino|algerina",
    "AGO": "angolano|angolana",
    "ARG": "argentino|argentina",
    "ARM": "armeno|armena",
    "AZE": "azerbaigiano|azero|azera|azerbaijan",
    "BGD": "bangladese|bengalese|bangla desh|bangladeshi|banglades",
    "BLR": "bielorusso|bielorussa|belarus|belorussia",
    "BEN": "beninese",
    "BIH": "bosniaco|bosniaca|bosnia|bosnia erzegovina|bosnia ed erzegovina",
    "BRA": "brasiliano|brasiliana|brazil",
    "BFA": "burkinabe|burkina|burkina fasso|burkina fasu",
    "BDI": "burundese",
    "CMR": "camerunense|camerounense|camerun|camerum|cameroun|cameroon|camerunese",
    "CAF": "centrafricano|centrafricana|centrafrica|rep centrafricana|repubblica centroafricana",
    "TCD": "ciadiano|ciadiana|chad|tchad",
    "CHN": "cinese|cina popolare|rep popolare cinese|repubblica popolare cinese",
    "COL": "colombiano|colombiana",
    "COD": "rdc|rd congo|r d congo|congo rd|congo kinshasa|rep dem congo|rep democratica del congo|drc|zaire|congo rep democratica|repubblica democratica congo",
    "COG": "congolese|congo brazzaville|repubblica del congo|rep del congo",
    "CIV": "ivoriano|ivoriana|costa avorio|costa d avorio|ivory coast|cote d ivoire|costa di avorio",
    "CUB": "cubano|cubana",
    "EGY": "egiziano|egiziana|egipt",
    "SLV": "salvadoregno|salvadoregna|salvador",
    "ERI": "eritreo|eritrea",
    "ETH": "etiope|etiopi",
    "RUS": "russo|russa|russia",
    "PHL": "filippino|filippina",
    "GMB": "gambiano|gambiana|the gambia|il gambia|gambya",
    "GEO": "georgiano|georgiana",
    "GHA": "ghanese|ganese|gana",
    "GIN": "guineano|guineana|guinea conakry|guinea konakry|rep guinea|repubblica di guinea|guinee",
    "GNB": "guinea bissau|guineano di bissau|guinea bissao",
    "GNQ": "guinea eq",
    "HTI": "haitiano|haitiana",
    "IND": "indiano|indiana",
    "IRQ": "iracheno|irachena|irak",
    "IRN": "iraniano|iraniana|repubblica islamica dell iran",
    "KOS": "xkx|xk|kosovaro|kosovara|cossovo|kossovo",
    "KEN": "keniano|keniana|keniota|kenia",
    "LBN": "libanese",
    "LBR": "liberiano|liberiana",
    "LBY": "libico|libica|libya",
    "MLI": "maliano|maliana",
    "MAR": "marocchino|marocchina|maroc",
    "MRT": "mauritano|mauritana",
    "MDA": "moldavo|moldava|moldavia",
    "MMR": "birmano|birmana|birmania|myanmar|burma",
    "NPL": "nepalese",
    "NER": "nigerino|nigerina",
    "NGA": "nigeriano|nigeriana",
    "PAK": "pakistano|pakistana|pachistano|pachistana|pakistan rep islamica",
    "PSE": "palestinese|territori palestinesi|palestina territori|gaza|cisgiordania",
    "PER": "peruviano|peruviana",
    "CZE": "repubblica ceca|ceco|ceca|cechia",
    "DOM": "dominicano|dominicana|santo domingo|rep dominicana",
    "ROU": "rumeno|rumena|romeno|romena",
    "RWA": "ruandese|rwanda",
    "SEN": "senegalese",
    "SRB": "serbo|serba",
    "SLE": "sierraleonese|sierra leonese|sierraleone",
    "SYR": "siriano|siriana|siria repubblica araba|syria",
    "SOM": "somalo|somala",
    "LKA": "srilankese|cingalese|srilanka|ceylon",
    "SDN": "sudanese",
    "SSD": "sudsudanese|sud sudanese|sudan del sud|south sudan",
    "TZA": "tanzaniano|tanzaniana",
    "TGO": "togolese",
    "TUN": "tunisino|tunisina",
    "TUR": "turco|turca|turkiye|turkey",
    "UKR": "ucraino|ucraina|ukraina",
    "UGA": "ugandese",
    "GBR": "inglese|britannico|britannica|gran bretagna|inghilterra|uk|gb|england",
    "USA": "statunitense|stati uniti|usa|americano|americana",
    "VEN": "venezuelano|venezuelana",
    "VNM": "vietnamita",
    "YEM": "yemenita",
    "MKD": "macedone|macedonia|fyrom",
    "ZMB": "zambiano|zambiana",
    "ITA": "italiano|italiana",
}
_STATELESS_WORDS: Final = frozenset(
    {"apolide", "apolidi", "stateless", "apatride", "senza cittadinanza", "999", "xxa"}
)
_MORE_THAN_ONE: Final = {
    "congo": _("«%(text)s» può essere il Congo oppure la Repubblica Democratica del Congo: quale?"),
    "corea": _("«%(text)s» può essere la Corea del Sud oppure la Corea del Nord: quale?"),
}
_NO_LONGER_A_STATE: Final = _("«%(text)s» non basta: è uno Stato che non esiste più.")
_DOUBTFUL_NAMES: Final[Mapping[str, str]] = _MORE_THAN_ONE | {
    "africa": _("«%(text)s» non basta: è un continente, non uno Stato."),
    "jugoslavia": _NO_LONGER_A_STATE,
    "ex jugoslavia": _NO_LONGER_A_STATE,
    "urss": _NO_LONGER_A_STATE,
    "cecoslovacchia": _NO_LONGER_A_STATE,
}


@dataclass(slots=True)
class Countries:
    """An index of states by every name and code that a file may use."""

    listed: Sequence[Country]
    _by_key: dict[str, Country] = field(default_factory=dict)
    _names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        by_iso3 = {country.iso3: country for country in self.listed if country.iso3}
        for country in self.listed:
            for name in (
                country.name_it,
                country.name_en,
                *country.name_it.split("/"),
                *country.name_en.split("/"),
            ):
                self._remember(name, country, is_name=True)
            for code in (country.iso2, country.iso3, country.istat, country.cadastral):
                self._remember(code, country, is_name=False)
        for iso3, names in _OTHER_NAMES.items():
            if iso3 in by_iso3:
                for name in names.split("|"):
                    self._remember(name, by_iso3[iso3], is_name=True)
        stateless = next((state for state in self.listed if state.istat == "999"), STATELESS)
        for word in _STATELESS_WORDS:
            self._by_key[word] = stateless

    def _remember(self, text: str, country: Country, *, is_name: bool) -> None:
        key = folded(text)
        if key and key not in self._by_key:
            self._by_key[key] = country
            if is_name:
                self._names.append(key)

    def get(self, text: str) -> Country | None:
        """The state with exactly this name or code, accents and case aside."""
        return self._by_key.get(folded(text))

    def close_to(self, text: str) -> list[tuple[Country, float]]:
        """The states whose name looks like this one, best first, each once."""
        found: dict[str, tuple[Country, float]] = {}
        for name, score, _position in process.extract(folded(text), self._names, scorer=fuzz.ratio, limit=8):
            country = self._by_key[name]
            if score >= 75 and country.code not in found:
                found[country.code] = (country, score)
        return list(found.values())


def parse_country(value: Cell, countries: Countries) -> Parsed[Country]:
    """A state by Italian or English name, ISO, ISTAT or cadastral code, citizenship, or a near spelling."""
    if is_blank(value):
        return Parsed()
    text = " ".join(str(value).split())
    bare = re.sub(
        r"^(cittadin[oaie]|nazionalit[àa]|stato|repubblica islamica del|regno del)\s+", "", text, flags=re.I
    )
    for candidate in (text, bare, re.sub(r"\s*\(.*?\)", "", bare), *re.findall(r"\(([^)]+)\)", bare)):
        if country := countries.get(candidate):
            return Parsed(country, _doubt_about(candidate))
    if doubt := _DOUBTFUL_NAMES.get(folded(text)):
        return Parsed(None, (error(doubt, text=text),))
    close = countries.close_to(text) if len(text) > 3 else []
    if close and close[0][1] >= 84 and (len(close) == 1 or close[0][1] - close[1][1] >= 6):
        country = close[0][0]
        return Parsed(
            country,
            (
                warning(
                    _("«%(text)s» è stato letto come %(country)s: controlla."),
                    text=text,
                    country=country.name_it,
                ),
            ),
        )
    if close:
        names = " o ".join(country.name_it for country, _score in close[:3])
        return Parsed(
            None, (error(_("«%(text)s» non è uno Stato: forse %(names)s?"), text=text, names=names),)
        )
    return Parsed(None, (error(_("«%(text)s» non è uno Stato che conosciamo."), text=text),))


def _doubt_about(text: str) -> tuple[Finding, ...]:
    if doubt := _DOUBTFUL_NAMES.get(folded(text)):
        return (ask(doubt, text=text),)
    return ()


def parse_countries(value: Cell, countries: Countries) -> Parsed[tuple[Country, ...]]:
    """One or more states separated by `/`, `,`, `;`, `+` or *e*."""
    if is_blank(value):
        return Parsed()
    text = str(value)
    if countries.get(text):
        parts = [text]
    else:
        parts = [part for part in re.split(r"[/,;+]|\s+e\s+|\s+-\s+", text) if not is_blank(part)] or [text]
    found: list[Country] = []
    findings: list[Finding] = []
    for part in parts:
        read = parse_country(part, countries)
        findings += read.findings
        if read.value and read.value not in found:
            found.append(read.value)
    return Parsed(tuple(found) or None, tuple(findings))
