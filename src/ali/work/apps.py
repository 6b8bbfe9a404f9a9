from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "ali.work"
    label = "work"

    def ready(self) -> None:
        from ali.people.hooks import provide_clock
        from ali.reception.gaps import provide_gap
        from ali.reception.states import Gap
        from ali.rules.calculators import offer_calculator
        from ali.work import affordability
        from ali.work.gaps import income_gaps
        from ali.work.services import write_job_deadlines

        offer_calculator("affordability", affordability.calculate)
        offer_calculator("entry-cost", affordability.calculate_entry)
        provide_gap(Gap.INCOME, income_gaps)
        provide_clock(write_job_deadlines)
