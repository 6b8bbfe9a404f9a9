from django.apps import AppConfig


class RentsConfig(AppConfig):
    name = "ali.rents"
    label = "rents"
