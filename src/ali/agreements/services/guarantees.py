"""Agencies that guarantee: their registry, what is asked of them, what they answer."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from ali.accounts.actors import SYSTEM, Actor
from ali.agreements import permissions
from ali.agreements.models import Agreement, GuaranteeApplication, GuaranteeScheme
from ali.agreements.services.drafting import NotYet
from ali.agreements.services.funds import commit_fund
from ali.agreements.services.running import WrongData
from ali.agreements.states import APPLICATION_TRANSITIONS, ApplicationState, Instrument
from ali.audit import services as audit
from ali.core.transactions import atomic
from ali.housing.models import Dwelling
from ali.places.models import Municipality

SHIPPED = Path(__file__).parent.parent / "data" / "schemes.json"


@dataclass(frozen=True)
class SchemeFacts:
    """What an agency guarantees, as its notice says it. Sums in cents; None where it says nothing."""

    name: str
    agency: str
    source: str
    instrument: str = Instrument.FUND
    municipality_id: str | None = None
    province_id: str | None = None
    fund_id: int | None = None
    conditions: str = ""
    max_months: int | None = None
    works_cents: int | None = None
    one_off_cents: int | None = None

    def check(self) -> None:
        """Raise `WrongData` when the scheme cannot be."""
        if not self.name.strip() or not self.agency.strip():
            raise WrongData(_("Scrivi il nome della garanzia e chi la dà."))
        if not self.source.strip():
            raise WrongData(_("Scrivi la fonte: il bando, la delibera o con chi hai parlato e quando."))


@atomic
def add_scheme(*, actor: Actor, facts: SchemeFacts, today: date) -> GuaranteeScheme:
    """Add a guarantee to the registry; nobody has confirmed it yet."""
    permissions.may_keep_scheme(actor, None, today).or_refuse()
    facts.check()
    made = GuaranteeScheme.objects.create(organisation_id=actor.body, **asdict(facts))
    audit.record(actor, "scheme_added", made)
    return made


@atomic
def change_scheme(
    *, actor: Actor, scheme: GuaranteeScheme, facts: SchemeFacts, expected_version: int, today: date
) -> GuaranteeScheme:
    """Change a guarantee: it is to be confirmed again."""
    permissions.may_keep_scheme(actor, scheme, today).or_refuse()
    facts.check()
    for name, value in asdict(facts).items():
        setattr(scheme, name, value)
    scheme.confirmed_on, scheme.confirmed_by = None, None
    scheme.save_if_unchanged(expected_version)
    audit.record(actor, "scheme_changed", scheme)
    return scheme


@atomic
def confirm_scheme(
    *, actor: Actor, scheme: GuaranteeScheme, expected_version: int, today: date
) -> GuaranteeScheme:
    """Say that these are the agency's numbers."""
    permissions.may_keep_scheme(actor, scheme, today).or_refuse()
    scheme.confirmed_on, scheme.confirmed_by_id = today, actor.signer
    scheme.save_if_unchanged(expected_version)
    audit.record(actor, "scheme_confirmed", scheme)
    return scheme


@atomic
def load_schemes(*, actor: Actor = SYSTEM) -> int:
    """Put the guarantees that ship with the product in the registry, once; say how many are new.

    A Comune that is not loaded yet waits for the next time.
    """
    known = set(GuaranteeScheme.objects.order_by().values_list("name", "agency"))
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    towns = set(
        Municipality.objects.filter(pk__in=[row["municipality_id"] for row in rows])
        .order_by()
        .values_list("pk", flat=True)
    )
    made = [
        GuaranteeScheme(**row)
        for row in rows
        if (row["name"], row["agency"]) not in known and row["municipality_id"] in towns
    ]
    GuaranteeScheme.objects.bulk_create(made)
    if made:
        audit.record(actor, "schemes_loaded", added=len(made))
    return len(made)


@atomic
def ask_guarantee(
    *,
    actor: Actor,
    scheme: GuaranteeScheme,
    dwelling: Dwelling,
    monthly_cents: int,
    months: int,
    note: str,
    today: date,
    agreement: Agreement | None = None,
    tenancy: UUID | None = None,
) -> GuaranteeApplication:
    """Ask an agency to guarantee a contract: with the owner (`agreement`) or with who lives there (`tenancy`)."""
    permissions.may_ask_guarantee(actor).or_refuse()
    if (agreement is None) == (tenancy is None):
        raise WrongData(_("La garanzia si chiede per un contratto alla volta."))
    if dwelling.manager_id != actor.organisation_id:
        raise WrongData(_("Questa casa è di un altro ente."))
    if not GuaranteeScheme.objects.near(dwelling.building.municipality).filter(pk=scheme.pk).exists():
        raise WrongData(_("Questa garanzia non vale nel Comune della casa."))
    if not monthly_cents or not months:
        raise WrongData(_("Scrivi quanto al mese e quante mensilità."))
    if scheme.max_months is not None and months > scheme.max_months:
        raise WrongData(_("Questa garanzia arriva a %(months)s mensilità.") % {"months": scheme.max_months})
    same = GuaranteeApplication.objects.filter(scheme=scheme, agreement=agreement, tenancy=tenancy)
    if same.filter(state__in=(ApplicationState.ASKED, ApplicationState.GRANTED)).exists():
        raise NotYet(_("Per questo contratto la garanzia è già chiesta o concessa."))
    made = GuaranteeApplication.objects.create(
        scheme=scheme,
        body_id=actor.body,
        dwelling=dwelling,
        agreement=agreement,
        tenancy=tenancy,
        monthly_cents=monthly_cents,
        months=months,
        asked_on=today,
        asked_by_id=actor.user_id,
        note=note.strip()[:400],
    )
    audit.record(actor, "guarantee_asked", made)
    return made


@atomic
def answer_guarantee(
    *,
    actor: Actor,
    application: GuaranteeApplication,
    is_granted: bool,
    answer: str,
    ends_on: date | None,
    expected_version: int,
    today: date,
) -> GuaranteeApplication:
    """Write what the agency answered. When its fund is kept here, a yes also commits the fund."""
    permissions.may_answer_guarantee(actor, application).or_refuse()
    if not is_granted and not answer.strip():
        raise WrongData(_("Scrivi perché è rifiutata."))
    verb = "grant" if is_granted else "refuse"
    application.state = APPLICATION_TRANSITIONS.after(verb, ApplicationState(application.state))
    application.answered_on, application.answered_by_id = today, actor.signer
    application.answer, application.ends_on = answer.strip()[:400], ends_on
    application.save_if_unchanged(expected_version)
    fund = application.scheme.fund
    if is_granted and fund is not None:
        commit_fund(
            actor=actor,
            fund=fund,
            body_id=application.body_id,
            dwelling=application.dwelling,
            agreement=application.agreement,
            tenancy=application.tenancy,
            monthly_cents=application.monthly_cents,
            months=application.months,
            starts_on=today,
            ends_on=ends_on,
            today=today,
        )
    audit.record(actor, "guarantee_answered", application, granted=is_granted)
    return application


@atomic
def end_guarantee(
    *, actor: Actor, application: GuaranteeApplication, reason: str, expected_version: int
) -> GuaranteeApplication:
    """The guarantee is no longer asked, or no longer holds, with the reason. A commitment is freed by who holds the fund."""
    if application.body_id != actor.organisation_id:
        permissions.may_answer_guarantee(actor, application).or_refuse()
    else:
        permissions.may_ask_guarantee(actor).or_refuse()
    if not reason.strip():
        raise WrongData(_("Scrivi perché finisce."))
    application.state = APPLICATION_TRANSITIONS.after("end", ApplicationState(application.state))
    application.answer = f"{application.answer} {reason.strip()}".strip()[:400]
    application.save_if_unchanged(expected_version)
    audit.record(actor, "guarantee_ended", application, reason=reason.strip())
    return application
