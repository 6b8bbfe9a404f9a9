from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "ali.documents"
    label = "documents"
