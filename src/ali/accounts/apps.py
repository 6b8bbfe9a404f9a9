from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ali.accounts"
    label = "accounts"
