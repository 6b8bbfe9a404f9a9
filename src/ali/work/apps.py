from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "ali.work"
    label = "work"

    def ready(self) -> None:
        from ali.rules.calculators import offer_calculator
        from ali.work import affordability

        offer_calculator("affordability", affordability.calculate)
