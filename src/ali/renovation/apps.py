from django.apps import AppConfig


class RenovationConfig(AppConfig):
    name = "ali.renovation"
    label = "renovation"

    def ready(self) -> None:
        from ali.documents.subjects import offer_subject
        from ali.renovation import clocks
        from ali.renovation.files import WORKS_FILES
        from ali.rules.calculators import offer_calculator

        offer_calculator("building-title-clocks", clocks.calculate)
        offer_subject(WORKS_FILES)
