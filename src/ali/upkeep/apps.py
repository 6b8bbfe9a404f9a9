from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "ali.upkeep"
    label = "upkeep"

    def ready(self) -> None:
        from ali.documents.subjects import offer_subject
        from ali.housing.panels import offer_panel
        from ali.upkeep.files import TICKET_FILES
        from ali.upkeep.panels import CARE_PANEL, UPKEEP_PANEL

        offer_subject(TICKET_FILES)
        offer_panel(UPKEEP_PANEL)
        offer_panel(CARE_PANEL)
