from django.apps import AppConfig


class HousingConfig(AppConfig):
    name = "ali.housing"
    label = "housing"

    def ready(self) -> None:
        from ali.documents.subjects import offer_subject
        from ali.housing import capacity
        from ali.housing.files import CERTIFICATE_FILES, HOME_FILES
        from ali.rules.calculators import offer_calculator

        offer_calculator("capacity", capacity.calculate)
        offer_subject(HOME_FILES)
        offer_subject(CERTIFICATE_FILES)
