from django.urls import path

from ali.desk import audit_views

app_name = "log"
urlpatterns = [
    path("", audit_views.event_list, name="event_list"),
    path("persona/<uuid:public_id>/", audit_views.person_readers, name="person_readers"),
]
