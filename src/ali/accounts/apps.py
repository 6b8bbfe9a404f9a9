from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ali.accounts"
    label = "accounts"

    def ready(self) -> None:
        from ali.accounts import journal  # models are loaded only now

        journal.listen()
