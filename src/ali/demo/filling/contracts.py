"""The real reception contracts that ship with the product, imported as the prefecture's officer would: the only real
names in the demonstration, and nobody invented lives under them."""

from datetime import date, datetime
from pathlib import Path

from ali import reception
from ali.accounts.actors import Actor
from ali.imports.models import ImportRun
from ali.imports.services import apply_run, stage_file

FILE = Path(reception.__file__).parent / "data" / "contracts_pd_vi_ro_re_bs.csv"


def import_contracts(actor: Actor, *, today: date, now: datetime) -> ImportRun:
    """Import those of the officer's provinces; what is not clear waits for a person to confirm it."""
    run = stage_file(actor=actor, kind="anac", source=FILE, today=today)
    return apply_run(actor=actor, run=run, today=today, now=now)
