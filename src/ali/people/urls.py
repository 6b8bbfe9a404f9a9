from django.urls import include, path

from ali.people import views

app_name = "people"

_of_person = [
    path("modifica/", views.person_edit, name="person_edit"),
    path("schede-simili/", views.duplicates, name="duplicates"),
    path("nomi/", views.names, name="names"),
    path("nomi/correggi/", views.name_change, name="name_change"),
    path("nomi/togli/", views.name_remove, name="name_remove"),
    path("codici/", views.identifiers, name="identifiers"),
    path("codici/chiudi/", views.identifier_close, name="identifier_close"),
    path("codici/togli/", views.identifier_remove, name="identifier_remove"),
    path("lingue/", views.languages, name="languages"),
    path("lingue/togli/", views.language_remove, name="language_remove"),
    path("permessi/", views.permits, name="permits"),
    path("permessi/nuovo/", views.permit_add, name="permit_add"),
    path("permessi/<uuid:permit_id>/", views.permit_edit, name="permit_edit"),
    path("procedura/", views.case_edit, name="case_edit"),
    path("residenza/", views.residence_edit, name="residence_edit"),
    path("residenza/chiudi/", views.residence_end, name="residence_end"),
    path("nucleo/", views.household, name="household"),
    path("nucleo/esigenze/", views.household_needs, name="household_needs"),
    path("nucleo/cerca/", views.household_find, name="household_find"),
    path("nucleo/relazione/", views.household_relation, name="household_relation"),
    path("nucleo/unisci/", views.household_join, name="household_join"),
    path("nucleo/separa/", views.household_split, name="household_split"),
    path("nucleo/desidera/", views.wish_add, name="wish_add"),
    path("nucleo/non-desidera/", views.wish_withdraw, name="wish_withdraw"),
    path("comune/", views.municipality, name="municipality"),
    path("riservatezza/", views.reserve, name="reserve"),
    path("riservatezza/togli/", views.reopen, name="reopen"),
]

urlpatterns = [
    path("nuova/", views.person_add, name="person_add"),
    path("<uuid:public_id>/", include(_of_person)),
]
