from dataclasses import replace

import pytest

from ali.housing.states import DwellingState, StepFacts, match_decision, step_decision

QUIET = StepFacts(
    state=DwellingState.FREE, beds=2, has_people=False, has_holds=False, awaits_assignment=False
)


@pytest.mark.parametrize(
    ("verb", "changes", "reason"),
    [
        ("visit", {}, "Non è possibile ora"),
        ("suspend", {"has_holds": True}, "proposta in corso"),
        ("give_back", {"has_holds": True}, "proposta in corso"),
        ("give_back", {"has_people": True}, "Ci abita"),
        ("make_free", {"state": DwellingState.OCCUPIED, "has_people": True}, "Ci abita"),
        ("make_free", {"state": DwellingState.WORKS, "beds": 0}, "posti letto"),
        ("make_free", {"state": DwellingState.AGREED, "awaits_assignment": True}, "confiscato"),
    ],
)
def test_step_is_refused_with_the_reason(verb: str, changes: dict[str, object], reason: str) -> None:
    decision = step_decision(verb, replace(QUIET, **changes))

    assert not decision
    assert reason in str(decision.reason)


@pytest.mark.parametrize(
    ("verb", "changes"),
    [
        ("suspend", {"has_people": True}),
        ("give_back", {}),
        ("start_works", {}),
        ("make_free", {"state": DwellingState.WORKS}),
        ("visit", {"state": DwellingState.FOUND, "beds": 0}),
    ],
)
def test_step_is_possible(verb: str, changes: dict[str, object]) -> None:
    assert step_decision(verb, replace(QUIET, **changes))


def test_confiscated_home_is_matched_only_once_assigned() -> None:
    assert not match_decision(DwellingState.FREE, awaits_assignment=True)
    assert "confiscato" in str(match_decision(DwellingState.FREE, awaits_assignment=True).reason)
    assert match_decision(DwellingState.WORKS, awaits_assignment=False)
    assert not match_decision(DwellingState.SUSPENDED, awaits_assignment=False)
