from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from ali.audit.models import AuditEvent
from ali.organisations.models import Organisation
from ali.people import hooks
from ali.people.models import AsylumCase, Household, Permit, Person, Residence, TogetherWish
from ali.people.states import Capacity, IdentifierKind, Precision, Relation
from ali.people.views.opening import file_url
from tests.clients import ClientAs, RoleClient, client_as, once
from tests.factories.organisations import MembershipFactory, OrganisationFactory
from tests.factories.people import (
    AsylumCaseFactory,
    IdentifierFactory,
    PermitFactory,
    PersonFactory,
    follow,
    make_family,
)
from tests.factories.places import municipality
from tests.factories.reception import CentreFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def stopped(clock: Any) -> None:
    clock(TODAY)


@pytest.fixture
def cooperative() -> Organisation:
    return OrganisationFactory(name="Cooperativa di prova")


@pytest.fixture
def operator(cooperative: Organisation) -> RoleClient:
    return client_as("centre_operator", cooperative)


@pytest.fixture
def coordinator(cooperative: Organisation) -> RoleClient:
    return client_as("centre_coordinator", cooperative)


@pytest.fixture
def newcomer(cooperative: Organisation) -> Person:
    return PersonFactory(
        carer=cooperative, surname="Traoré", given_names="Aïssata", sex="F", citizenship="435"
    )


def url(name: str, person: Person, **rest: Any) -> str:
    return reverse(f"people:{name}", kwargs={"public_id": person.public_id, **rest})


def send(client: RoleClient, target: str, /, **fields: Any) -> HttpResponse:
    return client.post(target, {**once(), **fields})


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def is_back_at_file(answer: HttpResponse, person: Person) -> bool:
    return answer.status_code == 302 and answer["Location"] == file_url(person)


# Opening a file


def test_one_name_is_enough_to_open_a_file(operator: RoleClient) -> None:
    answer = send(operator, reverse("people:person_add"), given_names="Fatoumata")

    person = Person.objects.get()
    assert is_back_at_file(answer, person)
    assert (person.surname, person.given_names, person.birth_date) == ("", "Fatoumata", None)


def test_birth_year_alone_is_kept_with_its_precision(operator: RoleClient) -> None:
    send(operator, reverse("people:person_add"), surname="Keita", birth="1999", citizenship_1="435")

    person = Person.objects.get()
    assert (person.birth_date, person.birth_precision) == (date(1999, 1, 1), Precision.YEAR)
    assert [one.state_id for one in person.citizenships.all()] == ["435"]


def test_presumed_birth_is_kept_as_such(operator: RoleClient) -> None:
    send(operator, reverse("people:person_add"), surname="Keita", birth="1/1/1999", birth_is_estimated="on")

    assert Person.objects.get().birth_precision == Precision.ESTIMATED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"surname": ""}, "Scrivi almeno il cognome o il nome"),
        ({"surname": "<b>Keita</b>"}, "segni che un nome non ha"),
        ({"surname": "Keita", "birth": "12/25/1999"}, "giorno e mese sembrano scambiati"),
        ({"surname": "Keita", "birth": "1/1/2031"}, "nel futuro"),
        ({"surname": "Keita", "birth": "boh"}, "non è una data"),
    ],
)
def test_impossible_person_is_explained_and_not_stored(
    operator: RoleClient, typed: dict[str, str], sentence: str
) -> None:
    answer = send(operator, reverse("people:person_add"), **typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Person.objects.exists()


def test_look_alike_is_shown_before_saving_with_its_file(operator: RoleClient, newcomer: Person) -> None:
    typed = {"surname": "Traore", "given_names": "Aissata", "birth": "1998", "citizenship_1": "435"}

    answer = send(operator, reverse("people:person_add"), **typed)

    assert answer.status_code == 422
    assert "TRAORÉ Aïssata" in text(answer)
    assert file_url(newcomer) in text(answer)
    assert Person.objects.count() == 1
    assert AuditEvent.objects.get(verb="duplicates_read").is_read


def test_saying_it_is_another_person_opens_the_file(operator: RoleClient, newcomer: Person) -> None:
    typed = {"surname": "Traore", "given_names": "Aissata", "birth": "1998", "citizenship_1": "435"}
    warned = operator.post(reverse("people:person_add"), {**once(), **typed})

    answer = send(operator, reverse("people:person_add"), different=warned.context["answer"], **typed)

    assert answer.status_code == 302
    assert Person.objects.count() == 2


def test_answer_given_for_other_data_is_asked_again(operator: RoleClient, newcomer: Person) -> None:
    typed = {"surname": "Traore", "given_names": "Aissata", "birth": "1998", "citizenship_1": "435"}
    warned = operator.post(reverse("people:person_add"), {**once(), **typed})

    changed = {**typed, "birth": "1999"}
    answer = send(operator, reverse("people:person_add"), different=warned.context["answer"], **changed)

    assert answer.status_code == 422
    assert Person.objects.count() == 1


def test_who_is_hosted_elsewhere_is_not_revealed(operator: RoleClient) -> None:
    elsewhere = OrganisationFactory(name="Cooperativa lontana")
    hidden = PersonFactory(
        carer=elsewhere,
        surname="Traoré",
        given_names="Aïssata",
        sex="F",
        citizenship="435",
        phone="333999888",
    )
    typed = {"surname": "Traore", "given_names": "Aissata", "birth": "1998", "citizenship_1": "435"}

    answer = send(operator, reverse("people:person_add"), **typed)

    assert answer.status_code == 422
    assert "chiedi alla prefettura" in text(answer)
    for secret in ("Cooperativa lontana", str(hidden.public_id), "Aïssata", "333999888"):
        assert secret not in text(answer)


def test_reserved_person_elsewhere_is_not_even_hinted_at(operator: RoleClient) -> None:
    PersonFactory(reserved=True, surname="Traoré", given_names="Aïssata", citizenship="435")
    typed = {"surname": "Traore", "given_names": "Aissata", "birth": "1998", "citizenship_1": "435"}

    answer = send(operator, reverse("people:person_add"), **typed)

    assert answer.status_code == 302


def test_relative_is_added_to_the_household(operator: RoleClient, newcomer: Person) -> None:
    address = f"{reverse('people:person_add')}?con={newcomer.public_id}"
    assert "Entra nel nucleo di TRAORÉ" in text(operator.get(address))

    send(operator, address, given_names="Moussa", relation=Relation.CHILD)

    child = Person.objects.get(given_names="Moussa")
    assert (child.household, child.relation) == (newcomer.household, Relation.CHILD)


def test_relative_of_a_stranger_is_not_found(operator: RoleClient) -> None:
    stranger = PersonFactory()

    for wanted in (stranger.public_id, "niente"):
        assert operator.get(f"{reverse('people:person_add')}?con={wanted}").status_code == 404


@pytest.fixture
def admission() -> Iterator[None]:
    hooks.offer_next_step(
        hooks.NextStep(
            code="prova",
            label="Apri e ammetti in un centro",
            is_for=lambda actor: actor.role_code == "centre_operator",
            address=lambda person: f"/ammetti/{person.public_id}/",
        )
    )
    yield
    hooks._next_steps.pop("prova")


@pytest.mark.usefixtures("admission")
def test_step_of_another_app_is_offered_after_registering(operator: RoleClient) -> None:
    assert "Apri e ammetti in un centro" in text(operator.get(reverse("people:person_add")))

    answer = send(operator, reverse("people:person_add"), surname="Keita", then="prova")

    assert answer["Location"] == f"/ammetti/{Person.objects.get().public_id}/"


@pytest.mark.usefixtures("admission")
def test_step_is_offered_only_to_those_it_is_for(client_as: ClientAs) -> None:
    officer = client_as("prefecture_officer")

    assert "ammetti in un centro" not in text(officer.get(reverse("people:person_add")))


def test_body_with_centres_admits_right_after_registering(
    operator: RoleClient, cooperative: Organisation
) -> None:
    assert "ingresso in un centro" not in text(operator.get(reverse("people:person_add")))
    CentreFactory(manager=cooperative)

    assert "ingresso in un centro" in text(operator.get(reverse("people:person_add")))
    answer = send(operator, reverse("people:person_add"), surname="Keita", then="admit")

    assert answer["Location"] == reverse("reception:admit", args=[Person.objects.get().public_id])


# Changing the data


def person_fields(person: Person, **changed: Any) -> dict[str, Any]:
    fields = {
        "surname": person.surname,
        "given_names": person.given_names,
        "sex": person.sex,
        "birth": "07/05/1998",
        "citizenship_1": "435",
        "version": person.version,
    }
    return fields | changed


def test_form_holds_what_the_file_holds(operator: RoleClient, newcomer: Person) -> None:
    page = text(operator.get(url("person_edit", newcomer)))

    assert 'value="Traoré"' in page
    assert 'value="07/05/1998"' in page
    assert '<option value="435" selected>' in page
    assert AuditEvent.objects.get(verb="person_section_read").details == {"section": "person_edit"}


def test_changed_data_return_to_the_file(operator: RoleClient, newcomer: Person) -> None:
    fields = person_fields(newcomer, surname="Camara", citizenship_2="999", keep_previous_name="on")

    answer = send(operator, url("person_edit", newcomer), **fields)

    newcomer.refresh_from_db()
    assert is_back_at_file(answer, newcomer)
    assert newcomer.surname == "Camara"
    assert newcomer.names.get().surname == "Traoré"
    assert {one.state_id for one in newcomer.citizenships.all()} == {"435", "999"}


def test_conflict_shows_both_values_and_overwrites_nothing(operator: RoleClient, newcomer: Person) -> None:
    opened = person_fields(newcomer)
    send(operator, url("person_edit", newcomer), **{**opened, "phone": "333111", "sex": "M"})

    answer = send(operator, url("person_edit", newcomer), **{**opened, "phone": "333222"})

    page = text(answer)
    assert answer.status_code == 422
    assert {(one.label, one.stored, one.typed) for one in answer.context["both"]} == {
        ("Telefono", "333111", "333222"),
        ("Sesso", "uomo", "donna"),
    }
    assert "333111" in page
    assert 'name="version" value="2"' in page
    newcomer.refresh_from_db()
    assert newcomer.phone == "333111"


def test_refused_form_keeps_the_version_it_was_opened_with(operator: RoleClient, newcomer: Person) -> None:
    fields = person_fields(newcomer, surname="<i>", version=0)

    answer = send(operator, url("person_edit", newcomer), **fields)

    assert answer.status_code == 422
    assert 'name="version" value="0"' in text(answer)


def test_imported_word_for_education_is_kept(operator: RoleClient, cooperative: Organisation) -> None:
    person = PersonFactory(carer=cooperative, education="madrasa")
    fields = person_fields(person, education="madrasa")

    send(operator, url("person_edit", person), **fields)

    person.refresh_from_db()
    assert person.education == "madrasa"


def test_similar_files_are_listed(operator: RoleClient, cooperative: Organisation, newcomer: Person) -> None:
    assert "Nessuna scheda simile" in text(operator.get(url("duplicates", newcomer)))
    twin = PersonFactory(carer=cooperative, surname="Traore", given_names="Aissata", citizenship="435")

    page = text(operator.get(url("duplicates", newcomer)))

    assert file_url(twin) in page


def test_name_enters_neither_the_address_nor_the_history(operator: RoleClient, newcomer: Person) -> None:
    page = text(operator.get(url("household", newcomer)))

    assert f"?con={newcomer.public_id}" in page
    assert "<title>Nucleo · A.L.I.</title>" in page


# Names, codes, languages


def test_other_name_is_added_corrected_and_removed(operator: RoleClient, newcomer: Person) -> None:
    send(operator, url("names", newcomer), kind="alias", surname="Traore", given_names="Aicha")
    name = newcomer.names.get()
    row = {f"name-{name.pk}-kind": "alias", f"name-{name.pk}-surname": "Ayesha", "row": name.pk, "version": 1}

    answer = send(operator, url("name_change", newcomer), **row)

    name.refresh_from_db()
    assert answer["Location"] == url("names", newcomer)
    assert name.surname == "Ayesha"
    send(operator, url("name_remove", newcomer), row=name.pk, version=2)
    assert not newcomer.names.exists()


def test_empty_name_is_refused_beside_its_row(operator: RoleClient, newcomer: Person) -> None:
    name = newcomer.names.create(surname="Ayesha")

    answer = send(operator, url("name_change", newcomer), row=name.pk, **{f"name-{name.pk}-kind": "alias"})

    assert answer.status_code == 422
    assert "Scrivi almeno il cognome o il nome" in text(answer)


@pytest.mark.parametrize("row", ["", "abc", "²", "9" * 30, "999999"])
def test_row_that_is_not_of_the_person_is_not_found(operator: RoleClient, newcomer: Person, row: str) -> None:
    PersonFactory().names.create(surname="Altra")

    assert send(operator, url("name_remove", newcomer), row=row).status_code == 404


def test_impossible_codice_fiscale_is_explained(operator: RoleClient, newcomer: Person) -> None:
    answer = send(operator, url("identifiers", newcomer), kind="cf", value="RSSMRA80A01H501X")

    assert answer.status_code == 422
    assert "ultima lettera non corrisponde" in text(answer)
    assert not newcomer.identifiers.exists()


def test_sex_that_differs_is_asked_and_not_rejected(operator: RoleClient, newcomer: Person) -> None:
    answer = send(operator, url("identifiers", newcomer), kind="cf", value="rss mra 80a01 h501u")

    assert answer.status_code == 302
    page = text(operator.get(url("identifiers", newcomer)))
    assert "quale vuole usare la persona?" in page
    assert "un&#x27;altra data di nascita" in page
    assert newcomer.identifiers.get().value == "RSSMRA80A01H501U"


def test_new_code_ends_the_one_before(operator: RoleClient, newcomer: Person) -> None:
    IdentifierFactory(person=newcomer, kind=IdentifierKind.CODICE_FISCALE_PROVISIONAL, value="12345670017")

    send(operator, url("identifiers", newcomer), kind="cf", value="RSSMRA80A01H501U", valid_from="2026-02-01")

    assert newcomer.identifiers.get(kind="cf_provisional").valid_to == date(2026, 1, 31)


def test_code_of_somebody_else_is_asked_about(
    operator: RoleClient, cooperative: Organisation, newcomer: Person
) -> None:
    twin = PersonFactory(carer=cooperative)
    stranger = PersonFactory(surname="Lontana")
    for person in (twin, stranger, newcomer):
        IdentifierFactory(person=person, kind=IdentifierKind.CUI, value="05ABC12")

    page = text(operator.get(url("identifiers", newcomer)))

    assert file_url(twin) in page
    assert "già in una scheda di un altro ente" in page
    assert "LONTANA" not in page


def test_code_that_follows_from_the_data_is_a_hint(operator: RoleClient, newcomer: Person) -> None:
    assert "TRRSST98E47Z329" in text(operator.get(url("identifiers", newcomer)))


def test_code_is_closed_and_removed_with_a_reason(operator: RoleClient, newcomer: Person) -> None:
    code = IdentifierFactory(person=newcomer)
    close = {"row": code.pk, "version": 1, f"close-{code.pk}-valid_to": "2026-02-01"}
    assert send(operator, url("identifier_close", newcomer), **close).status_code == 302
    assert send(operator, url("identifier_remove", newcomer), row=code.pk).status_code == 422

    reason = {f"remove-{code.pk}-reason": "Era suo"}
    send(operator, url("identifier_remove", newcomer), row=code.pk, version=2, **reason)

    assert not newcomer.identifiers.exists()


def test_code_cannot_end_before_it_starts(operator: RoleClient, newcomer: Person) -> None:
    code = IdentifierFactory(person=newcomer, valid_from=date(2026, 1, 1))

    answer = send(
        operator,
        url("identifier_close", newcomer),
        row=code.pk,
        **{f"close-{code.pk}-valid_to": "2025-01-01"},
    )

    assert answer.status_code == 422
    assert "La fine viene prima" in text(answer)


def test_language_is_written_bettered_and_removed(operator: RoleClient, newcomer: Person) -> None:
    send(operator, url("languages", newcomer), language="ita", level="A1")
    better = {"language": "ita", "level": "A2", "certified_on": "2026-02-01", "version-ita": 1}
    send(operator, url("languages", newcomer), **better)

    spoken = newcomer.languages.get()
    assert (spoken.level, spoken.certified_on) == ("A2", date(2026, 2, 1))
    assert "italiano" in text(operator.get(url("languages", newcomer)))
    send(operator, url("language_remove", newcomer), row=spoken.pk, version=spoken.version)
    assert not newcomer.languages.exists()


def test_certificate_of_tomorrow_is_refused(operator: RoleClient, newcomer: Person) -> None:
    answer = send(operator, url("languages", newcomer), language="ita", level="A2", certified_on="2026-03-03")

    assert answer.status_code == 422
    assert "nel futuro" in text(answer)


# Papers


def test_permit_needs_only_kind_and_state(operator: RoleClient, newcomer: Person) -> None:
    answer = send(operator, url("permit_add", newcomer), kind="AS", state="printing")

    assert is_back_at_file(answer, newcomer)
    assert newcomer.permits.get().state == "printing"


def test_delivered_permit_asks_for_its_day(operator: RoleClient, newcomer: Person) -> None:
    answer = send(operator, url("permit_add", newcomer), kind="AS", state="delivered")

    assert answer.status_code == 422
    assert "da lì parte il termine di uscita" in text(answer)


def test_permit_takes_its_next_step(operator: RoleClient, newcomer: Person) -> None:
    permit = PermitFactory(person=newcomer, printing=True)
    address = url("permit_edit", newcomer, permit_id=permit.public_id)
    assert 'value="printing" selected' in text(operator.get(address))

    answer = send(operator, address, kind="AS", state="ready", requested_on=permit.requested_on, version=1)

    permit.refresh_from_db()
    assert is_back_at_file(answer, newcomer)
    assert permit.state == "ready"


def test_permit_changed_meanwhile_shows_both_values(operator: RoleClient, newcomer: Person) -> None:
    permit = PermitFactory(person=newcomer, printing=True)
    address = url("permit_edit", newcomer, permit_id=permit.public_id)
    send(operator, address, kind="AS", state="ready", appointment_on="2026-03-10", version=1)

    answer = send(operator, address, kind="AS", state="fingerprints", appointment_on="2026-03-12", version=1)

    assert answer.status_code == 422
    assert {(one.stored, one.typed) for one in answer.context["both"]} == {
        ("pronto", "impronte prese"),
        ("10/03/2026", "12/03/2026"),
    }
    assert Permit.objects.get().state == "ready"


def test_permit_of_another_person_is_not_found(operator: RoleClient, newcomer: Person) -> None:
    permit = PermitFactory()

    address = url("permit_edit", newcomer, permit_id=permit.public_id)

    assert operator.get(address).status_code == 404


def test_permits_are_listed_with_their_dates(operator: RoleClient, newcomer: Person) -> None:
    assert "Nessun permesso scritto" in text(operator.get(url("permits", newcomer)))
    PermitFactory(person=newcomer, expired=True)

    page = text(operator.get(url("permits", newcomer)))

    assert "25/02/2026" in page
    assert "scaduto" in page


def test_case_is_opened_and_changed(operator: RoleClient, newcomer: Person) -> None:
    send(operator, url("case_edit", newcomer), state="formalised", applied_on="2025-01-10")

    fields = {"state": "decided", "applied_on": "2025-01-10", "decided_on": "2026-01-10", "outcome": "RIF"}
    answer = send(operator, url("case_edit", newcomer), version=1, **fields)

    case = AsylumCase.objects.get()
    assert is_back_at_file(answer, newcomer)
    assert (case.state, case.outcome, case.version) == ("decided", "RIF", 2)


def test_case_opened_by_two_shows_both_values(operator: RoleClient, newcomer: Person) -> None:
    AsylumCaseFactory(person=newcomer, waiting=True)

    answer = send(operator, url("case_edit", newcomer), state="heard", heard_on="2026-02-01")

    assert answer.status_code == 422
    assert "audito" in [one.typed for one in answer.context["both"]]
    assert AsylumCase.objects.get().state == "waiting_hearing"


def test_decision_without_outcome_is_asked(operator: RoleClient, newcomer: Person) -> None:
    answer = send(operator, url("case_edit", newcomer), state="decided", decided_on="2026-01-10")

    assert answer.status_code == 422
    assert "ma non l&#x27;esito" in text(answer)


def test_residence_follows_the_one_before(operator: RoleClient, newcomer: Person) -> None:
    send(
        operator,
        url("residence_edit", newcomer),
        kind="convivenza",
        municipality="Padova",
        starts_on="2025-01-01",
    )

    answer = send(
        operator,
        url("residence_edit", newcomer),
        kind="individuale",
        municipality="Abano Terme (PD)",
        address="Via Roma 1",
        starts_on="2026-02-01",
        version=1,
    )

    first, second = Residence.objects.order_by("pk")
    assert is_back_at_file(answer, newcomer)
    assert first.ends_on == date(2026, 1, 31)
    assert (second.municipality.name, second.ends_on) == ("Abano Terme", None)
    end = {"end-ends_on": "2026-02-20", "version": second.version}
    ended = send(operator, url("residence_end", newcomer), row=second.pk, **end)
    second.refresh_from_db()
    assert ended["Location"] == url("residence_edit", newcomer)
    assert second.ends_on == date(2026, 2, 20)


@pytest.mark.parametrize(
    ("typed", "sentence"), [("Atlantide", "questo comune non si trova"), ("", "scrivi in quale comune")]
)
def test_residence_needs_a_municipality_that_exists(
    operator: RoleClient, newcomer: Person, typed: str, sentence: str
) -> None:
    answer = send(operator, url("residence_edit", newcomer), kind="individuale", municipality=typed)

    assert answer.status_code == 422
    assert sentence in text(answer).lower()


def test_competent_municipality_is_told_and_taken_back(operator: RoleClient, newcomer: Person) -> None:
    fields = {"municipality": "Padova (PD)", "told_on": "2026-02-20"}
    answer = send(operator, url("municipality", newcomer), version=newcomer.version, **fields)

    newcomer.refresh_from_db()
    assert is_back_at_file(answer, newcomer)
    assert newcomer.competent_municipality == municipality("Padova")
    assert newcomer.municipality_told_on == date(2026, 2, 20)
    send(operator, url("municipality", newcomer), municipality="Padova (PD)", version=newcomer.version)
    newcomer.refresh_from_db()
    assert newcomer.municipality_told_on is None


def test_municipality_of_a_vulnerable_person_must_be_told(
    operator: RoleClient, cooperative: Organisation
) -> None:
    person = PersonFactory(carer=cooperative, vulnerable=True)

    assert "va avvisato" in text(operator.get(url("municipality", person)))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"told_on": "2026-02-20"}, "Scrivi quale Comune è stato avvisato"),
        ({"municipality": "Padova", "told_on": "2026-04-20"}, "nel futuro"),
    ],
)
def test_untrue_telling_is_refused(
    operator: RoleClient, newcomer: Person, fields: dict[str, str], sentence: str
) -> None:
    answer = send(operator, url("municipality", newcomer), version=newcomer.version, **fields)

    assert answer.status_code == 422
    assert sentence in text(answer)


def test_municipality_set_meanwhile_shows_both_values(operator: RoleClient, newcomer: Person) -> None:
    send(operator, url("municipality", newcomer), municipality="Padova", version=1)

    answer = send(operator, url("municipality", newcomer), municipality="Cadoneghe (PD)", version=1)

    assert [(one.stored, one.typed) for one in answer.context["both"]] == [("Padova (PD)", "Cadoneghe (PD)")]


# Household


def test_household_shows_members_and_hints_at_hidden_ones(
    operator: RoleClient, cooperative: Organisation, newcomer: Person
) -> None:
    partner = PersonFactory(carer=cooperative, household=newcomer.household, relation=Relation.PARTNER)
    PersonFactory(household=newcomer.household, surname="Nascosta")

    page = text(operator.get(url("household", newcomer)))

    assert partner.display_name in page
    assert "NASCOSTA" not in page
    assert "seguito da un altro ente" in page


def test_needs_are_written_and_conflicts_shown(operator: RoleClient, newcomer: Person) -> None:
    address = url("household_needs", newcomer)
    assert send(operator, address, wants_territory="Padova", version=1).status_code == 302

    answer = send(operator, address, wants_territory="Vicenza", needs_step_free="on", version=1)

    assert answer.status_code == 422
    assert {(one.stored, one.typed) for one in answer.context["both"]} == {
        ("Padova", "Vicenza"),
        ("no", "sì"),
    }
    assert Household.objects.get(pk=newcomer.household_id).wants_territory == "Padova"


def test_only_people_one_follows_are_found_to_live_with(
    operator: RoleClient, cooperative: Organisation, newcomer: Person
) -> None:
    friend = PersonFactory(carer=cooperative, surname="Diallo")
    PersonFactory(surname="Diallo", given_names="Lontano")

    answer = send(operator, url("household_find", newcomer), words="diallo")

    assert [one.person for one in answer.context["found"]] == [friend]


def test_friends_state_a_wish_and_take_it_back(
    operator: RoleClient, cooperative: Organisation, newcomer: Person
) -> None:
    friend = PersonFactory(carer=cooperative)

    send(operator, url("wish_add", newcomer), other=friend.public_id)

    assert TogetherWish.objects.count() == 1
    assert friend.display_name in text(operator.get(url("household", newcomer)))
    assert send(operator, url("wish_add", friend), other=newcomer.public_id).status_code == 422
    send(operator, url("wish_withdraw", newcomer), other=friend.household.public_id)
    assert not TogetherWish.objects.exists()


def test_two_households_become_one_and_part_again(
    operator: RoleClient, cooperative: Organisation, newcomer: Person
) -> None:
    brother = PersonFactory(carer=cooperative)

    send(
        operator,
        url("household_join", newcomer),
        other=brother.public_id,
        **{f"join-{brother.pk}-relation": "sibling"},
    )

    newcomer.refresh_from_db()
    assert (newcomer.household_id, newcomer.relation) == (brother.household_id, Relation.SIBLING)
    send(operator, url("household_split", newcomer))
    newcomer.refresh_from_db()
    assert newcomer.household_id != brother.household_id
    assert send(operator, url("household_split", newcomer)).status_code == 422


def test_stranger_cannot_be_joined(operator: RoleClient, newcomer: Person) -> None:
    stranger = PersonFactory()
    fields = {"other": stranger.public_id, f"join-{stranger.pk}-relation": "sibling"}

    assert send(operator, url("household_join", newcomer), **fields).status_code == 404
    assert send(operator, url("wish_add", newcomer), other=stranger.public_id).status_code == 404
    assert send(operator, url("wish_add", newcomer), other="niente").status_code == 404


def test_household_keeps_one_reference_person(operator: RoleClient, cooperative: Organisation) -> None:
    father, mother, _child = make_family(1, carer=cooperative)
    address = url("household_relation", father)
    refused = send(operator, address, other=father.public_id, **{f"member-{father.pk}-relation": "partner"})
    assert refused.status_code == 422

    send(operator, address, other=mother.public_id, **{f"member-{mother.pk}-relation": "head"})

    father.refresh_from_db()
    mother.refresh_from_db()
    assert (mother.relation, father.relation) == (Relation.HEAD, Relation.OTHER)


# Reserved


@pytest.fixture
def officer_of_padova(newcomer: Person) -> Any:
    prefecture = OrganisationFactory(prefecture=True)
    follow(newcomer, prefecture, Capacity.PREFECTURE)
    return MembershipFactory(prefecture_officer=True, organisation=prefecture)


def test_coordinator_reserves_names_and_reopens(
    coordinator: RoleClient, newcomer: Person, officer_of_padova: Any
) -> None:
    officer = officer_of_padova.user
    assert officer.full_name in text(coordinator.get(url("reserve", newcomer)))

    answer = send(coordinator, url("reserve", newcomer), reason="Minacce ricevute", officers=[officer.pk])

    newcomer.refresh_from_db()
    assert is_back_at_file(answer, newcomer)
    assert newcomer.is_reserved
    page = text(coordinator.get(url("reserve", newcomer)))
    assert "Questa persona è riservata" in page
    assert f'value="{officer.pk}"' in page
    assert "checked" in page
    send(coordinator, url("reserve", newcomer))
    assert not newcomer.assignments.filter(user=officer, ends_on__isnull=True).exists()
    send(coordinator, url("reopen", newcomer), **{"reopen-reason": "Pericolo finito"})
    newcomer.refresh_from_db()
    assert not newcomer.is_reserved


def test_reason_is_asked_and_never_written_beforehand(coordinator: RoleClient, newcomer: Person) -> None:
    assert send(coordinator, url("reserve", newcomer)).status_code == 422
    send(coordinator, url("reserve", newcomer), reason="Minacce ricevute")
    assert send(coordinator, url("reopen", newcomer)).status_code == 422

    newcomer.refresh_from_db()
    assert newcomer.is_reserved


def test_officer_of_another_prefecture_cannot_be_named(coordinator: RoleClient, newcomer: Person) -> None:
    stranger = MembershipFactory(prefecture_officer=True).user

    answer = send(coordinator, url("reserve", newcomer), reason="Minacce ricevute", officers=[stranger.pk])

    assert answer.status_code == 422
    newcomer.refresh_from_db()
    assert not newcomer.is_reserved


def test_operator_does_not_reserve(operator: RoleClient, newcomer: Person) -> None:
    assert operator.get(url("reserve", newcomer)).status_code == 403
    assert url("reserve", newcomer) not in text(operator.get(url("names", newcomer)))


def test_coordinator_without_casework_reads_why_not(
    coordinator: RoleClient, cooperative: Organisation
) -> None:
    person = PersonFactory()
    follow(person, cooperative, Capacity.PREFECTURE)

    page = text(coordinator.get(url("reserve", person)))

    assert "chiedi a chi la segue" in page
    assert 'name="reason"' not in page


# Everywhere


def test_reserved_person_is_not_found_by_the_prefecture(
    client_as: ClientAs, coordinator: RoleClient, newcomer: Person
) -> None:
    prefecture = OrganisationFactory(prefecture=True)
    follow(newcomer, prefecture, Capacity.PREFECTURE)
    officer = client_as("prefecture_officer", prefecture)
    assert officer.get(url("person_edit", newcomer)).status_code == 200

    send(coordinator, url("reserve", newcomer), reason="Minacce ricevute")

    assert officer.get(url("person_edit", newcomer)).status_code == 404
    assert officer.get(url("identifiers", newcomer)).status_code == 404


def test_markup_in_a_name_is_shown_as_text(operator: RoleClient, cooperative: Organisation) -> None:
    person = PersonFactory(carer=cooperative, surname="<b>x</b>")

    for name in ("household", "names", "person_edit"):
        assert "<b>x</b>" not in text(operator.get(url(name, person)))


def test_number_of_queries_does_not_grow_with_the_rows(
    operator: RoleClient, cooperative: Organisation, newcomer: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        newcomer.names.create(surname=f"Altro{number}")
        PersonFactory(carer=cooperative, household=newcomer.household, relation=Relation.CHILD)
        PermitFactory(person=newcomer)

    for name in ("names", "household", "permits", "person_edit"):
        with django_assert_max_num_queries(25):
            assert operator.get(url(name, newcomer)).status_code == 200
