from django.urls import path

from ali.housing import views

app_name = "housing"
urlpatterns = [
    path("", views.home_list, name="home_list"),
    path("punti.geojson", views.home_points, name="home_points"),
    path("posti/", views.free_bed_list, name="free_bed_list"),
    path("nuova/", views.home_add, name="home_add"),
    path("<uuid:public_id>/", views.home_detail, name="home_detail"),
    path("<uuid:public_id>/modifica/", views.home_edit, name="home_edit"),
    path("<uuid:public_id>/stanze/", views.rooms_edit, name="rooms_edit"),
    path("<uuid:public_id>/altra/", views.home_add_beside, name="home_add_beside"),
    path("<uuid:public_id>/passo/", views.home_step, name="home_step"),
    path("<uuid:public_id>/scheda/<slug:sheet>/", views.sheet_edit, name="sheet_edit"),
    path("<uuid:public_id>/catasto/", views.cadastre_edit, name="cadastre_edit"),
    path("<uuid:public_id>/certificati/nuovo/", views.certificate_add, name="certificate_add"),
    path("certificati/<uuid:public_id>/", views.certificate_detail, name="certificate_detail"),
    path("certificati/<uuid:public_id>/modifica/", views.certificate_edit, name="certificate_edit"),
    path("certificati/<uuid:public_id>/togli/", views.certificate_remove, name="certificate_remove"),
    path("posti/<uuid:public_id>/", views.bed_detail, name="bed_detail"),
    path("posti/<uuid:public_id>/nome/", views.bed_rename, name="bed_rename"),
    path("posti/<uuid:public_id>/entrata/", views.bed_move_in, name="bed_move_in"),
    path("permanenze/<uuid:public_id>/uscita/", views.occupancy_end, name="occupancy_end"),
    path(
        "permanenze/<uuid:public_id>/comunicazione/",
        views.occupancy_communicate,
        name="occupancy_communicate",
    ),
    path("permanenze/<uuid:public_id>/togli/", views.occupancy_remove, name="occupancy_remove"),
]
