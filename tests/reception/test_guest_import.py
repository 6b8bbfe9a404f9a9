"""Guest lists into files, stays and exits: end to end, and whatever can go wrong."""

import io
from datetime import date
from typing import Any

import pytest
from django.forms.models import model_to_dict

from ali.accounts.actors import Actor
from ali.audit.models import AuditEvent
from ali.core import clock
from ali.core.decisions import NotAllowed, Refusal
from ali.imports import services
from ali.imports.models import ImportRun, StagedRow
from ali.imports.states import Answer, Effect, RowStatus
from ali.organisations.models import Organisation
from ali.people.lookalikes import Lookalikes
from ali.people.models import AsylumCase, Household, Identifier, Permit, Person
from ali.people.queries import possible_duplicates
from ali.people.states import Capacity, IdentifierKind
from ali.reception.guest_import import applying
from ali.reception.models import Centre, Exit, Stay
from ali.reception.states import ExitCause, ExitState
from tests.factories.organisations import OrganisationFactory, actor_for_role
from tests.factories.people import IdentifierFactory, PersonFactory
from tests.factories.reception import CentreFactory, StayFactory
from tests.reception.guest_files import DATA, guest_csv, load_states, prefecture_workbook

pytestmark = pytest.mark.django_db
AWA = "Villa Prova;Diallo;Awa;07/05/1990;Mali;05AAA01;01/02/2025"


@pytest.fixture
def coop(today: date) -> Organisation:
    load_states()
    return OrganisationFactory()


@pytest.fixture
def coordinator(coop: Organisation) -> Actor:
    return actor_for_role("centre_coordinator", organisation=coop)


@pytest.fixture
def villa(coop: Organisation) -> Centre:
    return CentreFactory(name="Villa Prova", manager=coop)


def stage(actor: Actor, source: Any, sender: Organisation, name: str = "elenco.csv") -> ImportRun:
    return services.stage_file(
        actor=actor, kind="guests", source=source, name=name, today=clock.today(), sender=sender
    )


def apply(actor: Actor, run: ImportRun) -> ImportRun:
    return services.apply_run(actor=actor, run=run, today=clock.today(), now=clock.now())


def only_row(run: ImportRun) -> StagedRow:
    return StagedRow.objects.get(run=run)


def said(row: StagedRow) -> str:
    return " ".join(message["text"] for message in row.messages)


def everything() -> list[dict[str, Any]]:
    """What the import may have written, as it is."""
    models = (Person, Household, Identifier, AsylumCase, Permit, Stay, Exit)
    return [model_to_dict(one) for model in models for one in model.objects.order_by("pk")]


# --- three layouts -------------------------------------------------------------------------------------


def test_a_prefecture_workbook_becomes_persons_stays_and_a_proposed_exit(coop: Organisation) -> None:
    prefecture = OrganisationFactory(prefecture=True)
    officer = actor_for_role("prefecture_officer", organisation=prefecture)
    centre = CentreFactory(name="Centro inventato", manager=coop)

    apply(officer, stage(officer, prefecture_workbook(), prefecture, "presenze.xlsx"))

    karim = Person.objects.visible_to(officer).get()
    assert (karim.surname, karim.given_names, karim.sex, karim.birth_date) == (
        "ESEMPIO",
        "Karim",
        "M",
        date(1992, 5, 4),
    )
    assert karim.stays.get().centre == centre
    assert karim.stays.get().entered_on == date(2023, 10, 1)
    assert karim.case.outcome == "RIF"
    assert (karim.permits.get().kind, karim.permits.get().delivered_on) == ("AS", date(2026, 2, 20))
    assert set(karim.identifiers.values_list("kind", flat=True)) == {"cui", "vestanet"}
    assert set(karim.assignments.values_list("organisation_id", "capacity")) == {
        (coop.pk, Capacity.CASEWORK),
        (prefecture.pk, Capacity.PREFECTURE),
    }
    leaving = Exit.objects.get()
    assert (leaving.cause, leaving.event_on) == (ExitCause.RECOGNISED, date(2026, 2, 20))


def test_a_cooperative_list_asks_for_the_centre_it_does_not_know(
    coordinator: Actor, coop: Organisation
) -> None:
    house = CentreFactory(name="Casa inventata prova", manager=coop)
    run = stage(coordinator, DATA / "guests_cooperative.csv", coop)
    assert run.totals["doubtful"] == 1

    services.answer_question(
        actor=coordinator,
        run=run,
        key="centre:appartamento finto",
        answer=str(house.public_id),
    )
    services.check_again(actor=coordinator, run=run, today=clock.today())
    applied = apply(coordinator, run)

    assert applied.totals["effect_new"] == 4
    mother, daughter = Person.objects.filter(surname="INVENTATA").order_by("birth_date")
    assert mother.household == daughter.household
    assert (mother.relation, daughter.relation) == ("head", "other")
    assert Household.objects.count() == 3
    assert Exit.objects.get().state == ExitState.EXPECTED


def test_a_list_with_split_names_is_applied(coordinator: Actor, coop: Organisation) -> None:
    CentreFactory(name="Villa Immaginaria", manager=coop)

    applied = apply(coordinator, stage(coordinator, DATA / "guests_split_names.csv", coop))

    assert (applied.totals["effect_new"], Person.objects.count()) == (3, 3)
    assert Person.objects.get(surname="Senza Nome").citizenships.get().state_id == "999"


@pytest.mark.parametrize("layout", ["guests_cooperative.csv", "guests_split_names.csv", ""])
def test_the_same_file_twice_changes_nothing(coordinator: Actor, coop: Organisation, layout: str) -> None:
    for name in ("Casa inventata prova", "Appartamento finto", "Villa immaginaria", "Centro inventato"):
        CentreFactory(name=name, manager=coop)
    source = (DATA / layout).read_bytes() if layout else prefecture_workbook().getvalue()
    first = apply(coordinator, stage(coordinator, io.BytesIO(source), coop))
    before = everything()

    again = apply(coordinator, stage(coordinator, io.BytesIO(source), coop))

    assert first.totals["effect_new"] == again.totals["effect_same"] > 0
    assert again.totals["rows"] == again.totals["effect_same"]
    assert everything() == before
    assert "già stato applicato" in again.notes[-1]["text"]


def test_an_applied_run_is_not_applied_again(coordinator: Actor, coop: Organisation, villa: Centre) -> None:
    run = stage(coordinator, guest_csv(AWA), coop)
    apply(coordinator, run)

    with pytest.raises(Refusal, match="lo stato è cambiato"):
        apply(coordinator, run)


def test_a_crash_in_the_middle_leaves_nothing(
    coordinator: Actor, coop: Organisation, villa: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = stage(coordinator, guest_csv(AWA, AWA.replace("Awa", "Binta").replace("05AAA01", "05AAA02")), coop)
    events = AuditEvent.objects.count()

    def broken(*rest: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(applying, "_expect_exits", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        apply(coordinator, run)

    run.refresh_from_db()
    assert run.is_open
    assert (Person.objects.count(), Stay.objects.count(), Household.objects.count()) == (0, 0, 0)
    assert AuditEvent.objects.count() == events
    monkeypatch.undo()
    assert apply(coordinator, run).totals["effect_new"] == 2


def test_rows_forget_whom_they_spoke_of_once_applied(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    run = apply(coordinator, stage(coordinator, guest_csv(AWA), coop))

    row = only_row(run)
    assert (row.fields, row.cells, row.offers, row.effect) == ({}, [], [], Effect.NEW)


def test_each_change_is_in_the_audit_log_with_its_persons(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    apply(coordinator, stage(coordinator, guest_csv(AWA), coop))

    awa = Person.objects.get()
    verbs = set(AuditEvent.objects.filter(subjects__person=awa.public_id).values_list("verb", flat=True))
    assert {"persons_registered", "persons_assigned", "persons_admitted"} <= verbs
    assert "Diallo" not in str(list(AuditEvent.objects.values_list("details", flat=True)))


# --- who is it -----------------------------------------------------------------------------------------


def test_an_identifier_finds_the_file_and_the_list_adds_to_it(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    known = PersonFactory(carer=coop, surname="Diallo", given_names="Awa", birth_date=None, sex="")
    StayFactory(person=known, centre=villa, entered_on=date(2025, 2, 1))
    IdentifierFactory(person=known, kind=IdentifierKind.CUI, value="05 AAA 01")

    run = apply(coordinator, stage(coordinator, guest_csv(AWA), coop))

    known.refresh_from_db()
    assert run.totals["effect_changed"] == 1
    assert (Person.objects.count(), known.birth_date) == (1, date(1990, 5, 7))
    assert known.citizenships.get().state_id == "435"
    assert AuditEvent.objects.filter(verb="person_completed").get().details["fields"] == [
        "birth_date",
        "birth_precision",
        "citizenships",
    ]


def test_a_list_never_overwrites_who_a_person_is(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    known = PersonFactory(carer=coop, surname="Diallo", given_names="Awa", birth_date=date(1991, 5, 7))
    StayFactory(person=known, centre=villa, entered_on=date(2025, 2, 1))
    IdentifierFactory(person=known, kind=IdentifierKind.CUI, value="05AAA01")
    run = stage(coordinator, guest_csv(AWA), coop)

    assert "Nella scheda c'è «07/05/1991», nell'elenco «07/05/1990»" in said(only_row(run))
    apply(coordinator, run)

    known.refresh_from_db()
    assert known.birth_date == date(1991, 5, 7)


def test_name_and_birth_find_the_file(coordinator: Actor, coop: Organisation, villa: Centre) -> None:
    known = PersonFactory(carer=coop, surname="DIALLO", given_names="Awá", birth_date=date(1990, 5, 7))
    StayFactory(person=known, centre=villa, entered_on=date(2025, 2, 1))

    run = apply(coordinator, stage(coordinator, guest_csv(AWA), coop))

    assert (run.totals["effect_changed"], Person.objects.count()) == (1, 1)
    assert known.identifiers.get().value == "05AAA01"


def test_a_similar_name_is_a_question_that_a_person_answers(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    known = PersonFactory(
        carer=coop, surname="Diallou", given_names="Hawa", birth_date=date(1990, 1, 1), citizenship="435"
    )
    run = stage(coordinator, guest_csv(AWA), coop)
    row = only_row(run)
    assert (row.status, row.offers) == (RowStatus.DOUBTFUL, [str(known.public_id), Answer.NEW, Answer.SKIP])

    same = services.decide_row(
        actor=coordinator,
        row=row,
        decision=str(known.public_id),
        today=clock.today(),
        expected_version=row.version,
    )
    assert (same.status, same.effect) == (RowStatus.OK, Effect.CHANGED)
    other = services.decide_row(
        actor=coordinator, row=row, decision=Answer.NEW, today=clock.today(), expected_version=row.version
    )
    assert (other.status, other.effect) == (RowStatus.OK, Effect.NEW)
    left = services.decide_row(
        actor=coordinator, row=row, decision="", today=clock.today(), expected_version=row.version
    )
    assert left.status == RowStatus.DOUBTFUL
    assert apply(coordinator, run).totals["effect_none"] == 1
    assert Person.objects.count() == 1


def test_an_answer_that_was_not_offered_is_refused(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    stranger = PersonFactory()
    row = only_row(stage(coordinator, guest_csv(AWA), coop))

    with pytest.raises(Refusal, match="non è tra quelle possibili"):
        services.decide_row(
            actor=coordinator,
            row=row,
            decision=str(stranger.public_id),
            today=clock.today(),
            expected_version=row.version,
        )


def test_somebody_hosted_elsewhere_is_not_revealed(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    elsewhere = StayFactory(centre=CentreFactory(name="Altro Centro"))
    IdentifierFactory(person=elsewhere.person, kind=IdentifierKind.CUI, value="05AAA01")

    run = stage(coordinator, guest_csv(AWA), coop)
    row = only_row(run)

    assert (row.status, row.offers) == (RowStatus.DOUBTFUL, [Answer.SKIP])
    assert "in una scheda di un altro ente: chiedi alla prefettura" in said(row)
    assert "Altro Centro" not in str(row.messages)
    assert str(elsewhere.person.public_id) not in str([row.messages, row.offers])


def test_somebody_alike_elsewhere_is_not_revealed_either(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    PersonFactory(surname="Diallo", given_names="Awa", birth_date=date(1990, 5, 7), citizenship="435")

    row = only_row(stage(coordinator, guest_csv(AWA), coop))

    assert row.offers == [Answer.NEW, Answer.SKIP]
    assert "in un altro ente" in said(row)


def test_a_reserved_person_is_matched_by_nobody_else(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    hidden = PersonFactory(surname="Diallo", given_names="Awa", birth_date=date(1990, 5, 7), reserved=True)
    IdentifierFactory(person=hidden, kind=IdentifierKind.CUI, value="05AAA01")

    row = only_row(stage(coordinator, guest_csv(AWA), coop))

    assert (row.status, row.effect, row.messages) == (RowStatus.OK, Effect.NEW, [])


def test_two_rows_of_one_person_wait_until_one_is_skipped(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    run = stage(coordinator, guest_csv(AWA, AWA.replace("Awa", "Ava")), coop)
    second = StagedRow.objects.get(run=run, row=3)
    services.decide_row(
        actor=coordinator,
        row=second,
        decision=Answer.USE,
        today=clock.today(),
        expected_version=second.version,
    )

    apply(coordinator, run)

    assert Person.objects.count() == 1
    assert "persona della riga 2" in said(StagedRow.objects.get(run=run, row=3))


# --- where are they ------------------------------------------------------------------------------------


def test_a_transfer_is_a_question(coordinator: Actor, coop: Organisation, villa: Centre) -> None:
    stay = StayFactory(centre=CentreFactory(manager=coop), entered_on=date(2024, 1, 1))
    IdentifierFactory(person=stay.person, kind=IdentifierKind.CUI, value="05AAA01")
    names = {"surname": "Diallo", "given_names": "Awa"}
    Person.objects.filter(pk=stay.person_id).update(**names, search_key=" diallo awa", sort_key="diallo awa")
    run = stage(coordinator, guest_csv(AWA), coop)
    row = only_row(run)
    assert row.status == RowStatus.DOUBTFUL

    services.decide_row(
        actor=coordinator, row=row, decision=Answer.USE, today=clock.today(), expected_version=row.version
    )
    apply(coordinator, run)

    stay.refresh_from_db()
    assert stay.left_on == date(2025, 2, 1)
    assert Stay.objects.get(left_on__isnull=True).centre == villa


def test_an_old_list_does_not_bring_back_who_has_left(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    apply(coordinator, stage(coordinator, guest_csv(AWA), coop))
    Stay.objects.update(left_on=date(2026, 1, 15), left_because="U03")

    again = apply(coordinator, stage(coordinator, guest_csv(AWA), coop))

    assert again.totals["effect_same"] == 1
    assert not Stay.objects.filter(left_on__isnull=True).exists()


def test_who_has_already_left_opens_no_file(coordinator: Actor, coop: Organisation, villa: Centre) -> None:
    source = guest_csv(
        f"{AWA};01/03/2025",
        columns="Centro;Cognome;Nome;Data di nascita;Cittadinanza;CUI;Data ingresso;Data uscita",
    )

    run = apply(coordinator, stage(coordinator, source, coop))

    assert (run.totals["skipped"], Person.objects.count()) == (1, 0)


def test_a_coordinator_imports_only_into_own_centres(coordinator: Actor, coop: Organisation) -> None:
    CentreFactory(name="Villa Prova")

    run = stage(coordinator, guest_csv(AWA), coop)

    assert only_row(run).status == RowStatus.DOUBTFUL
    assert "non è tra quelli" in said(only_row(run))


# --- who may -------------------------------------------------------------------------------------------


def test_an_operator_imports_nothing(coop: Organisation) -> None:
    operator = actor_for_role("centre_operator", organisation=coop)

    with pytest.raises(NotAllowed, match="prefettura e coordinatori"):
        stage(operator, guest_csv(AWA), coop)


def test_nobody_imports_for_another_body(coordinator: Actor) -> None:
    with pytest.raises(NotAllowed, match="del tuo ente"):
        stage(coordinator, guest_csv(AWA), OrganisationFactory())


def test_another_body_neither_sees_nor_decides(coordinator: Actor, coop: Organisation, villa: Centre) -> None:
    run = stage(coordinator, guest_csv(AWA), coop)
    stranger = actor_for_role("centre_coordinator")

    assert not ImportRun.objects.visible_to(stranger).exists()
    for act in (services.discard_run, services.start_applying):
        with pytest.raises(NotAllowed, match="di un altro ente"):
            act(actor=stranger, run=run)


def test_a_discarded_run_keeps_no_row(coordinator: Actor, coop: Organisation, villa: Centre) -> None:
    run = services.discard_run(actor=coordinator, run=stage(coordinator, guest_csv(AWA), coop))

    assert not run.rows.exists()
    assert not Person.objects.exists()


# --- what may be wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (AWA.replace("Awa", "<b>Awa</b>"), "codici HTML"),
        (AWA.replace("07/05/1990", "31/02/1990"), "31/02/1990"),
        (AWA.replace("01/02/2025", "01/02/1980"), "prima della nascita"),
    ],
)
def test_a_wrong_row_says_what_is_wrong_and_stores_nobody(
    coordinator: Actor, coop: Organisation, villa: Centre, row: str, sentence: str
) -> None:
    run = apply(coordinator, stage(coordinator, guest_csv(row), coop))

    [wrong] = run.rows.all()
    assert wrong.status == RowStatus.ERROR
    assert sentence in said(wrong)
    assert not Person.objects.exists()


def test_a_file_with_the_month_first_is_not_applied(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    run = stage(coordinator, guest_csv(AWA.replace("07/05/1990", "03/14/1990")), coop)

    with pytest.raises(Refusal, match="scrive il mese prima del giorno"):
        apply(coordinator, run)


def test_an_unreadable_file_leaves_nothing(coordinator: Actor, coop: Organisation) -> None:
    with pytest.raises(services.BadFile, match="PDF"):
        stage(coordinator, io.BytesIO(b"%PDF-1.7"), coop)

    assert not ImportRun.objects.exists()


def test_columns_chosen_by_hand_are_remembered_for_the_sender(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    odd = "Dove;Chi e;Quale nome;CUI"
    source = "Villa Prova;Diallo;Awa;05AAA01"
    run = stage(coordinator, guest_csv(source, columns=odd), coop)
    chosen = {"centre": "Dove", "surname": "Chi e", "given_names": "Quale nome", "cui": "CUI"}

    run = services.choose_columns(actor=coordinator, run=run, chosen=chosen, expected_version=run.version)
    services.read_again(actor=coordinator, run=run, chosen=chosen, today=clock.today())
    again = stage(coordinator, guest_csv(source, columns=odd), coop)

    for one in (run, again):
        row = only_row(one)
        assert (row.status, row.fields["surname"], row.fields["given_names"]) == ("ok", "Diallo", "Awa")


# --- the warning for whole lists -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("surname", "given_names", "born", "citizenships"),
    [
        ("Diallo", "Awa", 1990, ["435"]),
        ("Jallow", "Awa", 1991, []),
        ("Awa", "Diallo", None, ["435"]),
        ("Awa", "Diallo", None, []),
        ("Diallo", "Awa", 1990, ["443"]),
        ("Hossain", "Mohamed", 1999, ["305"]),
        ("", "", 1990, ["435"]),
    ],
)
def test_a_list_warns_of_the_same_duplicates_as_a_single_file(
    coordinator: Actor,
    coop: Organisation,
    surname: str,
    given_names: str,
    born: int | None,
    citizenships: list[str],
) -> None:
    for carer in (coop, OrganisationFactory()):
        PersonFactory(
            carer=carer, surname="Diallo", given_names="Awa", birth_date=date(1990, 1, 1), citizenship="435"
        )
        PersonFactory(carer=carer, surname="Diallo", given_names="Awa", birth_date=None, citizenship="435")
        PersonFactory(carer=carer, surname="Diallo", given_names="Hawa", birth_date=date(1991, 1, 1))
    PersonFactory(surname="Hossen", given_names="Muhammad", birth_date=date(1999, 1, 1), reserved=True)
    told = {"surname": surname, "given_names": given_names, "birth_year": born, "citizenships": citizenships}

    one = possible_duplicates(coordinator, **told)
    many = Lookalikes.known_to(coordinator, clock.today()).alike(**told)

    assert (sorted(person.pk for person in one.seen), one.is_elsewhere) == (sorted(many[0]), many[1])


def test_the_arrival_in_italy_enters_the_file(coordinator: Actor, coop: Organisation, villa: Centre) -> None:
    header = "Centro;Cognome;Nome;Data di nascita;Data arrivo in Italia;Data ingresso"
    run = stage(
        coordinator,
        io.BytesIO(f"{header}\nVilla Prova;Diallo;Awa;07/05/1990;20/01/2025;01/02/2025".encode()),
        coop,
    )

    apply(coordinator, run)

    assert Person.objects.get(surname="Diallo").arrived_on == date(2025, 1, 20)


def test_a_presence_before_the_arrival_in_the_file_is_held(
    coordinator: Actor, coop: Organisation, villa: Centre
) -> None:
    known = PersonFactory(
        carer=coop,
        surname="Diallo",
        given_names="Awa",
        birth_date=date(1990, 5, 7),
        arrived_on=date(2025, 3, 1),
    )
    IdentifierFactory(person=known, kind=IdentifierKind.CUI, value="05AAA01")

    row = only_row(stage(coordinator, guest_csv(AWA), coop))

    assert row.status == RowStatus.DOUBTFUL
    assert "01/03/2025" in said(row)
