from typing import Any

from ali.accounts.actors import Actor
from ali.agreements.board import write_clocks
from ali.agreements.models import Agreement, Commitment, Fund, FundCall
from ali.core import clock
from ali.organisations.models import Organisation
from tests.factories.agreements import AgreementFactory, CommitmentFactory, FundFactory, SchemeFactory
from tests.factories.housing import DwellingFactory
from tests.rules.url_examples import Example


def _agreement_of(actor: Actor, **kwargs: Any) -> Agreement:
    home = DwellingFactory(manager=Organisation.objects.get(pk=actor.organisation_id))
    made: Agreement = AgreementFactory(dwelling=home, **kwargs)
    return made


def _draft(actor: Actor) -> dict[str, Any]:
    return {"public_id": _agreement_of(actor).public_id}


def _running(actor: Actor) -> dict[str, Any]:
    return {"public_id": _agreement_of(actor, in_force=True).public_id}


def _home(actor: Actor) -> dict[str, Any]:
    home = DwellingFactory(manager=Organisation.objects.get(pk=actor.organisation_id))
    return {"public_id": home.public_id}


def _covered(actor: Actor) -> dict[str, Any]:
    agreement = _agreement_of(actor, in_force=True)
    return {"public_id": agreement.public_id, "home_id": agreement.dwellings.get().public_id}


def _clock(actor: Actor) -> dict[str, Any]:
    agreement = _agreement_of(actor, in_force=True)
    write_clocks(agreement, clock.today())
    return {"public_id": agreement.clocks.order_by("pk")[0].public_id}


def _fund_of(actor: Actor) -> Fund:
    made: Fund = FundFactory(body=Organisation.objects.get(pk=actor.organisation_id))
    return made


def _fund(actor: Actor) -> dict[str, Any]:
    return {"public_id": _fund_of(actor).public_id}


def _commitment_of(actor: Actor) -> Commitment:
    made: Commitment = CommitmentFactory(fund=_fund_of(actor))
    return made


def _commitment(actor: Actor) -> dict[str, Any]:
    return {"public_id": _commitment_of(actor).public_id}


def _call(actor: Actor) -> dict[str, Any]:
    call = FundCall.objects.create(
        commitment=_commitment_of(actor),
        arrears_cents=100_000,
        asked_cents=100_000,
        reason="prova",
        asked_on=clock.today(),
    )
    return {"public_id": call.public_id}


def _entry(actor: Actor) -> dict[str, Any]:
    return {"public_id": _fund_of(actor).entries.order_by("pk")[0].public_id}


def _scheme(actor: Actor) -> dict[str, Any]:
    return {"public_id": SchemeFactory(organisation_id=actor.organisation_id).public_id}


def _application(actor: Actor) -> dict[str, Any]:
    from ali.agreements.models import GuaranteeApplication

    agreement = _agreement_of(actor, in_force=True)
    made = GuaranteeApplication.objects.create(
        scheme=SchemeFactory(),
        body_id=actor.organisation_id,
        dwelling=agreement.dwellings.get(),
        agreement=agreement,
        monthly_cents=40_000,
        months=12,
        asked_on=clock.today(),
    )
    return {"public_id": made.public_id}


_VERSION = {"version": "1"}
_REASON = {**_VERSION, "reason": "prova"}

EXAMPLES = {
    "agreements:agreement_list": Example(query={"scade": "90"}),
    "agreements:agreement_add": Example(make=_home),
    "agreements:contract_terms": Example(make=_home, query={"contract_type": "C32"}),
    "agreements:agreement_detail": Example(make=_running),
    "agreements:agreement_edit": Example(make=_draft),
    "agreements:agreement_sign": Example(make=_draft, post={**_VERSION, "signed_on": "2026-03-02"}),
    "agreements:agreement_start": Example(make=_draft, post=_VERSION),
    "agreements:agreement_cancel": Example(make=_draft, post=_REASON),
    "agreements:agreement_amend": Example(make=_running),
    "agreements:agreement_register": Example(make=_running),
    "agreements:agreement_notice": Example(make=_running),
    "agreements:agreement_notice_back": Example(make=_running, post=_REASON),
    "agreements:agreement_end": Example(make=_running),
    "agreements:agreement_deposit": Example(make=_running),
    "agreements:agreement_share": Example(make=_running),
    "agreements:guarantee_ask": Example(make=_running),
    "agreements:home_return": Example(make=_covered),
    "agreements:clock_done": Example(make=_clock),
    "agreements:scheme_edit": Example(make=_scheme, is_shared=True),
    "agreements:scheme_confirm": Example(make=_scheme, is_shared=True, post=_VERSION),
    "agreements:application_answer": Example(make=_application),
    "agreements:application_end": Example(make=_application, post=_REASON),
    "agreements:fund_detail": Example(make=_fund),
    "agreements:fund_edit": Example(make=_fund),
    "agreements:fund_endow": Example(make=_fund),
    "agreements:commitment_add": Example(make=_fund),
    "agreements:commitment_release": Example(make=_commitment, post=_REASON),
    "agreements:call_decide": Example(make=_call),
    "agreements:call_recover": Example(make=_call),
    "agreements:entry_reverse": Example(make=_entry, post=_REASON),
}
