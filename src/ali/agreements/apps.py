from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "ali.agreements"
    label = "agreements"

    def ready(self) -> None:
        from ali.agreements import clocks, guaranteeing
        from ali.agreements.files import AGREEMENT_FILES
        from ali.agreements.of_owner import agreements_with
        from ali.agreements.panels import AGREEMENT_PANEL
        from ali.documents.subjects import offer_subject
        from ali.housing.panels import offer_panel
        from ali.rules.calculators import offer_calculator
        from ali.scouting.hooks import provide_agreements

        offer_calculator("contract-clocks", clocks.calculate)
        offer_calculator("fund-balance", guaranteeing.fund_balance)
        offer_calculator("fund-coverage", guaranteeing.fund_coverage)
        provide_agreements(agreements_with)
        offer_subject(AGREEMENT_FILES)
        offer_panel(AGREEMENT_PANEL)
