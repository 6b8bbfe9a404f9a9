from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "ali.places"
    label = "places"
