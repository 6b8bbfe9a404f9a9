from django.apps import AppConfig


class RentsConfig(AppConfig):
    name = "ali.rents"
    label = "rents"

    def ready(self) -> None:
        from ali.agreements.hooks import when_call_is_decided
        from ali.imports.kinds import offer_kind
        from ali.rents import calculations
        from ali.rents.bank.kind import KINDS
        from ali.rents.services.fund import hear_of_call
        from ali.rents.services.tenancies import hear_of_tenancy
        from ali.rules.calculators import offer_calculator
        from ali.tenancies.hooks import when_tenancy_changes

        offer_calculator("arrears-step", calculations.arrears_step)
        offer_calculator("rent-prorata", calculations.rent_prorata)
        offer_calculator("rent-outlook", calculations.rent_outlook)
        offer_calculator("repayment-plan", calculations.repayment_plan)
        for kind in KINDS:
            offer_kind(kind)
        when_tenancy_changes(hear_of_tenancy)
        when_call_is_decided(hear_of_call)
