"""The household's sheet: complete in every language, in the one they speak best."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from ali.allocation import paper
from ali.housing.models import Bed, Room
from ali.people.models import SpokenLanguage
from tests.conftest import MONDAY
from tests.factories.allocation import make_scene
from tests.factories.housing import OccupancyFactory

KEYS = set(paper._texts()["it"].texts)


@pytest.mark.parametrize("code", [one.code for one in paper.languages()])
def test_language_says_everything(code: str) -> None:
    read = paper._texts()[code]

    assert set(read.texts) == KEYS
    assert all(read.texts.values())
    for key, italian in paper._texts()["it"].texts.items():
        for name in ("{beds}", "{people}"):
            assert (name in italian) == (name in read.texts[key]), key


def test_right_to_left_languages_are_known() -> None:
    assert {one.code for one in paper.languages() if one.direction == "rtl"} == {"ar", "ur"}


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestSheet:
    def test_it_is_in_the_language_they_speak_best(self) -> None:
        scene = make_scene()
        SpokenLanguage.objects.create(person=scene.person, language_id="eng", level="B1")
        SpokenLanguage.objects.create(person=scene.person, language_id="ben", level="L1")

        assert paper.language_of([scene.person]).code == "bn"

    def test_it_is_in_english_when_theirs_is_not_there(self) -> None:
        scene = make_scene()
        SpokenLanguage.objects.create(person=scene.person, language_id="bam", level="L1")

        assert paper.language_of([scene.person]).code == "en"

    def test_it_says_home_bed_flatmates_costs_days_and_contact(self) -> None:
        scene = make_scene(home={"contact_name": "Anna Prova", "contact_phone": "049 000000"})
        proposal = scene.accepted()

        sheet = paper.sheet(proposal, [scene.person], "fr", MONDAY)

        said = {line.label: line.value for line in (*sheet.lines, *sheet.monthly)}
        assert said["La vostra stanza"] == "Camera 1, 1"
        assert "12/03/2026. Ci vivono 0 persone" in said["Con chi si abita"]
        assert said["Da quando"] == "12/03/2026"
        assert "049 000000" in said["Chi chiamare"]
        assert said["Rispondete entro il"] == "09/03/2026"
        assert said["Totale"] == "315 €"
        assert {line.label: line.value for line in sheet.entry}["Totale"] == "900 €"
        assert sheet.other.texts["no_means"].startswith("Si vous dites non")

    def test_flatmates_are_those_who_live_there_on_the_day_of_entering(self) -> None:
        scene = make_scene(home={"beds": 5})
        leaves_before, leaves_after, late, arrives, _kept = Bed.objects.order_by("pk")
        OccupancyFactory(bed=leaves_before, ends_on=MONDAY + timedelta(days=5))
        OccupancyFactory(bed=leaves_after, ends_on=MONDAY + timedelta(days=20))
        OccupancyFactory(bed=late, ends_on=MONDAY - timedelta(days=1))
        OccupancyFactory(bed=arrives, starts_on=MONDAY + timedelta(days=7))
        proposal = scene.put_forward()

        sheet = paper.sheet(proposal, [scene.person], "fr", MONDAY)

        said = {line.label: line.value for line in sheet.lines}
        assert said["Con chi si abita"].startswith("12/03/2026. Ci vivono 3 persone.")

    def test_it_is_in_italian_for_somebody_who_reads_english(self) -> None:
        scene = make_scene()
        proposal = scene.accepted()
        Room.objects.update(label="")

        with override("en"):
            sheet = paper.sheet(proposal, [scene.person], "fr", MONDAY)

        assert {line.label: line.value for line in sheet.lines}["La vostra stanza"] == "camera, 1"
