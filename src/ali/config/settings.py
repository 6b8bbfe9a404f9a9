"""One settings module: environments differ by the variables of `env.py` alone."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ali.config import env

BASE_DIR = env.BASE
PACKAGE_DIR = Path(__file__).resolve().parents[1]
DATA_DIR = Path(env.DATA_DIR.read())
DATA_DIR.mkdir(parents=True, exist_ok=True)

MODE = env.MODE.read()
IS_DEMO = MODE == "demo"
IS_PRODUCTION = MODE == "production"
IS_COLLECTED = IS_PRODUCTION or env.COLLECTED_STATIC.is_on()
DEBUG = env.DEBUG.is_on() and not IS_PRODUCTION
SECRET_KEY = env.SECRET_KEY.read()
if IS_PRODUCTION and (env.SECRET_KEY.default == SECRET_KEY or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured(
        "ALI_SECRET_KEY: in produzione serve una chiave propria di almeno 50 caratteri."
    )
ALLOWED_HOSTS = env.ALLOWED_HOSTS.read_list()
CSRF_TRUSTED_ORIGINS = env.TRUSTED_ORIGINS.read_list()

OUR_APPS = [
    "ali.core",
    "ali.places",
    "ali.audit",
    "ali.accounts",
    "ali.organisations",
    "ali.rules",
    "ali.imports",
    "ali.documents",
    "ali.deadlines",
    "ali.people",
    "ali.reception",
    "ali.pathways",
    "ali.work",
    "ali.housing",
    "ali.scouting",
    "ali.agreements",
    "ali.renovation",
    "ali.upkeep",
    "ali.allocation",
    "ali.tenancies",
    "ali.rents",
    "ali.portfolio",
    "ali.desk",
    "ali.demo",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    # Both "simple" configurations: the default ones switch each other off.
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_filters",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
    *OUR_APPS,
]

MIDDLEWARE = [
    "ali.core.middleware.DatabaseTrouble",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ali.core.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ali.core.middleware.PrivatePages",
    "ali.accounts.middleware.ActorAndAccess",
    "ali.core.middleware.OnceOnly",
    "ali.rules.middleware.RulesReadOnce",
]

ROOT_URLCONF = "ali.config.urls"
WSGI_APPLICATION = "ali.config.wsgi.application"

COTTON_DIR = "components"
COTTON_SNAKE_CASED_NAMES = False
# Components see what they are given and the context processors, nothing of the page.
COTTON_ISOLATE_BY_DEFAULT = True
FORM_RENDERER = "ali.core.rendering.DesignFormRenderer"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "ali.core.templatetags.ali",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "ali.core.context.site",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    """Return Django's description of the database at `url`; SQLite when it is empty."""
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        name = f"/{parts.path.lstrip('/')}" if url else str(DATA_DIR / "ali.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # synchronous=FULL: NORMAL may lose the last commits at a power cut.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
            },
        }
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            f"ALI_DATABASE_URL: schema «{parts.scheme}» non previsto (sqlite o postgresql)."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            # A pool outlives a restart of the server: 1 error in 2,150 instead of 537 in 1,412.
            "pool": {"min_size": 1, "max_size": 8, "timeout": 5},
            "connect_timeout": 3,
            "options": "-c statement_timeout=10000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000 -c jit=off",
        },
    }


DATABASES = {"default": _database(env.DATABASE_URL.read())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": True}}
CACHES = {
    # Shared by all processes: sign-in limits in a per-process cache are N times weaker.
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "cache"),
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "ali.accounts.adapters.ClosedAdapter"
ACCOUNT_FORMS = {
    "login": "ali.accounts.forms.SignInForm",
    "change_password": "ali.accounts.forms.PasswordForm",
    "reauthenticate": "ali.accounts.forms.ConfirmPasswordForm",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "5/5m/key,20/5m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.TRUSTED_PROXIES.read_int()

SESSION_ENGINE = "ali.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ali.core.errors.forged_or_stale"
if IS_PRODUCTION:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "it"
LANGUAGES = [("it", _("Italiano")), ("en", _("Inglese"))]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["ali.config.formats"]
TIME_ZONE = "Europe/Rome"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [path for path in (BASE_DIR / "vendor", PACKAGE_DIR / "static") if path.is_dir()]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files")},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_COLLECTED
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "ali.core.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_LIMIT_BYTES = env.UPLOAD_LIMIT_MB.read_int() * 1024 * 1024
IMPORT_ROWS = env.IMPORT_ROWS.read_int()
ACCESSIBILITY_URL = env.ACCESSIBILITY_URL.read()
DJANGO_TABLES2_TEMPLATE = "tables/table.html"

EMAIL_HOST = env.EMAIL_URL.read()
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ALI_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
