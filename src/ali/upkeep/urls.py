from django.urls import path

from ali.upkeep import views

app_name = "upkeep"
urlpatterns = [
    path("", views.ticket_list, name="ticket_list"),
    path("nuova/", views.ticket_add, name="ticket_add"),
    path("<uuid:public_id>/", views.ticket_detail, name="ticket_detail"),
    path("<uuid:public_id>/affida/", views.ticket_assign, name="ticket_assign"),
    path("<uuid:public_id>/passo/", views.ticket_step, name="ticket_step"),
    path("<uuid:public_id>/nota/", views.ticket_note, name="ticket_note"),
    path("<uuid:public_id>/costo/", views.cost_add, name="cost_add"),
    path("costi/<uuid:public_id>/togli/", views.cost_withdraw, name="cost_withdraw"),
]
