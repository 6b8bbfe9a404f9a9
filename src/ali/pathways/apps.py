from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "ali.pathways"
    label = "pathways"
