import pytest
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from ali.accounts.models import User
from ali.organisations.models import Membership, Organisation, OrganisationRole
from tests.clients import ClientAs, RoleClient, once
from tests.factories.organisations import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def body_of(client: RoleClient) -> Organisation:
    return Organisation.objects.get(pk=client.actor.organisation_id)


def test_directory_shows_the_project_first_and_filters_by_what_and_where(client_as: ClientAs) -> None:
    client = client_as("centre_operator")
    partner, other = (
        OrganisationFactory(name="Cooperativa Socia"),
        OrganisationFactory(name="Agenzia Casa", kind="IMM"),
    )
    OrganisationRole.objects.filter(organisation=partner).update(position="partner")

    first = client.get(reverse("organisations:organisation_list")).content.decode()
    filtered = client.get(
        reverse("organisations:organisation_list"), {"kind": "IMM", "province": "PD"}
    ).content.decode()

    assert partner.name in first
    assert other.name not in first
    assert other.name in filtered
    assert partner.name not in filtered


def test_directory_asks_the_same_number_of_statements_for_more_rows(
    client_as: ClientAs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_as("centre_operator")
    for _ in range(30):
        OrganisationFactory()

    with django_assert_max_num_queries(12):
        answer = client.get(reverse("organisations:organisation_list"), {"who": "all"})

    assert answer.content.decode().count("/organizzazioni/0") >= 20


def test_wrong_filter_is_ignored(client_as: ClientAs) -> None:
    answer = client_as("centre_operator").get(
        reverse("organisations:organisation_list"), {"kind": "XX", "province": "ZZ", "page": "-1"}
    )

    assert answer.status_code == 200


def test_detail_tells_roles_and_hides_the_buttons_from_who_may_not_use_them(client_as: ClientAs) -> None:
    client = client_as("centre_operator")

    text = client.get(
        reverse("organisations:organisation_detail", args=[body_of(client).public_id])
    ).content.decode()

    assert "Ente gestore dell" in text
    assert "Nuovo ruolo" not in text


def test_administrator_adds_a_body_and_its_role(client_as: ClientAs) -> None:
    client = client_as("administrator")

    added = client.post(reverse("organisations:organisation_add"), {"name": "Cooperativa Nuova", **once()})
    body = Organisation.objects.get(name="Cooperativa Nuova")
    client.post(
        reverse("organisations:role_add", args=[body.public_id]),
        {"kind": "EG", "province": "PD", "starts_on": "2026-01-01", **once()},
    )

    assert added.headers["Location"] == reverse("organisations:organisation_detail", args=[body.public_id])
    assert OrganisationRole.objects.get(organisation=body).kind == "EG"


def test_body_without_a_name_is_refused_with_the_form(client_as: ClientAs) -> None:
    answer = client_as("administrator").post(
        reverse("organisations:organisation_add"), {"name": "", **once()}
    )

    assert answer.status_code == 422


def test_stale_edit_is_refused_with_a_sentence(client_as: ClientAs) -> None:
    client = client_as("administrator")
    body = body_of(client)
    url = reverse("organisations:organisation_edit", args=[body.public_id])
    client.post(url, {"name": body.name, "phone": "049 1", "version": "1", **once()})

    answer = client.post(url, {"name": body.name, "phone": "049 2", "version": "1", **once()})

    assert answer.status_code == 422
    assert "Qualcun altro ha modificato" in answer.content.decode()
    body.refresh_from_db()
    assert body.phone == "049 1"


def test_role_in_a_town_of_another_province_is_refused(client_as: ClientAs) -> None:
    body = OrganisationFactory()
    url = reverse("organisations:role_add", args=[body.public_id])
    answer = client_as("administrator").post(
        url,
        {"kind": "COM", "province": "PD", "municipality": "024116", "starts_on": "2026-01-01", **once()},
    )

    assert answer.status_code == 422


def test_new_user_s_password_is_shown_once(client_as: ClientAs) -> None:
    client = client_as("administrator")
    form = {
        "full_name": "Anna Prova",
        "email": "anna@esempio.it",
        "organisation": body_of(client).pk,
        "role": "prefecture_officer",
        **once(),
    }

    first = client.post(reverse("organisations:user_add"), form)
    again = client.post(reverse("organisations:user_add"), form)

    user = User.objects.get(email="anna@esempio.it")
    password = first.content.decode().split("<code>")[1].split("</code>")[0]
    assert user.check_password(password)
    assert password not in again.content.decode()
    assert User.objects.filter(email="anna@esempio.it").count() == 1


def test_role_that_does_not_fit_is_refused_with_a_sentence(client_as: ClientAs) -> None:
    client = client_as("administrator")
    form = {
        "full_name": "Anna Prova",
        "email": "anna@esempio.it",
        "organisation": body_of(client).pk,
        "role": "housing_manager",
    }

    answer = client.post(reverse("organisations:user_add"), {**form, **once()})

    assert answer.status_code == 422
    assert "non svolge" in answer.content.decode()
    assert not User.objects.filter(email="anna@esempio.it").exists()


def test_users_of_other_bodies_are_not_listed(client_as: ClientAs) -> None:
    client = client_as("administrator")
    mine = MembershipFactory(prefecture_officer=True, organisation=body_of(client)).user
    stranger = MembershipFactory(centre_operator=True).user

    text = client.get(reverse("organisations:user_list")).content.decode()

    assert mine.full_name in text
    assert stranger.full_name not in text


def test_user_is_disabled_and_enabled_again(client_as: ClientAs) -> None:
    client = client_as("administrator")
    user = MembershipFactory(prefecture_officer=True, organisation=body_of(client)).user

    client.post(reverse("organisations:user_disable", args=[user.public_id]), once())
    user.refresh_from_db()
    assert not user.is_active
    assert (
        "Riattiva" in client.get(reverse("organisations:user_detail", args=[user.public_id])).content.decode()
    )
    client.post(reverse("organisations:user_enable", args=[user.public_id]), once())
    user.refresh_from_db()

    assert user.is_active


def test_administrator_does_not_disable_the_own_account(client_as: ClientAs) -> None:
    client = client_as("administrator")

    answer = client.post(
        reverse("organisations:user_disable", args=[client.user.public_id]), once(), follow=True
    )

    assert "agisce un altro amministratore" in answer.content.decode()
    client.user.refresh_from_db()
    assert client.user.is_active


def test_membership_is_given_and_ended(client_as: ClientAs) -> None:
    client = client_as("administrator")
    user = MembershipFactory(prefecture_officer=True, organisation=body_of(client)).user
    client.post(
        reverse("organisations:membership_add", args=[user.public_id]),
        {
            "organisation": body_of(client).pk,
            "role": "project_manager",
            "starts_on": "2026-01-01",
            **once(),
        },
    )
    given = Membership.objects.get(user=user, role="project_manager")

    client.post(reverse("organisations:membership_end", args=[given.public_id]), once())

    given.refresh_from_db()
    assert given.ends_on is not None


def test_reset_shows_a_new_password(client_as: ClientAs) -> None:
    client = client_as("administrator")
    user = MembershipFactory(prefecture_officer=True, organisation=body_of(client)).user

    answer = client.post(reverse("organisations:user_reset_password", args=[user.public_id]), once())

    assert "si vede solo adesso" in answer.content.decode()
