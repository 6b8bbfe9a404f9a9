"""Every model says what may leave production, sorts where it shows, and has a version when people edit it."""

import pytest
from django.apps import apps
from django.db.models import Model

from ali.core.models import Versioned

MODELS = [model for model in apps.get_models() if model.__module__.startswith("ali.")]

# The rows that no form of a person edits, each with its reason. Everything else has a version against silent overwriting.
NOT_EDITED = {
    "portfolio.AppraisalVersion": "written once: the next version takes its place",
    "portfolio.KeptMonth": "kept sums, written by the nightly work",
    "renovation.PhaseRow": "saved with its works, whose version guards it",
    "renovation.QuoteLine": "written once with its quote",
    "renovation.Stop": "saved with its works, whose version guards it",
    "renovation.Trainee": "written once; the day of leaving is set once",
    "accounts.UserSession": "the session store writes it",
    "agreements.FundEntry": "written once: corrected by another that reverses it",
    "allocation.BedHold": "made and ended with its proposal, whose version the form carries",
    "allocation.CommitteeCandidate": "written once, with the home on the agenda",
    "allocation.CommitteeConflict": "written once",
    "allocation.CommitteeVote": "written once",
    "allocation.Minutes": "written once",
    "allocation.MinutesNote": "written once",
    "allocation.Pin": "said again, never corrected: the last one said holds, with its reason, and each is in the log",
    "allocation.ProposalOpening": "written once",
    "audit.AuditEvent": "written once",
    "audit.AuditSubject": "written once",
    "core.SubmittedForm": "the middleware writes it",
    "housing.CadastralUnit": "written with its home, whose version the form carries",
    "housing.Room": "edited with its home, whose version the form carries",
    "people.Assignment": "made and ended by services as a consequence of what happens to the person",
    "people.Citizenship": "written and removed with the person, whose version the form carries",
    "people.TogetherWish": "stated or taken back, nothing in it changes",
    "places.Dataset": "reference data, loaded from files",
    "places.Language": "reference data, loaded from files",
    "places.Municipality": "reference data, loaded from files",
    "places.Province": "reference data, loaded from files",
    "places.State": "reference data, loaded from files",
    "rents.ArrearsStep": "written once, with the arrears whose version the form carries",
    "rents.Instalment": "written with its plan, never edited",
    "rents.KnownPayer": "learnt when a person confirms a payment",
    "rents.MonthlyTotal": "kept by the postings",
    "rents.Movement": "written once: corrected by another that reverses it",
    "rents.Settlement": "written once: taken back by another of the opposite sign",
    "scouting.Recipient": "chosen again with its campaign, whose version the form carries",
    "scouting.RentQuote": "loaded from the files of the observatory",
    "scouting.RentZone": "loaded from the files of the observatory",
    "tenancies.DepositDeduction": "written with the deposit given back, never edited",
    "tenancies.ItemCheck": "written with its hand-over, whose version the form carries",
    "tenancies.MeterReading": "written with its hand-over, whose version the form carries",
    "upkeep.MediationNote": "written once",
    "upkeep.TicketStep": "written once",
    "tenancies.TenancyShare": "set with the shares of a tenancy, whose version the form carries; a new day adds a row",
}


def label(model: type[Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_field_is_hidden_or_shown_outside_production(model: type[Model]) -> None:
    privacy = getattr(model, "Privacy", None)
    fields = {
        field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete
    } - {"id"}
    hidden, shown = set(getattr(privacy, "hidden", ())) - {"id"}, set(getattr(privacy, "shown", ())) - {"id"}

    assert (hidden & shown, fields - hidden - shown, (hidden | shown) - fields) == (set(), set(), set())


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_no_model_has_a_default_order(model: type[Model]) -> None:
    assert list(model._meta.ordering) == []


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_what_people_edit_has_a_version(model: type[Model]) -> None:
    assert issubclass(model, Versioned) is not (label(model) in NOT_EDITED)


def test_no_reason_speaks_of_a_model_that_is_gone() -> None:
    assert set(NOT_EDITED) <= {label(model) for model in MODELS}
