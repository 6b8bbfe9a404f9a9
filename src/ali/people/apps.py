from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "ali.people"
    label = "people"

    def ready(self) -> None:
        from ali.people.fiscal_codes import calculate_fiscal_code  # models are loaded only now
        from ali.people.hooks import provide_clock
        from ali.people.services import write_permit_deadlines
        from ali.rules.calculators import offer_calculator

        provide_clock(write_permit_deadlines)
        offer_calculator("codice-fiscale", calculate_fiscal_code)
