from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "ali.portfolio"
    label = "portfolio"

    def ready(self) -> None:
        from ali.portfolio.calculations import dwelling_economics
        from ali.rules.calculators import offer_calculator

        offer_calculator("dwelling-economics", dwelling_economics)
