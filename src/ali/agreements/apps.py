from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "ali.agreements"
    label = "agreements"

    def ready(self) -> None:
        from ali.agreements import clocks, guaranteeing
        from ali.rules.calculators import offer_calculator

        offer_calculator("contract-clocks", clocks.calculate)
        offer_calculator("fund-balance", guaranteeing.fund_balance)
        offer_calculator("fund-coverage", guaranteeing.fund_coverage)
