"""The design system keeps its own rules: inputs declared, documented, shown, and nothing passed through unescaped."""

import re

import pytest

from tests.rules.repository import ROOT, files, name, text

COMPONENTS = sorted((ROOT / "src" / "ali" / "templates" / "components").glob("*.html"))
TEMPLATES = [path for path in files(".html") if path.is_relative_to(ROOT / "src")]
GALLERY = ROOT / "src" / "ali" / "core" / "templates" / "core" / "component_gallery.html"
TAG = re.compile(r"<c-([a-z-]+)((?:\s+[^<>\"']+=(?:\"[^\"]*\"|'[^']*')|\s+[a-z:_-]+)*)\s*/?>")


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
class TestEachComponent:
    def test_declares_its_inputs_on_the_first_line(self, component) -> None:
        assert text(component).startswith("<c-vars ")

    def test_is_documented(self, component) -> None:
        assert f"<c-{component.stem}" in text(ROOT / "docs" / "how-to" / "components.md")

    def test_is_shown_in_the_gallery(self, component) -> None:
        shown = text(GALLERY) + "".join(text(other) for other in COMPONENTS if other != component)
        assert f"<c-{component.stem}" in shown


@pytest.mark.parametrize("page", TEMPLATES, ids=name)
def test_a_page_binds_only_declared_inputs(page) -> None:
    """A bound attribute that the component does not declare reaches the page without escaping."""
    wrong = []
    for component, attributes in TAG.findall(text(page)):
        if component in {"vars", "slot"}:
            continue
        declared = inputs_of(component)
        bound = re.findall(r"(?:^|\s):([a-z_-]+)=", attributes)
        wrong += [f"<c-{component} :{one}>" for one in bound if one not in declared]

    assert wrong == []


def inputs_of(component: str) -> set[str]:
    path = ROOT / "src" / "ali" / "templates" / "components" / f"{component}.html"
    assert path.is_file(), f"nessun componente «{component}»"
    return set(re.findall(r"\s:?([a-z_]+)(?==|\s|/)", text(path).splitlines()[0]))
