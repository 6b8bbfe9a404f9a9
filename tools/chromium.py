"""Find Debian's Chromium for the journeys; install it when root. Playwright's own download is never used."""

import shutil
import subprocess
import sys

import debian

NAMES = ("chromium", "chromium-browser")


def find() -> str:
    """The path of a Chromium that starts, installed first if there is none."""
    path = _which()
    if path is None:
        debian.install("chromium", why="per i percorsi nel browser")
        path = _which()
    if path is None:
        raise debian.CannotInstall("chromium è installato ma non si trova.")
    return path


def _which() -> str | None:
    for name in NAMES:
        path = shutil.which(name, path="/usr/bin:/usr/local/bin:/snap/bin") or shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


if __name__ == "__main__":
    try:
        print(find())
    except debian.CannotInstall as problem:
        sys.exit(f"Browser non disponibile: {problem}")
