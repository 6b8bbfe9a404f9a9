import pytest
from django.urls import reverse

from ali.rules.models import Rule
from ali.rules.services import load_shipped_rules
from ali.rules.values import shipped_rules
from tests.clients import ClientAs, once

pytestmark = pytest.mark.django_db
DAYS = "reception.exit_days.recognised.permit_delivered"


def rule(code: str = DAYS) -> Rule:
    load_shipped_rules()
    found: Rule = Rule.objects.get(code=code)
    return found


def test_list_says_which_rules_nobody_has_confirmed(client_as: ClientAs) -> None:
    rule()

    text = client_as("centre_operator").get(reverse("rules:rule_list")).content.decode()

    assert "non sono ancora confermate da nessuno" in text
    assert text.count("non ancora confermata da nessuno") == len(shipped_rules())


def test_empty_list_says_what_to_do(client_as: ClientAs) -> None:
    text = client_as("administrator").get(reverse("rules:rule_list")).content.decode()

    assert "ali rules load" in text


def test_officer_sets_a_local_value_and_confirms_it(client_as: ClientAs) -> None:
    client = client_as("prefecture_officer")
    form = {"province": "PD", "valid_from": "2026-03-01", "source": "Circolare 12/2026", "value_": "30"}

    answer = client.post(reverse("rules:rule_set", args=[rule().public_id]), {**form, **once()})
    local = Rule.objects.get(code=DAYS, province="PD")
    client.post(reverse("rules:rule_confirm", args=[local.public_id]), {"version": local.version, **once()})

    local.refresh_from_db()
    assert answer.headers["Location"] == reverse("rules:rule_detail", args=[local.public_id])
    assert (local.value, local.confirmed_by) == (30, client.user)
    assert client.user.full_name in client.get(answer.headers["Location"]).content.decode()


def test_parts_are_typed_with_a_comma(client_as: ClientAs) -> None:
    bands = rule("affordability.bands")
    form = {
        "province": "PD",
        "valid_from": "2026-03-01",
        "source": "Delibera",
        "value_green_up_to": "0,28",
        "value_amber_up_to": "0.35",
    }

    client_as("prefecture_officer").post(
        reverse("rules:rule_set", args=[bands.public_id]), {**form, **once()}
    )

    local = Rule.objects.get(code="affordability.bands", province="PD")
    assert local.value == {"green_up_to": 0.28, "amber_up_to": 0.35}


@pytest.mark.parametrize("typed", ["molti", "-3", ""])
def test_wrong_number_is_refused_with_the_form(client_as: ClientAs, typed: str) -> None:
    form = {"province": "PD", "valid_from": "2026-03-01", "source": "x", "value_": typed}

    answer = client_as("prefecture_officer").post(
        reverse("rules:rule_set", args=[rule().public_id]), {**form, **once()}
    )

    assert answer.status_code == 422
    assert not Rule.objects.filter(province="PD").exists()


def test_stale_confirmation_is_refused_with_a_sentence(client_as: ClientAs) -> None:
    shipped = rule("people.residence_days")

    answer = client_as("prefecture_officer").post(
        reverse("rules:rule_confirm", args=[shipped.public_id]), {"version": "7", **once()}, follow=True
    )

    assert "Qualcun altro ha modificato" in answer.content.decode()


@pytest.mark.parametrize("shipped", shipped_rules(), ids=lambda one: one.code)
def test_every_rule_has_a_form_that_gives_its_own_value_back(client_as: ClientAs, shipped) -> None:
    from ali.rules.forms import RuleValueForm
    from ali.rules.shapes import check_shape
    from tests.factories.places import load_small_places

    load_small_places()
    stored = rule(shipped.code)
    blank = RuleValueForm(rule=stored, provinces={"PD"})
    typed = {name: blank[name].value() for name in blank.fields if name.startswith("value_")}
    typed = {name: value for name, value in typed.items() if value is not None and value is not False}
    if stored.value is None:
        typed["value_"] = "30"

    form = RuleValueForm(
        {"province": "PD", "valid_from": "2026-03-01", "source": "Atto", **typed},
        rule=stored,
        provinces={"PD"},
    )

    assert form.is_valid(), form.errors
    assert form.value == (30 if stored.value is None else stored.value)
    check_shape(shipped.code, form.value)
