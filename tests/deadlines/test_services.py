"""A deadline is stored in Italian, whoever writes it, and read in the reader's language."""

from datetime import date

import pytest
from django.utils.translation import override

from ali.deadlines.models import Deadline, DeadlineKind
from ali.deadlines.services import Due, write_deadline
from ali.people.states import PermitKind
from tests.factories.organisations import OrganisationFactory

pytestmark = pytest.mark.django_db


def _write(title: str, **words: object) -> Deadline:
    body = OrganisationFactory()
    write_deadline(
        Due(DeadlineKind.PERMIT, "people.permit:x", date(2026, 3, 2), title, (body.pk,), words=words)
    )
    return Deadline.objects.get()


def test_deadline_written_in_english_is_read_in_both_languages() -> None:
    with override("en"):
        due = _write("Scade il permesso: %(kind)s", kind=PermitKind.LS.label)

    with override("it"):
        assert str(due) == "Scade il permesso: lavoro subordinato"
    with override("en"):
        assert str(due) == "Permit expires: employment"


def test_somebodys_own_words_stay_as_typed() -> None:
    due = _write("Chiedere lo sconto del 100%")

    with override("en"):
        assert due.sentence == "Chiedere lo sconto del 100%"
