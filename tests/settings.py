"""The product's settings with the little that tests change. The database follows ALI_DATABASE_URL."""

import os
import tempfile
from pathlib import Path

_folder = Path(tempfile.gettempdir()) / f"ali-tests-{os.getuid()}"
os.environ["ALI_MODE"] = "test"
os.environ["ALI_DATA_DIR"] = str(_folder / f"{os.getpid()}")

from ali.config.settings import *  # noqa: E402, F403
from ali.config.settings import DATABASES, STATIC_ROOT, TEMPLATES  # noqa: E402
from tests.template_variables import UndefinedVariable  # noqa: E402

WHITENOISE_USE_FINDERS = (
    False  # every client would look for the static files; the live server has its own handler
)
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns about a missing folder

# Argon2 is slow on purpose; tests sign in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# One per process: sign-in limits of one test must not reach another.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the server of the journeys and racing threads then meet the locks that users meet.
    _database["TEST"] = {"NAME": str(Path(os.environ["ALI_DATA_DIR"]) / "test.sqlite3")}
    _database["OPTIONS"]["init_command"] = _database["OPTIONS"]["init_command"].replace("=FULL", "=OFF")
else:
    # The test database is dropped at the end: nothing may hold it open.
    _database["OPTIONS"].pop("pool", None)
