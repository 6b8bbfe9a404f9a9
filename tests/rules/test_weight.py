"""The web process stays light: the engine's libraries live outside it."""

import os
import subprocess
import sys

import pytest

from tests.rules.repository import ROOT

HEAVY = {"numpy", "scipy", "numba", "pyarrow", "weasyprint"}
STORIES = {
    "the web process": "import ali.config.wsgi; from django.urls import get_resolver; get_resolver().url_patterns; "
    "get_resolver()._populate()",
    "the command line": "import ali.cli.main",
}


@pytest.mark.parametrize("story", STORIES)
def test_heavy_libraries_are_not_loaded_by(story: str) -> None:
    script = f"{STORIES[story]}; import sys; print(*sorted({HEAVY!r} & set(sys.modules)))"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ALI_", "DJANGO_"))}

    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        env={**clean, "ALI_MODE": "test", "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stdout.strip()) == (0, ""), said.stderr
