from django.urls import path

from ali.organisations import user_views, views

app_name = "organisations"
urlpatterns = [
    path("", views.organisation_list, name="organisation_list"),
    path("nuova/", views.organisation_add, name="organisation_add"),
    path("utenti/", user_views.user_list, name="user_list"),
    path("utenti/nuovo/", user_views.user_add, name="user_add"),
    path("utenti/<uuid:public_id>/", user_views.user_detail, name="user_detail"),
    path("utenti/<uuid:public_id>/disattiva/", user_views.user_disable, name="user_disable"),
    path("utenti/<uuid:public_id>/riattiva/", user_views.user_enable, name="user_enable"),
    path("utenti/<uuid:public_id>/password/", user_views.user_reset_password, name="user_reset_password"),
    path("utenti/<uuid:public_id>/incarico/", user_views.membership_add, name="membership_add"),
    path("incarichi/<uuid:public_id>/chiudi/", user_views.membership_end, name="membership_end"),
    path("<uuid:public_id>/", views.organisation_detail, name="organisation_detail"),
    path("<uuid:public_id>/modifica/", views.organisation_edit, name="organisation_edit"),
    path("<uuid:public_id>/ruolo/", views.role_add, name="role_add"),
    path("<uuid:public_id>/ruolo/chiudi/", views.role_end, name="role_end"),
]
