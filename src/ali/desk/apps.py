from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "ali.desk"
    label = "desk"

    def ready(self) -> None:
        from ali.core.context import provide_navigation
        from ali.desk.navigation import navigation_for, offers_search

        provide_navigation(navigation_for, offers_search)
