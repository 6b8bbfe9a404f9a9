from django.urls import path

from ali.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.run_list, name="run_list"),
    path("nuova/", views.run_add, name="run_add"),
    path("<uuid:public_id>/", views.run_detail, name="run_detail"),
    path("<uuid:public_id>/colonne/", views.run_columns, name="run_columns"),
    path("<uuid:public_id>/da-correggere/", views.run_rejected, name="run_rejected"),
    path("<uuid:public_id>/risposta/", views.run_answer, name="run_answer"),
    path("<uuid:public_id>/ricontrolla/", views.run_check, name="run_check"),
    path("<uuid:public_id>/righe/<int:row>/", views.row_decide, name="row_decide"),
    path("<uuid:public_id>/applica/", views.run_apply, name="run_apply"),
    path("<uuid:public_id>/ferma/", views.run_stop, name="run_stop"),
    path("<uuid:public_id>/scarta/", views.run_discard, name="run_discard"),
    path("<uuid:public_id>/avanzamento/", views.run_progress, name="run_progress"),
]
