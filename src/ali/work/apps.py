from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "ali.work"
    label = "work"
