import pytest

from ali.people.name_variants import are_variants, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Traoré Mohamed", "Muhammad Traore"),
        ("Mohammad Hossain", "HUSSEIN Mohamed"),
        ("Abdoulaye Diallo", "DIALLO Abdulai"),
        ("Ousmane Camara", "Usman Camara"),
        ("Yusuf Ali Hassan", "Ali Yousef"),
        ("Oleksandr Shevchenko", "Aleksandr Shevchenko"),
        ("Nour", "Nur"),
        ("El Fassi Mustapha", "Fassi Mustafa"),
        ("Juan Carlos Pérez Gómez", "Juan Perez Gomez"),
    ],
)
def test_spellings_of_one_name_are_variants(one, other):
    assert are_variants(words_of(one), words_of(other))
    assert are_variants(words_of(other), words_of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohamed Traoré", "Mohamed Diallo"),
        ("Mohamed", "Mohamed Diallo"),
        ("Amina Yusuf", "Omar Farah"),
        ("", ""),
        ("", "Mohamed Diallo"),
        ("Mohamed Mohamed", "Mohamed Diallo"),
        ("ISLAM Md Sumon", "ISLAM Md Rafiq"),
        ("EL FASSI Mustapha", "EL FASSI Jaouad"),
        ("Yusuf Ali Hassan", "Omar Ali Hassan"),
    ],
)
def test_different_names_are_not(one, other):
    assert not are_variants(words_of(one), words_of(other))
