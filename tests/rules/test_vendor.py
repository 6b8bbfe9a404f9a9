"""The third-party files we serve are the ones we checked, and the first page stays light."""

import gzip
import hashlib
import json
import re

import pytest

from tests.rules.repository import ROOT

VENDOR = ROOT / "vendor"
OURS = ROOT / "src" / "ali" / "static"
FIRST_PAGE = 130_000  # of the 200 kB of a cold cache; the rest is for the page itself
ALWAYS = re.compile(r"{% static '([^']+)' %}")


def recorded() -> dict[str, str]:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_file_is_recorded_and_unchanged() -> None:
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }

    assert found == recorded()


def test_every_package_has_its_version_and_licence() -> None:
    versions = json.loads((VENDOR / "VERSIONS.json").read_text())

    assert versions["bootstrap-italia"].startswith("2.18.")
    assert versions["htmx.org"].startswith("2.")
    assert versions["leaflet"].startswith("1.9.")
    assert versions["@fontsource/noto-sans-bengali"].startswith("5.")
    assert all((folder / "LICENSE.txt").is_file() for folder in VENDOR.iterdir() if folder.is_dir())


@pytest.mark.parametrize("sheet", sorted(VENDOR.rglob("*.css")), ids=lambda path: path.name)
def test_no_sheet_asks_for_a_file_we_do_not_serve(sheet) -> None:
    asked = re.findall(r"url\(['\"]?([^'\")]+)", sheet.read_text())

    missing = [
        one for one in asked if not one.startswith(("data:", "#")) and not (sheet.parent / one).is_file()
    ]
    assert missing == []


def test_no_script_points_to_a_source_map() -> None:
    assert [path.name for path in VENDOR.rglob("*.js") if "sourceMappingURL" in path.read_text()] == []


def test_what_every_page_loads_is_light() -> None:
    base = (ROOT / "src" / "ali" / "templates" / "base.html").read_text()
    names = {*ALWAYS.findall(base), "titillium/titillium-web-600.woff2"}
    names |= {"bootstrap-italia/sprite.svg", "ali/icons.svg"}
    weight = sum(len(gzip.compress(served(name))) for name in names)

    assert weight < FIRST_PAGE


def served(name: str) -> bytes:
    path = next(folder / name for folder in (VENDOR, OURS) if (folder / name).is_file())
    return path.read_bytes()


def test_every_icon_named_in_a_template_is_in_a_sprite() -> None:
    drawn = set()
    for sprite in (VENDOR / "bootstrap-italia" / "sprite.svg", OURS / "ali" / "icons.svg"):
        drawn |= set(re.findall(r'<symbol id="([^"]+)"', sprite.read_text()))
    named = {
        icon
        for path in (ROOT / "src").rglob("*")
        if path.suffix in {".html", ".py"}
        for icon in re.findall(r"""["']((?:it|ali)-[a-z0-9-]+)["']""", path.read_text())
        if re.fullmatch(r"it-(?!header|footer)[a-z0-9-]+|ali-(?:home|euro|speech|people|work|bed|door)", icon)
    }

    assert named - drawn == set()


def test_fonts_of_other_scripts_ask_for_no_letter_of_italian_pages() -> None:
    sheet = (VENDOR / "noto" / "fonts.css").read_text()
    ranges = [
        (int(start, 16), int(end or start, 16))
        for start, end in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", sheet)
    ]

    assert len(re.findall("@font-face", sheet)) == 6
    assert all(start >= 0x0400 for start, _end in ranges)
    for sign in "–—‘’“”«»…€№·×→":
        assert not any(start <= ord(sign) <= end for start, end in ranges), sign


def test_every_letter_of_our_papers_has_a_font() -> None:
    sheet = (VENDOR / "noto" / "fonts.css").read_text()
    ranges = [
        (int(start, 16), int(end or start, 16))
        for start, end in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", sheet)
    ]
    papers = sorted((ROOT / "src" / "ali" / "allocation" / "paper_texts").glob("*.json"))
    letters = {one for paper in papers for one in paper.read_text() if one.isalpha() and ord(one) > 0x24F}

    assert len(letters) > 100
    assert sorted(one for one in letters if not any(a <= ord(one) <= b for a, b in ranges)) == []
