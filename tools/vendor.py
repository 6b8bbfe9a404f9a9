"""Refresh `vendor/`: the few third-party web files we serve, at pinned versions (`make vendor`).

Needs npm once, when a version or a list changes. Nothing of Node stays in the tree: a temporary folder holds the
packages, the outputs are committed with their licences, versions and SHA-256 sums.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECIPE = ROOT / "tools" / "vendor"
PACKAGES = {
    "@fontsource/noto-sans": "5.3.0",
    "@fontsource/noto-sans-arabic": "5.3.0",
    "@fontsource/noto-sans-bengali": "5.3.0",
    "bootstrap-italia": "2.18.3",
    "htmx.org": "2.0.11",
    "leaflet": "1.9.4",
    "leaflet.markercluster": "1.5.3",
    "sass": "1.108.2",
}
# Package -> its folder here.
SERVED = {
    "bootstrap-italia": "bootstrap-italia",
    "htmx.org": "htmx",
    "leaflet": "leaflet",
    "leaflet.markercluster": "leaflet-markercluster",
}
FONTS = {"400": "regular", "600": "600"}
# The scripts of our papers and of people's names that Titillium has not: one family, so that a page names it once. The
# ranges hold the letters alone, no sign that Italian also uses: a page without them fetches nothing.
SCRIPTS = {
    "arabic": ("noto-sans-arabic", "U+0600-06FF, U+0750-077F, U+08A0-08FF, U+FB50-FDFF, U+FE70-FEFC"),
    "bengali": ("noto-sans-bengali", "U+0964-0965, U+0980-09FE"),
    "cyrillic": ("noto-sans", "U+0400-045F, U+0490-0491"),
}
SCRIPT_FACE = """@font-face {{
  font-family: 'Noto Scripts';
  font-weight: {weight};
  font-style: normal;
  font-display: swap;
  src: url('{file}') format('woff2');
  unicode-range: {letters};
}}
"""
FONT_FACE = """@font-face {{
  font-family: 'Titillium Web';
  font-weight: {weight};
  font-style: normal;
  font-display: swap;
  src: url('titillium-web-{weight}.woff2') format('woff2');
}}
"""


def main(arguments: list[str] | None = None) -> int:
    """Fetch, build, replace `vendor/`, and print what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, help="a folder that already holds node_modules")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        modules = (options.packages or fetch(Path(scratch))) / "node_modules"
        built = Path(scratch) / "vendor"
        for step in (styles, sprite, fonts, scripts, htmx, leaflet, clusters, licences):
            step(modules, built)
        record(built)
        shutil.rmtree(ROOT / "vendor", ignore_errors=True)
        shutil.copytree(built, ROOT / "vendor")
    for path in sorted((ROOT / "vendor").rglob("*.*")):
        print(f"{path.stat().st_size:>8}  {path.relative_to(ROOT)}")
    return 0


def fetch(folder: Path) -> Path:
    """Install the pinned packages in a temporary folder, without running their scripts."""
    (folder / "package.json").write_text(json.dumps({"private": True}))
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", *wanted],
        cwd=folder,
        check=True,
    )
    return folder


def styles(modules: Path, built: Path) -> None:
    """Compile our selection of Bootstrap Italia into one small sheet."""
    target = built / "bootstrap-italia" / "bootstrap-italia.css"
    target.parent.mkdir(parents=True)
    subprocess.run(
        [
            "node",
            str(modules / "sass" / "sass.js"),
            f"--load-path={modules / 'bootstrap-italia' / 'src' / 'scss'}",
            "--style=compressed",
            "--no-source-map",
            "--quiet",
            "--quiet-deps",
            str(RECIPE / "bootstrap-italia.scss"),
            str(target),
        ],
        check=True,
    )


def sprite(modules: Path, built: Path) -> None:
    """One file with the listed icons, each a `<symbol>`."""
    names = [line.strip() for line in (RECIPE / "icons.txt").read_text().splitlines() if line.strip()]
    symbols = [
        symbol(name, (modules / "bootstrap-italia" / "src" / "svg" / f"{name}.svg").read_text())
        for name in names
    ]
    text = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
    (built / "bootstrap-italia" / "sprite.svg").write_text(text)


def symbol(name: str, drawing: str) -> str:
    """The inside of an icon file, addressable by name."""
    found = re.search(r"<svg\b(?P<attributes>[^>]*)>(?P<body>.*)</svg>", drawing, re.DOTALL)
    if not found:
        raise ValueError(f"{name}: not a drawing")
    box = re.search(r'viewBox="([^"]+)"', found["attributes"])
    body = re.sub(r">\s+<", "><", found["body"].strip())
    return f'<symbol id="{name}" viewBox="{box[1] if box else "0 0 24 24"}">{body}</symbol>'


def fonts(modules: Path, built: Path) -> None:
    """Titillium Web in two weights (Latin with its extensions) and the sheet that names them."""
    source = modules / "bootstrap-italia" / "dist" / "fonts" / "Titillium_Web"
    target = built / "titillium"
    target.mkdir()
    for weight, name in FONTS.items():
        file = source / f"titillium-web-v10-latin-ext_latin-{name}.woff2"
        shutil.copyfile(file, target / f"titillium-web-{weight}.woff2")
    sheet = "".join(FONT_FACE.format(weight=weight) for weight in FONTS)
    (target / "fonts.css").write_text(sheet)
    shutil.copyfile(source / "OFL.txt", target / "LICENSE.txt")


def scripts(modules: Path, built: Path) -> None:
    """Noto in two weights for each script, cut to it by its package, and the sheet that says for which letters."""
    target = built / "noto"
    target.mkdir()
    sheet, terms = [], []
    for script, (package, letters) in SCRIPTS.items():
        source = modules / "@fontsource" / package
        for weight in FONTS:
            file = f"{package}-{script}-{weight}-normal.woff2"
            shutil.copyfile(source / "files" / file, target / file)
            sheet.append(SCRIPT_FACE.format(weight=weight, file=file, letters=letters))
        terms.append(f"{package}\n\n{(source / 'LICENSE').read_text().strip()}\n")
    (target / "fonts.css").write_text("".join(sheet))
    (target / "LICENSE.txt").write_text("\n\n".join(terms))


def htmx(modules: Path, built: Path) -> None:
    (built / "htmx").mkdir()
    shutil.copyfile(modules / "htmx.org" / "dist" / "htmx.min.js", built / "htmx" / "htmx.min.js")


def leaflet(modules: Path, built: Path) -> None:
    """Leaflet without its marker pictures and source map: our points are drawn, not images."""
    (built / "leaflet").mkdir()
    script = (modules / "leaflet" / "dist" / "leaflet.js").read_text()
    (built / "leaflet" / "leaflet.js").write_text(re.sub(r"\n//# sourceMappingURL=.*", "", script))
    sheet = (modules / "leaflet" / "dist" / "leaflet.css").read_text()
    without_pictures = re.sub(r"[^{}]*\{[^{}]*url\([^)]*\.png\)[^{}]*\}", "", sheet)
    (built / "leaflet" / "leaflet.css").write_text(without_pictures)


def clusters(modules: Path, built: Path) -> None:
    """Near points drawn as one. Only how they move apart: its colours are in our own sheet."""
    source, target = modules / "leaflet.markercluster" / "dist", built / "leaflet-markercluster"
    target.mkdir()
    script = (source / "leaflet.markercluster.js").read_text()
    (target / "leaflet.markercluster.js").write_text(re.sub(r"\n//# sourceMappingURL=.*", "", script))
    shutil.copyfile(source / "MarkerCluster.css", target / "MarkerCluster.css")


def licences(modules: Path, built: Path) -> None:
    for name, folder in SERVED.items():
        terms = next(path for path in sorted((modules / name).glob("*LICEN[CS]E*")))
        shutil.copyfile(terms, built / folder / "LICENSE.txt")
    versions = {name: version_of(modules, name) for name in PACKAGES}
    (built / "VERSIONS.json").write_text(json.dumps(versions, indent=2) + "\n")


def version_of(modules: Path, name: str) -> str:
    return str(json.loads((modules / name / "package.json").read_text())["version"])


def record(built: Path) -> None:
    """Write the sums that `tests/rules/test_vendor.py` checks."""
    files = {path.relative_to(built).as_posix(): path for path in built.rglob("*") if path.is_file()}
    sums = [f"{hashlib.sha256(files[name].read_bytes()).hexdigest()}  {name}\n" for name in sorted(files)]
    (built / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    sys.exit(main())
