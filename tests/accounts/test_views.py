import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse

from ali.accounts.models import User, UserSession
from ali.accounts.services import disable_account, give_one_time_password
from ali.audit.models import AuditEvent
from tests.clients import ClientAs, FormClient
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.organisations import MembershipFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
SIGN_IN = "/accesso/entra/"


@pytest.fixture(autouse=True)
def no_attempts_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def officer(**user: object) -> User:
    made: User = MembershipFactory(prefecture_officer=True, user=UserFactory(**user)).user
    return made


def sign_in(client: FormClient, user: User, password: str = PASSWORD) -> int:
    return client.post(SIGN_IN, {"login": user.email, "password": password}).status_code


def test_right_password_enters_and_is_written_down() -> None:
    user, client = officer(), FormClient()

    answer = client.post(SIGN_IN, {"login": user.email.upper(), "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    event = AuditEvent.objects.get(verb="signed_in")
    assert event.user_id == user.pk


def test_wrong_password_says_so_in_italian_and_is_written_down() -> None:
    user = officer()

    answer = FormClient().post(SIGN_IN, {"login": user.email, "password": "sbagliata ma lunga"})

    assert "non corrispondono" in answer.content.decode()
    assert AuditEvent.objects.get(verb="sign_in_failed").object_id == str(user.public_id)


def test_unknown_e_mail_gets_the_same_answer_as_a_wrong_password() -> None:
    user, client = officer(), FormClient()

    wrong = client.post(SIGN_IN, {"login": user.email, "password": "sbagliata ma lunga"})
    unknown = client.post(SIGN_IN, {"login": "nessuno@esempio.it", "password": "sbagliata ma lunga"})

    assert wrong.status_code == unknown.status_code
    assert "non corrispondono" in unknown.content.decode()


def test_sixth_attempt_is_refused_even_with_the_right_password() -> None:
    user, client = officer(), FormClient()
    for _ in range(5):
        sign_in(client, user, "sbagliata ma lunga")

    answer = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})

    assert "Troppi tentativi di accesso" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_many_sign_ins_from_one_address_get_an_italian_page() -> None:
    client = FormClient()
    answers = [client.post(SIGN_IN, {"login": "", "password": ""}) for _ in range(31)]

    assert answers[-1].status_code == 429
    assert "Troppi tentativi" in answers[-1].content.decode()


def test_disabled_user_cannot_enter_and_is_out_at_once() -> None:
    user, client = officer(), FormClient()
    sign_in(client, user)

    disable_account(user)

    assert not UserSession.objects.filter(user_id=user.pk).exists()
    assert client.get("/").status_code == 302
    assert client.post(SIGN_IN, {"login": user.email, "password": PASSWORD}).headers.get("Location") != "/"
    assert client.get("/").status_code == 302


def test_user_without_a_role_is_told_whom_to_ask() -> None:
    user, client = UserFactory(), FormClient()
    sign_in(client, user)

    answer = client.get("/", follow=True)

    assert "non ha ancora un ruolo" in answer.content.decode()


def test_one_time_password_must_be_changed_before_anything_else() -> None:
    user, client = officer(), FormClient()
    password = give_one_time_password(user)
    sign_in(client, user, password)

    assert client.get("/").headers["Location"] == "/accesso/password/"
    page = client.get("/accesso/password/").content.decode()
    assert "vale una volta sola" in page
    new = "quattro parole lunghe e mie"
    client.post("/accesso/password/", {"oldpassword": password, "password1": new, "password2": new})

    assert client.get("/").status_code == 200
    assert AuditEvent.objects.filter(verb="password_changed", user_id=user.pk).exists()


@pytest.mark.parametrize("weak", ["corta", "123456789012", "password1234"])
def test_weak_password_is_refused(weak: str) -> None:
    user, client = officer(), FormClient()
    sign_in(client, user)

    answer = client.post(
        "/accesso/password/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )

    assert answer.status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_sign_out_makes_the_browser_forget(client_as: ClientAs) -> None:
    client = client_as("prefecture_officer")

    answer = client.post("/accesso/esci/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/").status_code == 302


def test_asking_for_the_sign_out_page_signs_nobody_out(client_as: ClientAs) -> None:
    client = client_as("prefecture_officer")

    assert client.get("/accesso/esci/").status_code == 200
    assert client.get("/").status_code == 200


def test_role_is_switched_only_to_one_s_own() -> None:
    user = officer()
    other = MembershipFactory(housing_manager=True, user=user)
    stranger = MembershipFactory(administrator=True)
    client = FormClient()
    client.force_login(user)

    client.post("/accesso/ruolo/", {"grant": str(stranger.public_id)})
    assert client.get("/").wsgi_request.actor.role_code == "prefecture_officer"
    client.post("/accesso/ruolo/", {"grant": str(other.public_id)})
    assert client.get("/").wsgi_request.actor.role_code == "housing_manager"


def test_session_left_alone_is_closed(clock: Callable[[str], object]) -> None:
    user, client = officer(), FormClient()
    clock("2026-03-02")
    client.force_login(user)
    assert client.get("/").status_code == 200

    with time_machine.travel("2026-03-02T11:31:00+00:00", tick=False):
        assert client.get("/").status_code == 302


def test_session_that_is_used_stays_open() -> None:
    user, client = officer(), FormClient()
    with time_machine.travel("2026-03-02T11:00:00+00:00", tick=False) as traveller:
        client.force_login(user)
        for _ in range(4):
            assert client.get("/").status_code == 200
            traveller.shift(20 * 60)


def test_demo_button_enters_without_a_password() -> None:
    invented = officer(invented=True)
    client = FormClient()

    with override_settings(IS_DEMO=True):
        page = client.get(SIGN_IN).content.decode()
        answer = client.post(reverse("accounts:demo_sign_in"), {"account": str(invented.public_id)})

    assert "Funzionario di prefettura" in page
    assert answer.headers["Location"] == "/"


def test_demo_button_never_opens_a_real_account() -> None:
    real = officer()

    with override_settings(IS_DEMO=True):
        answer = FormClient().post(reverse("accounts:demo_sign_in"), {"account": str(real.public_id)})

    assert answer.status_code == 404


@pytest.mark.parametrize("mode", [{"IS_DEMO": False}, {"IS_DEMO": True, "IS_PRODUCTION": True}])
def test_demo_sign_in_does_not_exist_outside_the_demo(mode: dict[str, bool]) -> None:
    invented = officer(invented=True)
    client = FormClient()

    with override_settings(**mode):
        answer = client.post(reverse("accounts:demo_sign_in"), {"account": str(invented.public_id)})

    assert answer.status_code == 404
    assert client.get("/").status_code == 302


def test_production_has_no_address_for_the_demo_sign_in(tmp_path: Path) -> None:
    settings_of_production = {
        name: value for name, value in os.environ.items() if not name.startswith(("ALI_", "DJANGO_"))
    } | {
        "PYTHONPATH": str(ROOT / "src"),
        "ALI_MODE": "production",
        "ALI_SECRET_KEY": "x" * 60,
        "ALI_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "ali.config.settings",
    }
    program = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.urls import reverse, NoReverseMatch\n"
        "try:\n    print(reverse('accounts:demo_sign_in'))\n"
        "except NoReverseMatch:\n    print('none', settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,"
        " settings.PASSWORD_HASHERS[0].rsplit('.')[-1], 'django.contrib.admin' in settings.INSTALLED_APPS)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        env=settings_of_production,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["none", "__Host-sessionid", "True", "Argon2PasswordHasher", "False"], (
        done.stderr
    )


def test_production_refuses_the_key_of_the_demo(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("ALI_", "DJANGO_"))}
    bare |= {"PYTHONPATH": str(ROOT / "src"), "ALI_MODE": "production", "ALI_DATA_DIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", "import ali.config.settings"],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "ALI_SECRET_KEY" in done.stderr


def test_sessions_live_twelve_hours_at_most_and_end_with_the_browser() -> None:
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
