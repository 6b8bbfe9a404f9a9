from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "ali.rules"
    label = "rules"
