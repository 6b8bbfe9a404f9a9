from django.apps import AppConfig


class HousingConfig(AppConfig):
    name = "ali.housing"
    label = "housing"

    def ready(self) -> None:
        from ali.housing import capacity
        from ali.rules.calculators import offer_calculator

        offer_calculator("capacity", capacity.calculate)
