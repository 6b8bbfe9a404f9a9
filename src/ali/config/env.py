"""Every environment variable of the product: name, type, default and one sentence, declared once."""

import os
from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Variable:
    """One environment variable, as `docs/reference/settings.md` prints it."""

    name: str
    default: str
    says: str

    def read(self) -> str:
        return os.environ.get(self.name, self.default)

    def is_on(self) -> bool:
        return self.read().strip().lower() in {"1", "true", "yes", "on", "si"}

    def read_int(self) -> int:
        return int(self.read())

    def read_list(self) -> list[str]:
        return [part.strip() for part in self.read().split(",") if part.strip()]


MODE = Variable("ALI_MODE", "demo", "demo, production or test; production refuses to start with demo values.")
SECRET_KEY = Variable(
    "ALI_SECRET_KEY", "demo-only-not-secret", "Key that signs sessions; in production at least 50 characters."
)
DATABASE_URL = Variable(
    "ALI_DATABASE_URL",
    "",
    "sqlite:///path or postgresql://user@host:port/name; empty is SQLite in the data folder.",
)
DATA_DIR = Variable("ALI_DATA_DIR", str(BASE / "var"), "Folder of the embedded database and of the files.")
ALLOWED_HOSTS = Variable(
    "ALI_ALLOWED_HOSTS", "127.0.0.1,localhost", "Host names that the site answers to, comma separated."
)
TRUSTED_ORIGINS = Variable(
    "ALI_TRUSTED_ORIGINS", "", "Origins (https://name) accepted for forms behind a proxy."
)
TRUSTED_PROXIES = Variable(
    "ALI_TRUSTED_PROXIES",
    "0",
    "How many reverse proxies of ours stand in front: sign-in limits then count the visitor's address, not theirs.",
)
EMAIL_URL = Variable("ALI_EMAIL_HOST", "", "SMTP host; empty prints messages to the console.")
UPLOAD_LIMIT_MB = Variable(
    "ALI_UPLOAD_LIMIT_MB", "20", "Largest file accepted by the importers, in megabytes."
)
IMPORT_ROWS = Variable("ALI_IMPORT_ROWS", "50000", "Most rows accepted in one imported file.")
ACCESSIBILITY_URL = Variable(
    "ALI_ACCESSIBILITY_URL", "", "Address of the body's accessibility statement (form.agid.gov.it)."
)
COLLECTED_STATIC = Variable(
    "ALI_COLLECTED_STATIC",
    "0",
    "1 serves the compressed files that collectstatic gathered; always so in production.",
)
DEBUG = Variable("ALI_DEBUG", "0", "1 shows technical error pages; never in production.")

VARIABLES = [value for value in globals().values() if isinstance(value, Variable)]
