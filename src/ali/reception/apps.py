from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "ali.reception"
    label = "reception"

    def ready(self) -> None:
        from ali.reception.clock import calculate_exit_date  # models are loaded only now
        from ali.rules.calculators import offer_calculator

        offer_calculator("exit-date", calculate_exit_date)
