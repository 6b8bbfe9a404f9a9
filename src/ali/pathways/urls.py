from django.urls import path

from ali.pathways import views

app_name = "pathways"
urlpatterns = [
    path("<uuid:public_id>/persone-su-cui-contare/", views.ties, name="ties"),
    path("legami/<uuid:public_id>/togli/", views.tie_remove, name="tie_remove"),
    path("<uuid:public_id>/corsi/nuovo/", views.course_add, name="course_add"),
    path("corsi/<uuid:public_id>/", views.course_edit, name="course_edit"),
]
