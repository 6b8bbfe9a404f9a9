from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "ali.deadlines"
    label = "deadlines"
