from django.apps import AppConfig


class HousingConfig(AppConfig):
    name = "ali.housing"
    label = "housing"

    def ready(self) -> None:
        from ali.documents.subjects import offer_subject
        from ali.housing import capacity
        from ali.housing.files import HOME_FILES
        from ali.rules.calculators import offer_calculator

        offer_calculator("capacity", capacity.calculate)
        offer_subject(HOME_FILES)
