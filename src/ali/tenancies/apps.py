from django.apps import AppConfig


class TenanciesConfig(AppConfig):
    name = "ali.tenancies"
    label = "tenancies"
