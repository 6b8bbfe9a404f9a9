from django.urls import path

from ali.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("uscite/", views.exit_list, name="exit_list"),
    path("uscite/stampa/", views.exit_list_print, name="exit_list_print"),
    path("uscite/esporta/", views.exit_list_export, name="exit_list_export"),
    path("persona/<uuid:public_id>/", views.person, name="person"),
    path("persona/<uuid:public_id>/stampa/", views.person_print, name="person_print"),
    path("persona/<uuid:public_id>/esporta/", views.person_export, name="person_export"),
    path("cerca/", views.search, name="search"),
    path("scadenze/", views.deadline_list, name="deadline_list"),
]
