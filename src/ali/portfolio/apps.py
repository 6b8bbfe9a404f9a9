from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "ali.portfolio"
    label = "portfolio"
