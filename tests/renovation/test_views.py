from datetime import date, timedelta

import pytest
from django.urls import reverse

from ali.accounts import roles
from ali.renovation.gantt import draw
from ali.renovation.models import CostLine, PhaseRow, Quote, Works
from ali.renovation.queries import rows_of
from ali.renovation.states import Phase
from tests.clients import ClientAs
from tests.factories.renovation import home_to_renew, make_works

pytestmark = pytest.mark.django_db


def test_works_are_opened_planned_and_begun(client_as: ClientAs, today: date) -> None:
    manager = client_as(roles.HOUSING_MANAGER.code)
    home = home_to_renew(manager.actor)

    answer = manager.post(
        reverse("renovation:works_open", args=[home.public_id]),
        {"dwellings": [home.pk], "name": "Bagno e impianti", "was_empty": "on"},
    )
    works = Works.objects.get()
    assert answer.headers["Location"] == reverse("renovation:works_programme", args=[works.public_id])
    days = {
        phase.value: "5"
        for phase in Phase
        if phase not in {Phase.MANAGEMENT, Phase.SUSPENDED, Phase.ABANDONED}
    }
    manager.post(answer.headers["Location"], {**days, "starts_on": "2026-03-02", "version": works.version})
    works.refresh_from_db()
    assert works.ready_on == date(2026, 4, 30)
    step = reverse("renovation:works_step", args=[works.public_id])
    manager.post(
        step, {"verb": "begin_site", "on": "2026-03-02", "reason": "già pronto", "version": works.version}
    )
    home.refresh_from_db()
    assert (home.state, home.available_on) == ("works", date(2026, 4, 30))


def test_refusal_is_a_sentence_on_the_page(client_as: ClientAs, today: date) -> None:
    manager = client_as(roles.HOUSING_MANAGER.code)
    works = make_works(manager.actor)

    for data in (
        {"verb": "begin_design", "on": "2026-03-02"},
        {"verb": "begin_moon", "on": "2026-03-02"},
        {"on": "boh"},
    ):
        answer = manager.post(
            reverse("renovation:works_step", args=[works.public_id]),
            {**data, "version": works.version},
            follow=True,
        )
        assert answer.status_code == 200
        assert list(answer.context["messages"])
    works.refresh_from_db()
    assert works.phase == Phase.AVAILABILITY


def test_phase_form_keeps_what_was_typed_when_it_cannot_be(client_as: ClientAs, today: date) -> None:
    manager = client_as(roles.HOUSING_MANAGER.code)
    works = make_works(manager.actor)

    answer = manager.post(
        reverse("renovation:phase_edit", args=[works.public_id, "site"]),
        {"starts_on": "2026-05-02", "ends_on": "2026-04-01", "version": works.version},
    )

    assert answer.status_code == 422
    assert "finisce prima di cominciare" in answer.content.decode()


def test_old_page_does_not_overwrite_a_colleague(client_as: ClientAs, today: date) -> None:
    manager = client_as(roles.HOUSING_MANAGER.code)
    works = make_works(manager.actor)

    answer = manager.post(
        reverse("renovation:works_edit", args=[works.public_id]),
        {"name": "Altro", "version": works.version - 1},
    )

    assert answer.status_code == 422


def test_costs_page_shows_quotes_side_by_side(client_as: ClientAs, today: date) -> None:
    manager = client_as(roles.HOUSING_MANAGER.code)
    works = make_works(manager.actor)
    CostLine.objects.create(works=works, category="bathroom", net_cents=812_345)
    manager.post(
        reverse("renovation:quote_add", args=[works.public_id]),
        {"firm": "Impresa Uno", "received_on": "2026-03-01", "line_bathroom": "7.900,50"},
    )
    quote = Quote.objects.get()

    text = manager.get(reverse("renovation:works_costs", args=[works.public_id])).content.decode()
    assert "8.123,45" in text
    assert "7.900,50" in text
    manager.post(
        reverse("renovation:quote_choose", args=[quote.public_id]), {"reason": "la sola", "version": 1}
    )
    quote.refresh_from_db()
    assert quote.chosen_because == "la sola"


def test_operator_reads_without_buttons(client_as: ClientAs, today: date) -> None:
    works = make_works()
    operator = client_as(roles.HOUSING_OPERATOR.code, works.holder)

    text = operator.get(reverse("renovation:works_detail", args=[works.public_id])).content.decode()

    assert reverse("renovation:works_costs", args=[works.public_id]) in text
    assert reverse("renovation:works_step", args=[works.public_id]) not in text


def test_gantt_says_late_and_first_plan(today: date) -> None:
    works = make_works(phase=Phase.SITE)
    row = PhaseRow.objects.get(works=works, phase=Phase.SITE)
    row.planned_ends_on = today - timedelta(days=3)
    row.planned_starts_on = row.started_on
    row.save()

    picture = draw(rows_of(works), today)

    assert picture
    tones = [bar.tone for line in picture.lines for bar in line.bars]
    assert tones.count("late") == 1
    assert "first" in tones
    assert picture.today_x is not None


def test_detail_asks_few_queries(client_as: ClientAs, today: date, django_assert_max_num_queries) -> None:
    manager = client_as(roles.HOUSING_MANAGER.code)
    works = make_works(manager.actor, phase=Phase.SITE)

    with django_assert_max_num_queries(45):
        manager.get(reverse("renovation:works_detail", args=[works.public_id]))
