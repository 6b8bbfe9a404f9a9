"""The pages: what each party sees, what is told when somebody was faster, and how many statements they take."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from ali.allocation import services
from ali.allocation.models import Criteria, Proposal, Round
from ali.allocation.tasks import answer_what_if
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.housing.models import Bed, Dwelling
from tests.clients import RoleClient, client_as, once
from tests.factories.allocation import (
    CriteriaFactory,
    RoundEntryFactory,
    RoundFactory,
    Scene,
    make_leaving,
    make_scene,
    scene_for,
    user_of,
)
from tests.factories.housing import OccupancyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def officer_scene() -> tuple[RoleClient, Scene]:
    client = client_as("prefecture_officer")
    return client, scene_for(client.actor)


def statements(client: RoleClient, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_officer_puts_forward_with_words_of_their_own() -> None:
    client, scene = officer_scene()
    url = f"/abbinamenti/proponi/{scene.home.public_id}/{scene.household.public_id}/"

    empty = client.get(url)
    refused = client.post(url, {**once(), "starts_on": "2026-03-12", "reason": ""})
    done = client.post(url, {**once(), "starts_on": "2026-03-12", "reason": "lavora vicino"})

    assert b"></textarea>" in empty.content.replace(b"\n", b"")
    assert refused.status_code == 422
    assert done.status_code == 302
    assert Proposal.objects.get().officer_reason == "lavora vicino"


def test_officer_who_comes_second_reads_a_sentence() -> None:
    client, scene = officer_scene()
    scene.put_forward()
    url = f"/abbinamenti/proponi/{scene.home.public_id}/{scene.household.public_id}/"

    answer = client.post(url, {**once(), "starts_on": "2026-03-12", "reason": "lavora vicino"})

    assert answer.status_code == 422
    assert "qualcuno ha deciso prima" in answer.content.decode()


def test_same_form_sent_twice_makes_one_proposal() -> None:
    client, scene = officer_scene()
    url = f"/abbinamenti/proponi/{scene.home.public_id}/{scene.household.public_id}/"
    sent = {**once(), "starts_on": "2026-03-12", "reason": "lavora vicino"}

    first, again = client.post(url, sent), client.post(url, sent)

    assert first.headers["Location"] == again.headers["Location"]
    assert Proposal.objects.count() == 1


def test_page_of_a_proposal_offers_each_party_its_own_answer() -> None:
    officer, scene = officer_scene()
    proposal = scene.put_forward()
    url = f"/abbinamenti/proposte/{proposal.public_id}/"
    landlord, carer = RoleClient(), RoleClient()
    landlord.force_login(user_of(scene.landlord))
    carer.force_login(user_of(scene.carer))

    seen = {
        who: client.get(url).content.decode()
        for who, client in (("officer", officer), ("landlord", landlord), ("carer", carer))
    }

    assert "Ritira la proposta" in seen["officer"]
    assert "Accettiamo il nucleo" not in seen["officer"] + seen["carer"]
    assert "Accettiamo il nucleo" in seen["landlord"]
    assert "Il foglio per il nucleo" in seen["carer"]
    assert "Risparmi" not in seen["officer"]
    assert "lavora vicino a questa casa" not in seen["landlord"]


def test_landlord_who_refused_reads_nothing_more_of_the_household() -> None:
    landlord = client_as("housing_manager")
    scene = scene_for(landlord.actor)
    proposal = scene.put_forward()
    url = f"/abbinamenti/proposte/{proposal.public_id}/"
    before = landlord.get(url).content.decode()

    landlord.post(f"{url}rifiuta/", {**once(), "version": proposal.version, "reason": "stanza non pronta"})

    after = landlord.get(url).content.decode()
    assert scene.person.display_name in before
    assert scene.person.display_name not in after
    assert "non sono più visibili" in after


def test_round_counts_what_people_changed() -> None:
    client, scene = officer_scene()
    other = make_scene(officer=scene.officer, landlord=scene.landlord, carer=scene.carer)
    solved = RoundFactory(solved=True)
    RoundEntryFactory(round=solved, household=scene.household, dwelling=other.home)
    RoundEntryFactory(round=solved, household=other.household, dwelling=other.home)
    scene.put_forward()

    page = client.get(f"/abbinamenti/giro/{solved.public_id}/").content.decode()

    assert "1 su 1 decise, 1 da decidere" in page
    assert "100%" in page


def test_export_of_a_round_is_logged_with_its_reason() -> None:
    client, scene = officer_scene()
    solved = RoundFactory(solved=True)
    RoundEntryFactory(round=solved, household=scene.household, dwelling=scene.home)

    answer = client.post(
        f"/abbinamenti/giro/{solved.public_id}/esporta/", {**once(), "reason": "riunione del tavolo"}
    )

    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    event = AuditEvent.objects.get(verb="round_exported")
    assert event.reason == "riunione del tavolo"


def test_reading_a_round_is_one_event_with_the_persons() -> None:
    client, scene = officer_scene()
    solved = RoundFactory(solved=True)
    RoundEntryFactory(round=solved, household=scene.household, dwelling=scene.home)

    client.get(f"/abbinamenti/giro/{solved.public_id}/")

    event = AuditEvent.objects.get(verb="round_read")
    assert list(event.subjects.values_list("person", flat=True)) == [scene.person.public_id]


def test_nothing_can_be_confirmed_in_bulk() -> None:
    client, scene = officer_scene()
    solved = RoundFactory(solved=True)
    RoundEntryFactory(round=solved, household=scene.household, dwelling=scene.home)

    page = client.get(f"/abbinamenti/giro/{solved.public_id}/").content.decode()

    assert 'type="checkbox"' not in page


def test_round_asked_from_the_page_waits_for_the_worker() -> None:
    client = client_as("prefecture_officer")
    CriteriaFactory()

    answer = client.post("/abbinamenti/avvia/", {**once(), "province": "PD", "window_days": "90"})

    page = client.get(answer.headers["Location"]).content.decode()
    assert "In coda" in page
    assert "Annulla il lavoro" in page


def test_command_expires_what_is_overdue(capsys: pytest.CaptureFixture[str]) -> None:
    scene = make_scene()
    proposal = scene.put_forward()
    Proposal.objects.filter(pk=proposal.pk).update(home_answer_by_day=clock.today().replace(day=1))

    call_command("expire")

    assert "proposte scadute: 1" in capsys.readouterr().out


def _round_page(scene: Scene, households: int) -> str:
    """The address of a round that houses every second household."""
    solved = RoundFactory(solved=True)
    for number in range(households):
        one = make_leaving(officer=scene.officer, carer=scene.carer)
        RoundEntryFactory(
            round=solved,
            household=one.person.household,
            dwelling=scene.home if number % 2 else None,
            outcome="proposed" if number % 2 else "not_housed",
        )
    return f"/abbinamenti/giro/{solved.public_id}/"


def test_round_page_takes_as_many_statements_for_many_as_for_few() -> None:
    client, scene = officer_scene()

    few, many = (statements(client, _round_page(scene, households)) for households in (2, 12))

    assert few == many <= 20


@pytest.mark.parametrize("path", ["casa", "nucleo", "proposte"])
def test_list_takes_as_many_statements_for_many_as_for_one(path: str) -> None:
    client, scene = officer_scene()
    addresses = {
        "casa": f"/abbinamenti/casa/{scene.home.public_id}/",
        "nucleo": f"/abbinamenti/nucleo/{scene.household.public_id}/",
        "proposte": "/abbinamenti/proposte/",
    }
    more: Any = None
    if path == "proposte":
        scene.put_forward()
    few = statements(client, addresses[path])
    for _number in range(4):
        more = make_scene(officer=scene.officer, landlord=scene.landlord, carer=scene.carer)
        if path == "proposte":
            more.put_forward()

    many = statements(client, addresses[path])

    assert many <= few + 1
    assert many <= 32


def test_shortlist_says_from_when_each_bed_is_free_and_which_days_are_only_expected() -> None:
    client, scene = officer_scene()
    second = Bed.objects.order_by("-pk")[0]
    Bed.objects.filter(pk=second.pk).update(free_from="2026-05-04", is_free_sure=False)

    text = client.get(f"/abbinamenti/casa/{scene.home.public_id}/").content.decode()

    assert "1 posto libero subito" in text
    assert "1 posto dal 4 mag 2026 (data attesa)" in " ".join(text.split())


def test_shortlist_says_that_nobody_has_told_who_lives_in_an_open_home() -> None:
    client, scene = officer_scene()
    Dwelling.objects.update(mode="open")
    stay = OccupancyFactory(bed=Bed.objects.order_by("pk")[0])
    url = f"/abbinamenti/casa/{scene.home.public_id}/"

    unsaid = client.get(url).content.decode()
    stay.who = "man"
    stay.save()
    said = client.get(url).content.decode()

    assert "Non si sa chi ci abita già" in unsaid
    assert "Nessun posto libero in questi giorni" in unsaid
    assert "Non si sa chi ci abita già" not in said
    assert "1 posto libero subito" in said


def test_every_number_of_the_rounds_opens_its_rows() -> None:
    client, _scene = officer_scene()
    made = RoundFactory(solved=True, households=7, places=5, housed=4, asked_by=user_of(client.actor))
    url = f"/abbinamenti/giro/{made.public_id}/"

    text = client.get("/abbinamenti/").content.decode()

    for address, number in (
        (url, 7),
        (f"{url}#proposte", 4),
        (f"{url}#senza", 3),
        ("/case/posti/?days=90", 5),
    ):
        assert f'href="{address}">{number}<' in text


def _solved(scene: Scene) -> Round:
    if not Criteria.objects.exists():
        CriteriaFactory()
    asked = services.open_round(actor=scene.officer, province="PD", window_days=90, today=clock.today())
    return services.run_round(actor=scene.officer, round_=asked, now=clock.now)


def _work() -> None:
    """What the worker does with the questions that wait."""
    for waiting in DBTaskResult.objects.filter(task_path=answer_what_if.module_path):
        waiting.claim("tests")
        waiting.set_successful(answer_what_if.func(*waiting.args_kwargs["args"]))


def test_change_is_asked_from_the_round_and_answered_when_the_worker_has_tried_it(
    django_capture_on_commit_callbacks: Any,
) -> None:
    client, scene = officer_scene()
    url = f"/abbinamenti/giro/{_solved(scene).public_id}/e-se/"

    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(url, {**once(), "kind": "home_gone", "dwelling": str(scene.home.public_id)})
    address = asked.headers["Location"]
    waiting = client.get(address).content.decode()
    _work()
    answered = client.get(address).content.decode()
    ended = client.get(address, headers={"HX-Request": "true"})

    assert "Si prova il cambiamento" in waiting
    assert "non ci fosse più" in answered
    assert "Resterebbe senza casa 1 nucleo in più" in answered
    assert ended.headers["HX-Redirect"] == address
    assert AuditEvent.objects.filter(verb="round_change_tried").count() == 1


def test_change_without_its_home_is_asked_again() -> None:
    client, scene = officer_scene()

    answer = client.post(f"/abbinamenti/giro/{_solved(scene).public_id}/e-se/", {**once(), "kind": "refuse"})

    assert answer.status_code == 422
    assert "Scegli la casa." in answer.content.decode()
    assert "Scegli il nucleo." in answer.content.decode()


def test_answer_of_another_round_is_not_found(django_capture_on_commit_callbacks: Any) -> None:
    client, scene = officer_scene()
    solved, other = _solved(scene), _solved(scene)
    asked = {**once(), "kind": "home_more", "dwelling": str(scene.home.public_id)}

    with django_capture_on_commit_callbacks(execute=True):
        address = client.post(f"/abbinamenti/giro/{solved.public_id}/e-se/", asked).headers["Location"]

    assert client.get(address.replace(str(solved.public_id), str(other.public_id))).status_code == 404


def test_proposals_are_grouped_by_how_solid_they_are() -> None:
    client, scene = officer_scene()
    solved = _solved(scene)
    solved.entries.update(solidity=72)

    text = client.get(f"/abbinamenti/giro/{solved.public_id}/").content.decode()

    assert "Proposte discrete" in text
    assert "Resta la sua in 72 prove su 100" in text
    assert "0 solide, 1 discrete, 0 fragili" in text
