from django.urls import path

from ali.scouting import views

app_name = "scouting"
urlpatterns = [
    path("", views.lead_list, name="lead_list"),
    path("punti.geojson", views.lead_points, name="lead_points"),
    path("offerta/", views.offer_add, name="offer_add"),
    path("nuova/", views.lead_add, name="lead_add"),
    path("<uuid:public_id>/", views.lead_detail, name="lead_detail"),
    path("<uuid:public_id>/modifica/", views.lead_edit, name="lead_edit"),
    path("<uuid:public_id>/passo/", views.lead_step, name="lead_step"),
    path("<uuid:public_id>/sopralluogo/", views.inspection_add, name="inspection_add"),
    path("<uuid:public_id>/alloggio/", views.lead_convert, name="lead_convert"),
    path("sopralluoghi/<uuid:public_id>/", views.inspection_detail, name="inspection_detail"),
    path("proprietari/", views.owner_list, name="owner_list"),
    path("proprietari/nuovo/", views.owner_add, name="owner_add"),
    path("proprietari/<uuid:public_id>/", views.owner_detail, name="owner_detail"),
    path("proprietari/<uuid:public_id>/modifica/", views.owner_edit, name="owner_edit"),
    path("proprietari/<uuid:public_id>/contatto/", views.contact_add, name="contact_add"),
    path("case/<uuid:public_id>/proprieta/", views.ownership_add, name="ownership_add"),
    path("case/<uuid:public_id>/zona/", views.home_zone, name="home_zone"),
    path("proprieta/<uuid:public_id>/fine/", views.ownership_end, name="ownership_end"),
    path("campagne/", views.campaign_list, name="campaign_list"),
    path("campagne/nuova/", views.campaign_add, name="campaign_add"),
    path("campagne/<uuid:public_id>/", views.campaign_detail, name="campaign_detail"),
    path("campagne/<uuid:public_id>/modifica/", views.campaign_edit, name="campaign_edit"),
    path("campagne/<uuid:public_id>/destinatari/", views.campaign_recipients, name="campaign_recipients"),
    path("campagne/<uuid:public_id>/lettere/", views.campaign_letters, name="campaign_letters"),
    path("campagne/<uuid:public_id>/spedita/", views.campaign_send, name="campaign_send"),
    path("campagne/<uuid:public_id>/chiusa/", views.campaign_close, name="campaign_close"),
]
