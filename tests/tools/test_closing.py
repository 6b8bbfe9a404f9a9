"""The last line of `tools/test` adds the stages up."""

import re
import subprocess

from tests.rules.repository import ROOT, text


def closing_line(*lines: str) -> str:
    function = re.search(r"^total\(\) \{.*?^\}", text(ROOT / "tools" / "test"), re.DOTALL | re.MULTILINE)
    assert function is not None
    script = f'{function.group()}\ntotal 412 "$@"'
    said = subprocess.run(["bash", "-c", script, "total", *lines], capture_output=True, text=True, check=True)
    return said.stdout.strip()


def test_stages_are_added_up() -> None:
    assert (
        closing_line("== 4318 passed, 2 skipped in 753.33s (0:12:33) ==", "10 passed in 3.10s")
        == "== 4328 passed, 2 skipped in 412s =="
    )
