from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "ali.upkeep"
    label = "upkeep"
