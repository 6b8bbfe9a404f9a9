from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "ali.pathways"
    label = "pathways"

    def ready(self) -> None:
        from ali.pathways.readiness import network_gaps  # models are loaded only now
        from ali.reception.gaps import provide_gap
        from ali.reception.states import Gap

        provide_gap(Gap.NETWORK, network_gaps)
