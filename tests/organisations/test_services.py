from datetime import date, timedelta

import pytest

from ali.accounts.actors import Actor, actor_for
from ali.accounts.models import User, UserSession
from ali.accounts.roles import ROLES
from ali.audit.models import AuditEvent
from ali.core.decisions import NotAllowed
from ali.core.models import StaleRecord
from ali.organisations import services
from ali.organisations.models import Membership, Organisation, OrganisationRole
from ali.places.models import Dataset, Municipality, Province
from ali.places.services import load_places
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, actor_for_role, actor_of
from tests.factories.places import province

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def administrator(organisation: Organisation | None = None) -> Actor:
    """The administrator of a prefecture unless another body is given."""
    return actor_for_role("administrator", organisation=organisation)


def body_of(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.organisation_id)


def add(
    actor: Actor, role: str, organisation: Organisation, email: str = "nuova@esempio.it"
) -> services.NewUser:
    return services.add_user(
        actor=actor, email=email, full_name="Nuova Persona", role=role, organisation=organisation, today=TODAY
    )


# Users ----------------------------------------------------------------------------------------------------------------


def test_new_user_can_enter_with_the_password_told_once() -> None:
    admin = administrator()

    added = add(admin, "prefecture_officer", body_of(admin))

    assert added.user.check_password(added.password)
    assert added.user.must_change_password
    assert actor_of(added.user).role_code == "prefecture_officer"
    assert set(AuditEvent.objects.values_list("verb", flat=True)) >= {"user_added", "membership_given"}


def test_password_is_nowhere_in_the_log() -> None:
    admin = administrator()

    added = add(admin, "prefecture_officer", body_of(admin))

    assert not any(added.password in str(event.details) for event in AuditEvent.objects.order_by("pk"))


def test_known_e_mail_gets_the_role_and_keeps_its_password() -> None:
    admin, known = administrator(), UserFactory(email="nota@esempio.it")
    before = known.password

    added = add(admin, "prefecture_officer", body_of(admin), email="NOTA@esempio.it")

    known.refresh_from_db()
    assert (added.user, added.password, known.password) == (known, "", before)


def test_nobody_gives_a_role_to_oneself() -> None:
    admin = administrator()
    myself = User.objects.get(pk=admin.user_id)

    with pytest.raises(NotAllowed, match="se stesso"):
        services.give_membership(
            actor=admin,
            user=myself,
            organisation=body_of(admin),
            role="prefecture_officer",
            starts_on=TODAY,
            today=TODAY,
        )


def test_prefecture_names_the_administrator_of_a_body_nearby_and_nothing_else() -> None:
    admin, cooperative = administrator(), OrganisationFactory(reception_manager=True)

    add(admin, "administrator", cooperative)

    with pytest.raises(NotAllowed, match="solo l'amministratore"):
        add(admin, "centre_operator", cooperative, email="altra@esempio.it")


def test_administrator_of_a_body_has_no_say_in_others() -> None:
    cooperative = OrganisationFactory(reception_manager=True)
    admin, other = administrator(cooperative), OrganisationFactory(reception_manager=True)

    with pytest.raises(NotAllowed):
        add(admin, "administrator", other)


def test_prefecture_has_no_say_in_another_province() -> None:
    admin, elsewhere = administrator(), OrganisationFactory(reception_manager=True, province="VI")

    with pytest.raises(NotAllowed):
        add(admin, "administrator", elsewhere)


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("prefecture_officer", "EG"),
        ("centre_operator", "PREF"),
        ("centre_coordinator", "IMM"),
        ("housing_manager", "EG"),
    ],
)
def test_role_must_fit_what_the_body_does(role: str, kind: str) -> None:
    body = OrganisationFactory(kind=kind)
    admin = administrator(body)

    with pytest.raises(NotAllowed, match="non svolge"):
        add(admin, role, body)


@pytest.mark.parametrize("role", [code for code in ROLES if code != "administrator"])
def test_other_roles_add_nobody(role: str) -> None:
    actor = actor_for_role(role)

    with pytest.raises(NotAllowed):
        add(actor, role, body_of(actor))


def test_same_role_twice_is_refused() -> None:
    admin = administrator()
    add(admin, "prefecture_officer", body_of(admin))

    with pytest.raises(services.AlreadyHeld):
        add(admin, "prefecture_officer", body_of(admin))


def test_ended_membership_gives_nothing_at_once_even_if_begun_today() -> None:
    admin = administrator()
    added = add(admin, "prefecture_officer", body_of(admin))

    services.end_membership(actor=admin, membership=added.membership, today=TODAY)

    assert not Membership.objects.valid_on(TODAY).filter(user=added.user).exists()


def test_role_can_be_given_again_after_it_ended() -> None:
    admin = administrator()
    added = add(admin, "prefecture_officer", body_of(admin))
    services.end_membership(actor=admin, membership=added.membership, today=TODAY)

    again = add(admin, "prefecture_officer", body_of(admin))

    assert again.password == ""


def test_nobody_ends_one_s_own_role() -> None:
    admin = administrator()
    own = Membership.objects.get(user=admin.user_id)

    with pytest.raises(NotAllowed):
        services.end_membership(actor=admin, membership=own, today=TODAY)


def test_disabled_user_loses_every_session() -> None:
    admin = administrator()
    user = add(admin, "prefecture_officer", body_of(admin)).user
    UserSession.objects.create(
        session_key="k", session_data="", expire_date="2027-01-01T00:00:00Z", user_id=user.pk
    )

    services.disable_user(actor=admin, user=user, today=TODAY)

    assert not UserSession.objects.filter(user_id=user.pk).exists()
    assert actor_for(user) is None


def test_account_that_others_rely_on_is_not_disabled_nor_given_a_password() -> None:
    admin = administrator()
    user = add(admin, "prefecture_officer", body_of(admin)).user
    MembershipFactory(centre_operator=True, user=user)

    with pytest.raises(NotAllowed, match="altra organizzazione"):
        services.disable_user(actor=admin, user=user, today=TODAY)
    with pytest.raises(NotAllowed):
        services.reset_password(actor=admin, user=user, today=TODAY)


def test_new_password_replaces_the_old_one() -> None:
    admin = administrator()
    user = add(admin, "prefecture_officer", body_of(admin)).user

    password = services.reset_password(actor=admin, user=user, today=TODAY)

    user.refresh_from_db()
    assert user.check_password(password)
    assert len(password) >= 20


# Bodies ---------------------------------------------------------------------------------------------------------------


def test_prefecture_adds_a_body_with_a_role_in_its_province() -> None:
    admin = administrator()

    body = services.add_organisation(actor=admin, given={"name": "Cooperativa Nuova"}, today=TODAY)
    services.add_role(actor=admin, organisation=body, kind="EG", province=province("PD"), today=TODAY)

    assert OrganisationRole.objects.get(organisation=body).starts_on == TODAY
    assert AuditEvent.objects.filter(verb="organisation_role_added").exists()


def test_cooperative_gives_itself_no_role() -> None:
    body = OrganisationFactory(reception_manager=True)
    admin = administrator(body)

    with pytest.raises(NotAllowed):
        services.add_role(actor=admin, organisation=body, kind="IMM", province=province("PD"), today=TODAY)


@pytest.mark.parametrize(("kind", "where"), [("PREF", "PD"), ("EG", "VI")])
def test_prefecture_gives_neither_its_own_kind_nor_roles_elsewhere(kind: str, where: str) -> None:
    admin, body = administrator(), OrganisationFactory()

    with pytest.raises(NotAllowed):
        services.add_role(actor=admin, organisation=body, kind=kind, province=province(where), today=TODAY)


def test_ended_role_is_kept_and_no_longer_valid() -> None:
    admin, body = administrator(), OrganisationFactory(reception_manager=True)
    role = OrganisationRole.objects.get(organisation=body)

    services.end_role(actor=admin, role=role, today=TODAY, expected_version=1)

    assert role.ends_on == TODAY - timedelta(days=1)
    assert not OrganisationRole.objects.valid_on(TODAY).filter(organisation=body).exists()


def test_role_that_somebody_else_changed_meanwhile_is_not_ended() -> None:
    admin, body = administrator(), OrganisationFactory(reception_manager=True)
    role = OrganisationRole.objects.get(organisation=body)
    OrganisationRole.objects.get(pk=role.pk).save_if_unchanged(1)

    with pytest.raises(StaleRecord):
        services.end_role(actor=admin, role=role, today=TODAY, expected_version=1)

    assert OrganisationRole.objects.valid_on(TODAY).filter(organisation=body).exists()


def test_two_people_editing_the_same_body_do_not_overwrite_each_other() -> None:
    admin = administrator()
    body = body_of(admin)
    services.edit_organisation(actor=admin, organisation=body, given={"phone": "1"}, version=1, today=TODAY)

    with pytest.raises(StaleRecord):
        services.edit_organisation(
            actor=admin, organisation=body, given={"phone": "2"}, version=1, today=TODAY
        )


def test_body_is_found_by_any_word_of_its_names() -> None:
    body = OrganisationFactory(name="Cooperativa Città Così", short_name="CCC")

    assert list(Organisation.objects.named("cosi citta")) == [body]


# The network that comes with the product -----------------------------------------------------------------------------


def test_network_has_the_project_and_every_prefecture() -> None:
    load_places()

    loaded = services.load_network()

    assert loaded.added == 106 + 9
    assert Organisation.objects.playing("PREF").count() == 106
    assert Organisation.objects.of_the_project().count() == 12
    lead = OrganisationRole.objects.get(position="lead")
    assert (lead.organisation.name, lead.kind, lead.province_id) == ("Prefettura di Padova", "PREF", "PD")
    town = OrganisationRole.objects.get(organisation__name="Comune di Reggio Emilia")
    assert town.municipality == Municipality.objects.get(cadastral="H223")


def test_every_province_has_its_prefecture() -> None:
    load_places()
    services.load_network()

    covered = OrganisationRole.objects.filter(kind="PREF").values_list("province", flat=True)

    assert set(covered) == set(Province.objects.values_list("code", flat=True))


def test_network_loaded_twice_changes_nothing_and_keeps_what_offices_changed() -> None:
    load_places()
    services.load_network()
    padova = Organisation.objects.get(name="Prefettura di Padova")
    padova.phone = "049 000000"
    padova.save()
    OrganisationRole.objects.filter(organisation__name="GEA").update(ends_on=date(2020, 3, 31))

    again = services.load_network()

    padova.refresh_from_db()
    assert (again.added, again.roles_added, padova.phone) == (0, 0, "049 000000")
    assert OrganisationRole.objects.get(organisation__name="GEA").ends_on == date(2020, 3, 31)
    assert Dataset.objects.filter(code="prefetture").exists()


def test_network_needs_the_places_first() -> None:
    with pytest.raises(services.PlacesMissing, match="load_places"):
        services.load_network()
