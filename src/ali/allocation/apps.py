from django.apps import AppConfig


class AllocationConfig(AppConfig):
    name = "ali.allocation"
    label = "allocation"
