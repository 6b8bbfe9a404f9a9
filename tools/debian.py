"""Install Debian packages when allowed to; otherwise say in one sentence what to install."""

import os
import shutil
import subprocess
import sys


class CannotInstall(Exception):
    """A sentence for the person at the terminal."""


def install(*packages: str, why: str) -> None:
    """Have the packages on the machine, or raise CannotInstall with the command to type."""
    wanted = " ".join(packages)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        command = f"sudo apt-get install --no-install-recommends {wanted}"
        raise CannotInstall(f"serve {wanted} {why}. Installarlo con «{command}» e ripetere.")
    print(f"Installo {wanted} {why} ...", file=sys.stderr, flush=True)
    _apt("update")
    if _apt("install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", *packages):
        raise CannotInstall(f"apt-get non ha installato {wanted} {why}: installarlo a mano e ripetere.")


def _apt(*arguments: str) -> int:
    """Run apt-get without questions; its words appear only when it fails."""
    said = subprocess.run(
        ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if said.returncode:
        print(said.stdout.strip()[-2000:], file=sys.stderr)
    return said.returncode
