"""What is said in a mediation reaches those who are named on it, and nobody else by any way."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models.signals import post_save

from ali.accounts import roles
from ali.accounts.access import roles_that_open
from ali.accounts.models import User
from ali.accounts.roles import ROLES
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.core.decisions import NotAllowed
from ali.core.written import WrittenStays
from ali.deadlines.models import Deadline
from ali.housing.models import Dwelling
from ali.organisations.models import Organisation
from ali.upkeep import services
from ali.upkeep.models import Mediation, MediationNote
from tests.clients import RoleClient, client_as
from tests.factories.organisations import actor_for_role
from tests.factories.upkeep import mediation_for
from tests.rules.answers import everything_in
from tests.rules.url_examples import Example, addresses, ask, examples

pytestmark = pytest.mark.django_db
CANARY = "zqlitigioz"


@pytest.fixture
def author(client_as: Any, today: date) -> RoleClient:
    client: RoleClient = client_as(roles.HOUSING_OPERATOR.code)
    return client


def colleague_of(author: RoleClient, role: str = roles.HOUSING_OPERATOR.code) -> RoleClient:
    return client_as(role, Organisation.objects.get(pk=author.actor.organisation_id))


def name(author: RoleClient, mediation: Mediation, colleague: RoleClient) -> None:
    services.name_colleague(
        actor=author.actor,
        mediation=mediation,
        colleague=colleague.user,
        now=clock.now(),
        today=clock.today(),
    )


def write(client: RoleClient, mediation: Mediation, text: str, **step: Any) -> MediationNote:
    return services.write_note(
        actor=client.actor,
        mediation=mediation,
        kind="note",
        text=text,
        step=services.NextStep(**step),
        expected_version=mediation.version,
        now=clock.now(),
    )


def page_of(mediation: Mediation) -> str:
    return f"/manutenzioni/mediazioni/{mediation.public_id}/"


def test_named_colleague_reads_and_writes_and_the_others_only_count(author: RoleClient) -> None:
    mediation = mediation_for(author.actor, text=CANARY)
    named, manager = colleague_of(author), colleague_of(author, roles.HOUSING_MANAGER.code)
    name(author, mediation, named)

    assert CANARY in named.get(page_of(mediation)).text
    write(named, mediation, "Sentite tutte e due le parti")
    assert manager.get(page_of(mediation)).status_code == 404
    assert "1 mediazione in corso" in manager.get("/manutenzioni/mediazioni/").text
    assert "Mediazione in corso" in manager.get(f"/case/{mediation.dwelling.public_id}/").text
    with pytest.raises(NotAllowed):
        write(manager, mediation, "anch'io")


def test_only_who_opened_it_names_and_what_a_colleague_reads_ends(author: RoleClient) -> None:
    mediation = mediation_for(author.actor)
    named, other = colleague_of(author), colleague_of(author)
    name(author, mediation, named)

    with pytest.raises(NotAllowed):
        name(named, mediation, other)
    services.unname_colleague(
        actor=author.actor,
        colleague=mediation.colleagues.get(),
        expected_version=1,
        now=clock.now(),
        today=clock.today(),
    )
    assert named.get(page_of(mediation)).status_code == 404
    with pytest.raises(services.NotNameable):
        name(author, mediation, colleague_of(author, roles.RENT_ACCOUNTANT.code))


def test_author_who_moves_to_another_body_reads_no_more(author: RoleClient) -> None:
    mediation = mediation_for(author.actor)
    Dwelling.objects.filter(pk=mediation.dwelling_id).update(
        manager=actor_for_role(roles.HOUSING_MANAGER.code).organisation_id
    )

    assert author.get(page_of(mediation)).status_code == 404


def test_notes_are_added_and_never_changed(author: RoleClient) -> None:
    mediation = mediation_for(author.actor)
    note = mediation.notes.get()
    note.text = "altro"

    with pytest.raises(WrittenStays):
        note.save()
    with pytest.raises(WrittenStays):
        note.delete()
    with pytest.raises(WrittenStays):
        MediationNote.objects.filter(mediation=mediation).update(text="altro")


def test_next_step_is_on_the_boards_of_who_reads_without_its_words(author: RoleClient, today: date) -> None:
    mediation = mediation_for(author.actor)
    named = colleague_of(author)
    write(author, mediation, "Si rivedono", what=CANARY, by=today + timedelta(7))
    name(author, mediation, named)

    dues = Deadline.objects.filter(source=f"upkeep.mediation:{mediation.public_id}")
    assert {due.user_id for due in dues} == {author.user.pk, named.user.pk}
    assert all(CANARY not in due.sentence for due in dues)


def test_mediation_is_closed_with_how_it_ended_and_may_be_taken_up_again(author: RoleClient) -> None:
    mediation = mediation_for(author.actor)
    page = page_of(mediation)

    author.post(f"{page}nota/", {"version": 1, "kind": "agreement", "text": "Turni scritti", "next_step": ""})
    author.post(f"{page}chiudi/", {"version": 2, "end": "agreed", "text": "Tutti contenti"})
    assert "accordo raggiunto" in author.get(page).text
    assert Mediation.objects.get().closed_on == clock.today()
    author.post(f"{page}riprendi/", {"version": 3, "reason": "Di nuovo"})

    assert Mediation.objects.get().state == "under_way"
    kinds = list(mediation.notes.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["note", "agreement", "closing", "reopening"]


def test_reading_leaves_a_trace_that_says_nothing_of_the_conflict(author: RoleClient) -> None:
    mediation = mediation_for(author.actor, text=CANARY)
    author.get(page_of(mediation))

    event = AuditEvent.objects.filter(verb="home_diary_read").latest("pk")
    assert event.subjects.count() == 2
    assert all(
        CANARY not in f"{one.reason}{json.dumps(one.details)}" for one in AuditEvent.objects.order_by("pk")
    )


def settle(sender: Any, instance: Dwelling, created: bool, **rest: Any) -> None:
    """Each home has a mediation of a colleague of the body that keeps it, full of canaries."""
    if not created:
        return
    writer = User.objects.create(email=f"{instance.public_id}@esempio.invalid", full_name="Chi media")
    mediation = Mediation.objects.create(
        dwelling=instance,
        topic="noise",
        opened_by=writer,
        opened_on=date(2026, 3, 1),
        next_step=CANARY,
        next_step_on=date(2026, 3, 3),
    )
    MediationNote.objects.create(
        mediation=mediation, text=CANARY, written_by=writer, written_at=clock.now(), kind="agreement"
    )


@pytest.fixture
def every_home_has_a_conflict(db: None) -> Iterator[None]:
    post_save.connect(settle, sender=Dwelling)
    yield
    post_save.disconnect(settle, sender=Dwelling)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_word_of_a_mediation_reaches_who_is_not_named(every_home_has_a_conflict: None, role: str) -> None:
    client = client_as(role)
    leaks = []
    for url_name, address in addresses().items():
        if role not in (roles_that_open(address.view) or ()):
            continue
        with transaction.atomic():
            example = examples().get(url_name, Example())
            answer = ask(client, address, example.make(client.actor), example)
            texts = [everything_in(answer)]
            if answer.status_code == 302 and answer.headers["Location"].startswith("/"):
                texts.append(everything_in(client.get(answer.headers["Location"])))
            texts += [f"{one.reason}{json.dumps(one.details)}" for one in AuditEvent.objects.order_by("pk")]
            if any(CANARY in text for text in texts):
                leaks.append(url_name)
            transaction.set_rollback(True)

    assert leaks == []
