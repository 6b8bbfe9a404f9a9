"""Two households exchange the homes that a round meant for them: in one act, with a reason, counted as decided by people."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from ali.accounts.actors import Actor
from ali.allocation import services
from ali.allocation.exchanges import exchanges_of
from ali.allocation.models import Round, RoundEntry
from ali.allocation.queries import changed_share
from ali.allocation.states import Handling, PinKind
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.core.decisions import NotAllowed, Refusal
from ali.core.models import StaleRecord
from ali.housing.models import Bed
from tests.clients import client_as, once
from tests.factories.allocation import (
    PinFactory,
    RoundEntryFactory,
    RoundFactory,
    Scene,
    body_of,
    make_leaving,
    make_scene,
)
from tests.factories.housing import DwellingFactory
from tests.factories.organisations import actor_for_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@dataclass
class Pair:
    scene: Scene
    round: Round
    first: RoundEntry
    second: RoundEntry

    def exchange(self, **changed: Any) -> Any:
        given = {
            "actor": self.scene.officer,
            "entry": self.first,
            "other": self.second,
            "expected_version": 1,
            "expected_other_version": 1,
            "reason": "lavorano uno vicino alla casa dell'altro",
            "today": clock.today(),
        }
        return services.exchange_homes(**{**given, **changed})

    def why_not(self) -> str:
        (one,) = exchanges_of(self.scene.officer, self.first, clock.today())
        with pytest.raises(services.NotExchangeable):
            self.exchange()
        return one.refused


def make_pair(
    home: dict[str, Any] | None = None,
    other_home: dict[str, Any] | None = None,
    officer: Actor | None = None,
) -> Pair:
    """Two men whom the latest round puts in two homes for men."""
    scene = make_scene(home=home, officer=officer)
    other = make_leaving(officer=scene.officer, carer=scene.carer)
    flat = DwellingFactory(
        manager=body_of(scene.landlord), building=scene.home.building, **(other_home or {})
    )
    made = RoundFactory(solved=True, households=2, housed=2)
    first = RoundEntryFactory(round=made, household=scene.household, dwelling=scene.home)
    second = RoundEntryFactory(round=made, household=other.person.household, dwelling=flat)
    return Pair(scene, made, first, second)


def test_exchange_gives_each_the_home_of_the_other_and_keeps_what_the_engine_said() -> None:
    pair = make_pair()
    before = pair.first.dwelling_id, pair.second.dwelling_id

    pair.exchange()

    first, second = RoundEntry.objects.order_by("pk")
    assert (second.dwelling_id, first.dwelling_id) == before
    assert (first.suggested_id, second.suggested_id) == before
    assert {first.handling, second.handling} == {Handling.EXCHANGED}
    assert first.handling_reason == second.handling_reason == "lavorano uno vicino alla casa dell'altro"
    assert first.weight > 0
    assert (first.version, second.version) == (2, 2)
    event = AuditEvent.objects.get(verb="homes_exchanged")
    assert event.reason == "lavorano uno vicino alla casa dell'altro"
    assert changed_share(pair.round)[Handling.EXCHANGED] == 2


def test_exchange_back_is_again_what_the_engine_said() -> None:
    pair = make_pair()
    pair.exchange()

    pair.exchange(expected_version=2, expected_other_version=2)

    assert set(RoundEntry.objects.values_list("handling", flat=True)) == {Handling.OPEN}


def test_exchanged_home_put_forward_is_a_change_by_a_person() -> None:
    pair = make_pair()
    pair.exchange()

    proposal = pair.scene.put_forward(dwelling=pair.second.dwelling)

    pair.first.refresh_from_db()
    assert proposal.is_changed_by_person
    assert pair.first.handling == Handling.CHANGED


def test_exchange_needs_a_reason_and_the_versions_that_were_read() -> None:
    pair = make_pair()

    with pytest.raises(services.ReasonMissing):
        pair.exchange(reason=" ")
    with pytest.raises(StaleRecord):
        pair.exchange(expected_other_version=7)

    pair.first.refresh_from_db()
    assert (pair.first.version, pair.first.dwelling_id) == (1, pair.scene.home.pk)


@pytest.mark.parametrize("role", ["housing_manager", "centre_operator", "project_manager"])
def test_only_the_prefecture_exchanges(role: str) -> None:
    with pytest.raises(NotAllowed):
        make_pair().exchange(actor=actor_for_role(role))


def test_who_does_not_suit_the_home_of_the_other_cannot_exchange() -> None:
    pair = make_pair(other_home={"women": True})

    assert "uso non è adatto" in pair.why_not()
    assert "Questo nucleo nella loro casa" in pair.why_not()


def test_home_that_frees_itself_too_late_for_the_other_is_not_exchanged() -> None:
    pair = make_pair()
    Bed.objects.filter(room__dwelling=pair.scene.home).update(free_from=clock.today() + timedelta(days=90))

    assert "Loro in questa casa" in pair.why_not()


def test_bed_meant_for_somebody_else_of_the_round_is_not_exchanged() -> None:
    pair = make_pair(other_home={"beds": 2})
    third = make_leaving(officer=pair.scene.officer, carer=pair.scene.carer)
    early, late = Bed.objects.filter(room__dwelling=pair.second.dwelling).order_by("pk")
    Bed.objects.filter(pk=late.pk).update(free_from=clock.today() + timedelta(days=80))
    RoundEntryFactory(
        round=pair.round,
        household=third.person.household,
        dwelling=pair.second.dwelling,
        free_on=clock.today(),
    )

    refused = {
        one.other.pk: one.refused for one in exchanges_of(pair.scene.officer, pair.first, clock.today())
    }

    assert early.free_from <= clock.today()
    assert "in tempo" in refused[pair.second.pk]


def test_excluded_home_is_not_exchanged() -> None:
    pair = make_pair()
    PinFactory(household=pair.scene.household, dwelling=pair.second.dwelling, kind=PinKind.FORBID)

    assert "esclusa" in pair.why_not()


def test_who_has_been_decided_is_not_exchanged() -> None:
    pair = make_pair()
    services.set_aside(
        actor=pair.scene.officer, entry=pair.second, expected_version=1, reason="aspettano un parente"
    )
    (one,) = exchanges_of(pair.scene.officer, pair.first, clock.today())

    assert "già stato deciso" in one.refused
    with pytest.raises(Refusal):
        pair.exchange()


def test_only_the_latest_round_is_exchanged() -> None:
    pair = make_pair()
    RoundFactory(solved=True, criteria=pair.round.criteria)

    with pytest.raises(NotAllowed, match="più recente"):
        pair.exchange()


def test_entries_of_two_rounds_are_not_exchanged() -> None:
    pair = make_pair()
    elsewhere = RoundEntryFactory(
        round=RoundFactory(criteria=pair.round.criteria),
        household=pair.second.household,
        dwelling=pair.second.dwelling,
    )

    with pytest.raises(Refusal):
        pair.exchange(other=elsewhere)


class TestPage:
    def test_it_shows_who_can_and_why_the_others_cannot(self) -> None:
        client = client_as("prefecture_officer")
        pair = make_pair(officer=client.actor)
        refused = RoundEntryFactory(
            round=pair.round,
            household=make_leaving(officer=pair.scene.officer, carer=pair.scene.carer).person.household,
            dwelling=DwellingFactory(women=True, building=pair.scene.home.building),
        )

        answer = client.get(reverse("allocation:entry_exchange", args=[pair.first.public_id]))

        text = answer.content.decode()
        assert [row["other"].pk for row in answer.context["possible"]] == [pair.second.pk]
        assert [row["other"].pk for row in answer.context["others"]] == [refused.pk]
        assert "il suo uso non è adatto al nucleo" in text
        assert text.count('name="reason"') == 1
        assert "></textarea>" in text  # no reason is ever pre-filled

    def test_one_form_exchanges_both_once(self) -> None:
        client = client_as("prefecture_officer")
        pair = make_pair(officer=client.actor)
        url = reverse("allocation:entry_exchange", args=[pair.first.public_id])
        sent = {
            "other": str(pair.second.public_id),
            "version": "1",
            "other_version": "1",
            "reason": "vicino alla scuola",
        }

        form = {**once(), **sent}
        answers = [client.post(url, form) for _twice in range(2)]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert list(RoundEntry.objects.order_by("pk").values_list("version", flat=True)) == [2, 2]
        page = client.get(reverse("allocation:round_detail", args=[pair.round.public_id])).content.decode()
        assert "scambiata, da avviare" in page
        assert "Il calcolo proponeva" in page

    def test_refused_exchange_says_why(self) -> None:
        client = client_as("prefecture_officer")
        pair = make_pair(officer=client.actor)
        url = reverse("allocation:entry_exchange", args=[pair.first.public_id])

        answer = client.post(
            url,
            {**once(), "other": str(pair.second.public_id), "version": "1", "other_version": "1"},
            follow=True,
        )

        assert "Scrivi il motivo" in answer.content.decode()
        assert client.post(url, {**once(), "other": "niente"}).status_code == 404
