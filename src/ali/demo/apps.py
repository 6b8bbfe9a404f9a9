from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "ali.demo"
    label = "demo"
