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
    path("visite/", views.visit_list, name="visit_list"),
    path("visite/nuova/", views.visit_plan, name="visit_plan"),
    path("visite/<uuid:public_id>/", views.visit_detail, name="visit_detail"),
    path("visite/<uuid:public_id>/esito/", views.visit_record, name="visit_record"),
    path("visite/<uuid:public_id>/sposta/", views.visit_move, name="visit_move"),
    path("visite/<uuid:public_id>/chiudi/", views.visit_end, name="visit_end"),
    path("mediazioni/", views.mediation_list, name="mediation_list"),
    path("mediazioni/nuova/", views.mediation_open, name="mediation_open"),
    path("mediazioni/<uuid:public_id>/", views.mediation_detail, name="mediation_detail"),
    path("mediazioni/<uuid:public_id>/nota/", views.mediation_note, name="mediation_note"),
    path("mediazioni/<uuid:public_id>/chiudi/", views.mediation_close, name="mediation_close"),
    path("mediazioni/<uuid:public_id>/riprendi/", views.mediation_reopen, name="mediation_reopen"),
    path("mediazioni/<uuid:public_id>/nomina/", views.colleague_name, name="colleague_name"),
    path("mediazioni/colleghi/<uuid:public_id>/togli/", views.colleague_unname, name="colleague_unname"),
]
