from django.apps import AppConfig


class RenovationConfig(AppConfig):
    name = "ali.renovation"
    label = "renovation"
