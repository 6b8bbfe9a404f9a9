from django.urls import path

from ali.rules import views

app_name = "rules"
urlpatterns = [
    path("", views.rule_list, name="rule_list"),
    path("<uuid:public_id>/", views.rule_detail, name="rule_detail"),
    path("<uuid:public_id>/valore/", views.rule_set, name="rule_set"),
    path("<uuid:public_id>/conferma/", views.rule_confirm, name="rule_confirm"),
]
