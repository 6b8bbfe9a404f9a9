"""`ali serve`: the web server, on this machine only unless told otherwise."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction

MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  gunicorn's own advice: heartbeats never wait for a disk


def register(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `serve`."""
    serve = subparsers.add_parser("serve", help="avvia il server web")
    serve.add_argument("--host", default="127.0.0.1", help="indirizzo su cui rispondere")
    serve.add_argument("--port", type=int, default=8000, metavar="N", help="porta")
    serve.add_argument("--workers", type=int, default=2, metavar="N", help="processi")
    serve.add_argument("--threads", type=int, default=4, metavar="N", help="fili per processo")
    serve.set_defaults(handler=run)


def gunicorn_words(*, host: str, port: int, workers: int, threads: int) -> list[str]:
    """Return gunicorn's command line: code loaded once and shared, no control socket in the home folder."""
    from gunicorn.config import KNOWN_SETTINGS  # noqa: PLC0415  slow to load

    words = ["ali.config.wsgi:application", "--bind", f"{host}:{port}", "--preload"]
    words += [
        "--workers",
        str(workers),
        "--threads",
        str(threads),
        "--timeout",
        "60",
        "--graceful-timeout",
        "20",
    ]
    if MEMORY_FOLDER.is_dir():
        words += ["--worker-tmp-dir", str(MEMORY_FOLDER)]
    if any(setting.name == "no_control_socket" for setting in KNOWN_SETTINGS):
        words.append("--no-control-socket")
    return words


def run(arguments: argparse.Namespace) -> int:
    """Become gunicorn."""
    words = gunicorn_words(
        host=arguments.host, port=arguments.port, workers=arguments.workers, threads=arguments.threads
    )
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *words])  # noqa: S606  our own interpreter
