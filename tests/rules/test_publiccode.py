"""publiccode.yml is valid, agrees with the package, and the check bites."""

import copy
import tomllib
from typing import Any

import pytest
import yaml
from tools.publiccode import problems

from tests.rules.repository import ROOT

DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
WRONG: list[tuple[str, Any]] = [
    *(
        (f"{key}", None)
        for key in ("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType")
    ),
    *(
        (f"{key}", None)
        for key in ("description", "legal.license", "maintenance.type", "maintenance.contacts")
    ),
    *((f"localisation.{key}", None) for key in ("localisationReady", "availableLanguages")),
    *(
        (f"description.{lang}.{key}", None)
        for lang in ("it", "en")
        for key in ("shortDescription", "longDescription", "features")
    ),
    ("publiccodeYmlVersion", "0.2"),
    ("name", " "),
    ("url", "ali"),
    ("platforms", []),
    ("platforms", "web"),
    ("developmentStatus", "ready"),
    ("softwareType", "web"),
    ("releaseDate", "2999-01-01"),
    ("releaseDate", "yesterday"),
    ("intendedAudience.scope", ["everybody"]),
    ("description.it.shortDescription", "x" * 151),
    ("description.it.longDescription", "x" * 149),
    ("description.it.longDescription", "x" * 10_001),
    ("description.it.features", []),
    ("description.italiano1.features", ["x"]),
    ("legal.license", 12),
    ("maintenance.type", "volunteers"),
    ("maintenance.contacts", []),
    ("maintenance.contacts", [{"email": "x@example.org"}]),
    ("maintenance.contractors", [{"name": "x"}]),
    ("localisation.localisationReady", "yes"),
    ("localisation.availableLanguages", ["Italiano!"]),
    ("supports", [{"id": "alias:unknown"}]),
    ("it", {"countryExtensionVersion": "1.0"}),
]


def with_change(path: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(DOCUMENT)
    *parents, last = path.split(".")
    place = changed
    for key in parents:
        place = place.setdefault(key, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changed


def test_publiccode_is_valid() -> None:
    assert list(problems(DOCUMENT)) == []


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_broken_publiccode_is_refused(path: str, value: Any) -> None:
    assert list(problems(with_change(path, value))) != []


def test_publiccode_and_package_tell_the_same_version() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert DOCUMENT["softwareVersion"] == package["version"]
    assert package["license"]["text"] == DOCUMENT["legal"]["license"]
