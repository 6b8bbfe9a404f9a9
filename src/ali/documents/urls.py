from django.urls import path

from ali.documents import views

app_name = "documents"
urlpatterns = [
    path("<slug:kind>/<uuid:public_id>/aggiungi/", views.document_add, name="document_add"),
    path("<uuid:public_id>/", views.document_open, name="document_open"),
    path("<uuid:public_id>/miniatura/", views.document_thumbnail, name="document_thumbnail"),
    path("<uuid:public_id>/ritira/", views.document_withdraw, name="document_withdraw"),
]
