"""Build .venv from the pinned, hashed requirements, with nothing but the standard library.

`tools/env` finds a Python and calls this. A stamp file in .venv remembers what was installed.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
COVERS = {"run": ["run"], "dev": ["dev", "run"]}  # dev.txt holds everything that run.txt does


class CannotBuild(Exception):
    """A sentence for the person at the terminal."""


def main(kind: str) -> int:
    try:
        with one_at_a_time():
            build(kind)
    except (CannotBuild, debian.CannotInstall) as problem:
        print(f"Ambiente non pronto: {problem}", file=sys.stderr)
        return 1
    return 0


def one_at_a_time() -> object:
    """Two `make` at once must not write the same environment."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    lock = (cache / "env.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def build(kind: str) -> None:
    if stamp(kind).exists() and PYTHON.exists() and (VENV / "bin" / "ali").exists():
        return
    if not environment_works():
        print("Creo l'ambiente Python in .venv ...", flush=True)
        make_environment()
    print("Installo i pacchetti (la prima volta può richiedere alcuni minuti) ...", flush=True)
    for old in VENV.glob(".stamp-*"):
        old.unlink()
    requirements = REQUIREMENTS / f"{kind}.txt"
    pip("install", "--require-hashes", "--no-deps", "-r", str(requirements))
    pip("install", "--no-build-isolation", "--no-deps", "--editable", str(ROOT))
    for covered in COVERS[kind]:
        stamp(covered).touch()


def stamp(kind: str) -> Path:
    """Names what is installed: the pins, the package's own metadata, and where the clone stands (.venv cannot move)."""
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    said = hashlib.sha256((REQUIREMENTS / f"{kind}.txt").read_bytes())
    said.update(f"{ROOT} {package['build-system']} {package['project']}".encode())
    return VENV / f".stamp-{kind}-{said.hexdigest()[:16]}"


def environment_works() -> bool:
    """True when .venv was made here, by a Python that still runs and has pip."""
    if not PYTHON.exists() or VENV.is_symlink() or not shebang_is_here():
        return False
    answer = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    return answer.returncode == 0


def shebang_is_here() -> bool:
    script = VENV / "bin" / "pip"
    return script.exists() and str(VENV) in script.read_text(errors="replace").splitlines()[0]


def make_environment() -> None:
    if VENV.is_symlink():
        VENV.unlink()
    shutil.rmtree(VENV, ignore_errors=True)
    if has_module("ensurepip") and has_module("venv"):
        run([sys.executable, "-m", "venv", str(VENV)], "non riesco a creare .venv")
    elif has_module("pip"):
        make_with_virtualenv()
    else:
        debian.install(f"python3.{sys.version_info.minor}-venv", why="per creare l'ambiente .venv")
        run([sys.executable, "-m", "venv", str(VENV)], "non riesco a creare .venv")


def make_with_virtualenv() -> None:
    """Debian without python3-venv but with pip: borrow a pinned virtualenv from a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="ali-env-") as folder:
        pinned = ["--require-hashes", "--no-deps", "-r", str(REQUIREMENTS / "bootstrap.txt")]
        quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
        run(
            [sys.executable, "-m", "pip", "install", *quiet, "--target", folder, *pinned],
            "pip non ha scaricato virtualenv",
        )
        make = [sys.executable, "-m", "virtualenv", "--quiet", "--no-periodic-update", str(VENV)]
        run(make, "non riesco a creare .venv", PYTHONPATH=folder)


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def pip(*arguments: str) -> None:
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    problem = "pip non ha installato i pacchetti: controllare la rete o il registro dei pacchetti e ripetere"
    run([str(PYTHON), "-m", "pip", arguments[0], *quiet, *arguments[1:]], problem)


def run(command: list[str], problem: str, **extra: str) -> None:
    """Run in silence; on failure show what the tool said, then our sentence."""
    said = subprocess.run(
        command,
        env={**os.environ, **extra},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if said.returncode:
        print(said.stdout.strip()[-4000:], file=sys.stderr)
        raise CannotBuild(f"{problem}.")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COVERS:
        sys.exit("Uso: tools/env run|dev")
    sys.exit(main(sys.argv[1]))
