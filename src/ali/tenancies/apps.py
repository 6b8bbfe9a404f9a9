from django.apps import AppConfig


class TenanciesConfig(AppConfig):
    name = "ali.tenancies"
    label = "tenancies"

    def ready(self) -> None:
        from ali.documents.subjects import offer_subject
        from ali.tenancies.files import TENANCY_FILES

        offer_subject(TENANCY_FILES)
