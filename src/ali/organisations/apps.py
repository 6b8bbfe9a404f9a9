from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "ali.organisations"
    label = "organisations"

    def ready(self) -> None:
        from ali.accounts.actors import provide_grants  # models are loaded only now
        from ali.organisations.queries import grants_of

        provide_grants(grants_of)
