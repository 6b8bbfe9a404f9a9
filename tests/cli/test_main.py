import pytest

from ali.cli import serve
from ali.cli.main import main


@pytest.mark.django_db
def test_other_words_are_management_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--check"]) == 0


def test_server_listens_on_this_machine_only_and_shares_its_code() -> None:
    words = serve.gunicorn_words(host="127.0.0.1", port=8123, workers=2, threads=4)

    assert words[words.index("--bind") + 1] == "127.0.0.1:8123"
    assert "--preload" in words


def test_without_a_word_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    assert ended.value.code == 0
    assert "calc" in capsys.readouterr().out
