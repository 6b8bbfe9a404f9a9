from django.apps import AppConfig


class HousingConfig(AppConfig):
    name = "ali.housing"
    label = "housing"
