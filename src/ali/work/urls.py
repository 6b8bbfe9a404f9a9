from django.urls import path

from ali.work import views

app_name = "work"
urlpatterns = [
    path("persona/<uuid:public_id>/nuovo/", views.job_add, name="job_add"),
    path("persona/<uuid:public_id>/mezzi/", views.means_edit, name="means_edit"),
    path("<uuid:public_id>/", views.job_edit, name="job_edit"),
    path("<uuid:public_id>/togli/", views.job_remove, name="job_remove"),
]
