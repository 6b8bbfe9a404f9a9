from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ali.audit"
    label = "audit"
