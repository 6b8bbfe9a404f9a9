from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "ali.work"
    label = "work"

    def ready(self) -> None:
        from ali.reception.gaps import provide_gap
        from ali.reception.states import Gap
        from ali.rules.calculators import offer_calculator
        from ali.work import affordability
        from ali.work.gaps import income_gaps

        offer_calculator("affordability", affordability.calculate)
        provide_gap(Gap.INCOME, income_gaps)
