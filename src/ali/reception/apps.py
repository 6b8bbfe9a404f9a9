from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "ali.reception"
    label = "reception"
