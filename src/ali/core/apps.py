from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "ali.core"
    label = "core"
