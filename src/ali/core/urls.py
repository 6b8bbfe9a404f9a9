from django.urls import path

from ali.core import views

app_name = "core"
urlpatterns = [
    path("_components/", views.component_gallery, name="component_gallery"),
    path("_components/points.geojson", views.gallery_points, name="gallery_points"),
    path("note-legali/", views.legal_notes, name="legal_notes"),
]
