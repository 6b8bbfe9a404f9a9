"""The files of the repository, as the whole-code-base tests read them."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".git",
    ".hypothesis",
    ".venv",
    ".cache",
    "var",
    "node_modules",
    "vendor",
    "staticfiles",
    "__pycache__",
}
CACHES = ("_cache", ".egg-info")
TEXT = {
    ".py",
    ".html",
    ".txt",
    ".md",
    ".toml",
    ".in",
    ".yml",
    ".yaml",
    ".json",
    ".js",
    ".css",
    ".sh",
    ".po",
    ".cfg",
    "",
}


def files(*suffixes: str) -> Iterator[Path]:
    """Text files that we wrote, with one of the suffixes when given."""
    for folder, names, found in os.walk(ROOT):
        names[:] = sorted(name for name in names if name not in NOT_OURS and not name.endswith(CACHES))
        for name in sorted(found):
            path = Path(folder) / name
            if name not in NOT_OURS and path.suffix in (suffixes or TEXT) and not path.is_symlink():
                yield path


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
