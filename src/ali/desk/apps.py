from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "ali.desk"
    label = "desk"
