"""What a person reads when a package is missing and we may not install it."""

import pytest

from tools import debian


def test_without_root_one_sentence_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(debian.CannotInstall, match="sudo apt-get install --no-install-recommends chromium"):
        debian.install("chromium", why="per i percorsi nel browser")


def test_without_apt_the_sentence_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name: None)

    with pytest.raises(debian.CannotInstall, match="serve postgresql"):
        debian.install("postgresql", why="per le prove")
