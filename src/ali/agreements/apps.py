from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "ali.agreements"
    label = "agreements"
