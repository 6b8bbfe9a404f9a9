from django.apps import AppConfig


class ScoutingConfig(AppConfig):
    name = "ali.scouting"
    label = "scouting"
