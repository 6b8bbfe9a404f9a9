from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "ali.people"
    label = "people"
