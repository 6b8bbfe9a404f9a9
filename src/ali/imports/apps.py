from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "ali.imports"
    label = "imports"
