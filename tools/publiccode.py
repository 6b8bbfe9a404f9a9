"""Check publiccode.yml against version 0.7 of the standard: the keys that we use and the rules that catalogues enforce."""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
TYPES = {
    "standalone/mobile",
    "standalone/iot",
    "standalone/desktop",
    "standalone/web",
    "standalone/backend",
    "standalone/other",
}
TYPES |= {"addon", "library", "configurationFiles"}
SCOPES = {"welfare", "society", "local-authorities", "employment", "government"}
ALIASES = {"alias:gdpr", "alias:spid", "alias:cie", "alias:nis2", "alias:eidas"}
KNOWN = {
    *(
        "publiccodeYmlVersion",
        "name",
        "url",
        "softwareVersion",
        "releaseDate",
        "platforms",
        "developmentStatus",
    ),
    *(
        "softwareType",
        "categories",
        "intendedAudience",
        "description",
        "legal",
        "maintenance",
        "localisation",
    ),
    *(
        "supports",
        "organisation",
        "landingURL",
        "roadmap",
        "logo",
        "applicationSuite",
        "inputTypes",
        "outputTypes",
        "usedBy",
    ),
}
Rule = tuple[str, Callable[[Any], bool]]
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


def words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def some_words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(words(one) for one in value)


def past_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value) <= date.today()  # noqa: DTZ011 - a day, anywhere
    except ValueError:
        return False


MUST: list[Rule] = [
    ("publiccodeYmlVersion", lambda value: value == "0.7"),
    ("name", words),
    ("url", lambda value: words(value) and re.fullmatch(r"https://[^\s/]+/\S+", value) is not None),
    ("platforms", some_words),
    ("developmentStatus", lambda value: value in STATUSES),
    ("softwareType", lambda value: value in TYPES),
    ("legal.license", words),
    ("maintenance.type", lambda value: value in {"internal", "contract", "community", "none"}),
    ("localisation.localisationReady", lambda value: isinstance(value, bool)),
    (
        "localisation.availableLanguages",
        lambda value: some_words(value) and all(LANGUAGE.fullmatch(one) for one in value),
    ),
    ("description", lambda value: isinstance(value, dict) and bool(value)),
]
MAY: list[Rule] = [
    ("releaseDate", past_date),
    ("softwareVersion", words),
    ("categories", some_words),
    ("intendedAudience.scope", lambda value: some_words(value) and set(value) <= SCOPES),
    (
        "supports",
        lambda value: (
            isinstance(value, list)
            and all(isinstance(one, dict) and one.get("id") in ALIASES for one in value)
        ),
    ),
]
EACH_LANGUAGE: list[Rule] = [
    ("shortDescription", lambda value: words(value) and len(value) <= 150),
    ("longDescription", lambda value: words(value) and 150 <= len(value) <= 10_000),
    ("features", some_words),
]


def problems(document: dict[str, Any]) -> Iterator[str]:
    """Each broken rule by the key it concerns."""
    yield from (f"chiave sconosciuta o abbandonata: {key}" for key in document if key not in KNOWN)
    yield from broken(document, MUST, required=True)
    yield from broken(document, MAY, required=False)
    described = document.get("description")
    for language, texts in described.items() if isinstance(described, dict) else ():
        if not LANGUAGE.fullmatch(str(language)):
            yield f"description.{language}: non è una lingua"
        yield from broken(
            {"description": {language: texts}},
            [(f"description.{language}.{key}", ok) for key, ok in EACH_LANGUAGE],
        )
    yield from maintenance_problems(document.get("maintenance"))


def broken(document: dict[str, Any], rules: list[Rule], *, required: bool = True) -> Iterator[str]:
    for path, ok in rules:
        value = find(document, path)
        if (value is None and required) or (value is not None and not ok(value)):
            yield f"{path}: {'manca' if value is None else 'valore non ammesso'}"


def find(document: Any, path: str) -> Any:
    for key in path.split("."):
        document = document.get(key) if isinstance(document, dict) else None
    return document


def maintenance_problems(maintenance: Any) -> Iterator[str]:
    """Contacts for a community or an internal team, contractors for a contract, never the other."""
    if not isinstance(maintenance, dict):
        return
    contract = maintenance.get("type") == "contract"
    wanted, other = ("contractors", "contacts") if contract else ("contacts", "contractors")
    people = maintenance.get(wanted)
    if maintenance.get("type") != "none" and not (
        isinstance(people, list) and people and all(words(find(one, "name")) for one in people)
    ):
        yield f"maintenance.{wanted}: manca un nome"
    if other == "contractors" and other in maintenance:
        yield "maintenance.contractors: solo con un contratto"


def main() -> int:
    found = list(problems(yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))))
    for line in found:
        print(f"publiccode.yml: {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
