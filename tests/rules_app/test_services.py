from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from ali.accounts.actors import Actor
from ali.accounts.roles import ROLES
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed
from ali.core.models import StaleRecord
from ali.places.models import Municipality
from ali.rules import services
from ali.rules.models import Rule
from ali.rules.shapes import WrongShape
from ali.rules.values import rule_in_force, shipped_rules
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.places import municipality, province

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAYS = "reception.exit_days.recognised.permit_delivered"


def shipped(code: str = DAYS) -> Rule:
    services.load_shipped_rules()
    return Rule.objects.get(
        code=code, province__isnull=True, municipality__isnull=True, valid_to__isnull=True
    )


def set_days(actor: Actor, days: Any = 30, valid_from: date = TODAY, **more: Any) -> Rule:
    return services.set_rule_value(
        actor=actor,
        like=shipped(),
        value=days,
        province=more.pop("province", None) or province("PD"),
        valid_from=valid_from,
        source="Circolare n. 12 del 1 marzo 2026",
        today=TODAY,
        **more,
    )


# Loading --------------------------------------------------------------------------------------------------------------


def test_every_shipped_rule_is_loaded_and_nobody_has_confirmed_it() -> None:
    loaded = services.load_shipped_rules()

    assert loaded.added == loaded.rules == len(shipped_rules()) == Rule.objects.count()
    assert not Rule.objects.filter(confirmed_at__isnull=False).exists()


def test_second_time_changes_nothing() -> None:
    services.load_shipped_rules()

    again = services.load_shipped_rules()

    assert (again.added, again.updated) == (0, 0)


def test_new_wording_of_an_unconfirmed_rule_arrives() -> None:
    rule = shipped()
    Rule.objects.filter(pk=rule.pk).update(sentence="vecchia")

    assert services.load_shipped_rules().updated == 1


def test_confirmed_rule_is_never_overwritten() -> None:
    rule = shipped("people.residence_days")
    officer = actor_for_role("prefecture_officer")
    services.confirm_rule(actor=officer, rule=rule, version=1, now=NOW, today=TODAY)
    Rule.objects.filter(pk=rule.pk).update(value=21)

    services.load_shipped_rules()

    rule.refresh_from_db()
    assert rule.value == 21


def test_local_value_is_never_overwritten() -> None:
    local = set_days(actor_for_role("prefecture_officer"))

    services.load_shipped_rules()

    local.refresh_from_db()
    assert (local.value, local.valid_to) == (30, None)


def test_command_loads_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rules", "load")

    assert f"{len(shipped_rules())} nuove" in capsys.readouterr().out


# Setting --------------------------------------------------------------------------------------------------------------


def test_local_value_counts_there_and_nowhere_else() -> None:
    set_days(actor_for_role("prefecture_officer"))

    assert rule_in_force(DAYS, day=TODAY, province="PD").value == 30
    assert rule_in_force(DAYS, day=TODAY, province="VI").value is None
    assert rule_in_force(DAYS, day=TODAY - timedelta(days=1), province="PD").value is None


def test_new_value_ends_the_one_in_force_the_day_before() -> None:
    officer = actor_for_role("prefecture_officer")
    first = set_days(officer, 30)

    set_days(officer, 45, TODAY + timedelta(days=10))

    first.refresh_from_db()
    assert first.valid_to == TODAY + timedelta(days=9)
    assert rule_in_force(DAYS, day=TODAY + timedelta(days=9), province="PD").value == 30
    assert rule_in_force(DAYS, day=TODAY + timedelta(days=10), province="PD").value == 45


def test_value_set_before_a_known_next_one_ends_where_that_begins() -> None:
    officer = actor_for_role("prefecture_officer")
    set_days(officer, 45, TODAY + timedelta(days=10))

    now = set_days(officer, 30, TODAY)

    assert now.valid_to == TODAY + timedelta(days=9)


def test_unconfirmed_value_of_the_same_day_is_corrected() -> None:
    officer = actor_for_role("prefecture_officer")
    first = set_days(officer, 30)

    second = set_days(officer, 40)

    assert (second.pk, second.value) == (first.pk, 40)


def test_confirmed_value_of_the_same_day_is_not() -> None:
    officer = actor_for_role("prefecture_officer")
    first = set_days(officer, 30)
    services.confirm_rule(actor=officer, rule=first, version=first.version, now=NOW, today=TODAY)

    with pytest.raises(services.AlreadyInForce):
        set_days(officer, 40)


def test_town_s_value_wins_over_the_province_s() -> None:
    officer = actor_for_role("prefecture_officer")
    set_days(officer, 30)
    set_days(officer, 20, municipality=municipality("Padova"))

    assert rule_in_force(DAYS, day=TODAY, province="PD", municipality="028060").value == 20
    assert rule_in_force(DAYS, day=TODAY, province="PD", municipality="028001").value == 30
    assert rule_in_force(DAYS, day=TODAY, municipality="028060").value == 20


def test_setting_is_in_the_log_with_before_and_after() -> None:
    set_days(actor_for_role("prefecture_officer"), 30)

    event = AuditEvent.objects.get(verb="rule_set")
    assert (event.details["before"], event.details["value"]) == (None, 30)


@pytest.mark.parametrize(
    "role", [code for code in ROLES if code not in {"prefecture_officer", "administrator"}]
)
def test_other_roles_set_nothing(role: str) -> None:
    with pytest.raises(NotAllowed):
        set_days(actor_for_role(role))


def test_administrator_of_a_cooperative_sets_no_rule_of_the_province() -> None:
    admin = actor_for_role("administrator", organisation=OrganisationFactory(reception_manager=True))

    with pytest.raises(NotAllowed):
        set_days(admin)


def test_prefecture_sets_nothing_in_another_province() -> None:
    with pytest.raises(NotAllowed, match="tua prefettura"):
        set_days(actor_for_role("prefecture_officer"), province=province("VI"))


@pytest.mark.parametrize("wrong", ["trenta", -1, True, [30], {"days": 30}, None])
def test_value_of_another_kind_is_refused(wrong: Any) -> None:
    with pytest.raises(WrongShape):
        set_days(actor_for_role("prefecture_officer"), wrong)


# Confirming -----------------------------------------------------------------------------------------------------------


def test_officer_confirms_in_their_own_name() -> None:
    officer, rule = actor_for_role("prefecture_officer"), shipped("people.residence_days")

    services.confirm_rule(actor=officer, rule=rule, version=rule.version, now=NOW, today=TODAY)

    assert (rule.confirmed_by_id, rule.confirmed_at) == (officer.user_id, NOW)
    assert rule_in_force("people.residence_days", day=TODAY).is_confirmed
    assert AuditEvent.objects.filter(verb="rule_confirmed", user_id=officer.user_id).exists()


def test_confirmation_changes_the_version_that_decisions_keep() -> None:
    officer, rule = actor_for_role("prefecture_officer"), shipped("people.residence_days")
    before = rule_in_force("people.residence_days", day=TODAY).version

    services.confirm_rule(actor=officer, rule=rule, version=rule.version, now=NOW, today=TODAY)

    assert rule_in_force("people.residence_days", day=TODAY).version != before


def test_parameter_without_a_value_cannot_be_confirmed() -> None:
    with pytest.raises(NotAllowed, match="Manca il valore"):
        services.confirm_rule(
            actor=actor_for_role("prefecture_officer"), rule=shipped(), version=1, now=NOW, today=TODAY
        )


def test_rule_changed_in_the_meantime_is_not_confirmed() -> None:
    rule = shipped("people.residence_days")

    with pytest.raises(StaleRecord):
        services.confirm_rule(
            actor=actor_for_role("prefecture_officer"),
            rule=rule,
            version=rule.version + 1,
            now=NOW,
            today=TODAY,
        )


@pytest.mark.parametrize("role", [code for code in ROLES if code != "prefecture_officer"])
def test_other_roles_confirm_nothing(role: str) -> None:
    with pytest.raises(NotAllowed):
        services.confirm_rule(
            actor=actor_for_role(role), rule=shipped("people.residence_days"), version=1, now=NOW, today=TODAY
        )


def test_officer_of_another_province_does_not_confirm_a_local_value() -> None:
    local = set_days(actor_for_role("prefecture_officer"))

    with pytest.raises(NotAllowed):
        services.confirm_rule(
            actor=actor_for_role("prefecture_officer", province="VI"),
            rule=local,
            version=local.version,
            now=NOW,
            today=TODAY,
        )


def test_local_row_alone_does_not_hide_the_shipped_rule_elsewhere() -> None:
    Rule.objects.create(
        code="people.residence_days",
        value=10,
        province=province("PD"),
        valid_from=TODAY,
        sentence="s",
        source="f",
    )

    assert rule_in_force("people.residence_days", day=TODAY, province="VI").value == 20
    assert rule_in_force("people.residence_days", day=TODAY, province="PD").value == 10


def test_housing_office_sets_and_confirms_what_concerns_homes_in_its_own_comune() -> None:
    padova, rovigo = municipality("Padova"), municipality("Rovigo")
    officer = actor_for_role("municipal_officer")

    def set_there(code: str, town: Municipality) -> Rule:
        return services.set_rule_value(
            actor=officer,
            like=shipped(code),
            value=True if code == "housing.capacity_blocks" else 15,
            province=town.province,
            municipality=town,
            valid_from=TODAY,
            source="DGC 561/2021",
            today=TODAY,
        )

    own = set_there("housing.capacity_blocks", padova)
    services.confirm_rule(actor=officer, rule=own, version=own.version, now=NOW, today=TODAY)

    with pytest.raises(NotAllowed, match="solo per il tuo Comune"):
        set_there("housing.capacity_blocks", rovigo)
    with pytest.raises(NotAllowed, match="prefettura competente"):
        set_there("people.residence_days", padova)
    with pytest.raises(NotAllowed, match="del tuo Comune"):
        services.confirm_rule(
            actor=officer, rule=shipped("people.residence_days"), version=1, now=NOW, today=TODAY
        )
