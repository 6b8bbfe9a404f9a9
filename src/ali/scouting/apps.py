from django.apps import AppConfig


class ScoutingConfig(AppConfig):
    name = "ali.scouting"
    label = "scouting"

    def ready(self) -> None:
        from ali.documents.subjects import offer_subject
        from ali.housing.panels import Panel, offer_panel
        from ali.imports.kinds import offer_kind
        from ali.scouting.files import LEAD_FILES, VISIT_FILES
        from ali.scouting.lists.anbsc import ANBSC
        from ali.scouting.lists.buildings import BUILDINGS
        from ali.scouting.lists.omi import OMI
        from ali.scouting.panels import home_panel

        offer_subject(LEAD_FILES)
        offer_subject(VISIT_FILES)
        offer_panel(Panel("scouting/_home_panel.html", home_panel))
        offer_kind(ANBSC)
        offer_kind(BUILDINGS)
        offer_kind(OMI)
