from datetime import date

import pytest

from ali.rents.bank.recognition import Guess, Index, Paid, Payee, best, guess, months_in

AWA = Payee(
    account=1,
    name="Diallo Awa",
    home="Via Facciolati 12",
    monthly_cents=31_500,
    ibans=frozenset({"IT40"}),
    payer_names=frozenset({"cooperativa lavoro"}),
    months={date(2026, 1, 1): 31_500, date(2026, 2, 1): 31_500},
)
OMAR = Payee(account=2, name="Haidari Omar", monthly_cents=31_500)


def paid(cents: int = 31_500, *, name: str = "", iban: str = "", cause: str = "") -> Paid:
    return Paid(cents, name, iban, cause)


@pytest.mark.parametrize(
    ("movement", "points"),
    [
        (paid(iban="IT40"), 80),
        (paid(name="AWA DIALLO"), 70),
        (paid(name="AWA DIALLO", cause="affitto febbraio"), 85),
        (paid(63_000, name="Awa Diallo", cause="affitto gen/feb, via facciolati 12"), 95),
        (paid(10_000, name="Awa Diallo"), 45),
        (paid(cause="bonifico per Diallo Awa"), 70),
        (paid(name="Cooperativa Lavoro"), 70),
        (paid(name="Awa Dialo"), 70),
        (paid(name="Somebody Else"), 0),
        (paid(cause="affitto febbraio"), 0),
    ],
)
def test_points_of_a_payment(movement: Paid, points: int) -> None:
    assert guess(movement, AWA).points == points


def test_amount_and_words_alone_never_make_a_proposal() -> None:
    assert best(paid(cause="canone di gennaio 2026"), [AWA, OMAR]) is None


def test_two_people_who_stand_close_are_a_proposal_that_is_not_sure() -> None:
    twin = Payee(account=3, name="Diallo Awa", monthly_cents=31_500, months=AWA.months)

    found = best(paid(name="Awa Diallo", cause="affitto gennaio"), [AWA, twin])

    assert isinstance(found, Guess)
    assert not found.is_sure


def test_one_who_stands_clear_is_sure() -> None:
    found = best(paid(iban="IT40", cause="affitto gennaio"), [AWA, OMAR])

    assert found is not None
    assert (found.account, found.is_sure) == (1, True)
    assert found.reasons[0] == "stesso IBAN di un pagamento già confermato"


def test_index_finds_by_iban_by_name_by_words_and_by_who_paid_before() -> None:
    index = Index([AWA, OMAR])

    assert index.candidates(paid(iban="IT40")) == [AWA]
    assert index.candidates(paid(name="OMAR HAIDARI")) == [OMAR]
    assert index.candidates(paid(cause="per haidari")) == [OMAR]
    assert index.candidates(paid(name="cooperativa lavoro")) == [AWA]
    assert index.candidates(paid(name="sconosciuto")) == []


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("affitto marzo 2026", {(2026, 3)}),
        ("Canone GEN/FEB", {(None, 1), (None, 2)}),
        ("rata 03/2026", {(2026, 3)}),
        ("canone 3-26", {(2026, 3)}),
        ("nessun mese", set()),
    ],
)
def test_months_named_in_a_text(text: str, months: set[tuple[int | None, int]]) -> None:
    assert months_in(text) == months
