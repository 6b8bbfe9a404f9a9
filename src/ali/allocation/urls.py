from django.urls import path

from ali.allocation import views

app_name = "allocation"
urlpatterns = [
    path("", views.round_list, name="round_list"),
    path("avvia/", views.round_open, name="round_open"),
    path("giro/<uuid:public_id>/", views.round_detail, name="round_detail"),
    path("giro/<uuid:public_id>/avanzamento/", views.round_progress, name="round_progress"),
    path("giro/<uuid:public_id>/annulla/", views.round_cancel, name="round_cancel"),
    path("giro/<uuid:public_id>/e-se/", views.round_try, name="round_try"),
    path("giro/<uuid:public_id>/e-se/<uuid:task_id>/", views.round_answer, name="round_answer"),
    path("giro/<uuid:public_id>/stampa/", views.round_print, name="round_print"),
    path("giro/<uuid:public_id>/esporta/", views.round_export, name="round_export"),
    path("giro/<uuid:public_id>/confronto/", views.round_compare, name="round_compare"),
    path("giro/<uuid:public_id>/in-vigore/", views.criteria_enforce, name="criteria_enforce"),
    path("giro/voce/<uuid:public_id>/accantona/", views.entry_set_aside, name="entry_set_aside"),
    path("giro/voce/<uuid:public_id>/scambia/", views.entry_exchange, name="entry_exchange"),
    path("casa/<uuid:public_id>/", views.shortlist, name="shortlist"),
    path("nucleo/<uuid:public_id>/", views.household_homes, name="household_homes"),
    path("proponi/<uuid:dwelling_id>/<uuid:household_id>/", views.put_forward, name="put_forward"),
    path("vincola/<uuid:dwelling_id>/<uuid:household_id>/", views.pin_set, name="pin_set"),
    path("vincola/<uuid:dwelling_id>/<uuid:household_id>/togli/", views.pin_remove, name="pin_remove"),
    path("proposte/", views.proposal_list, name="proposal_list"),
    path("proposte/<uuid:public_id>/", views.proposal_detail, name="proposal_detail"),
    path("proposte/<uuid:public_id>/foglio/", views.proposal_paper, name="proposal_paper"),
    path("proposte/<uuid:public_id>/accetta/", views.home_accept, name="home_accept"),
    path("proposte/<uuid:public_id>/rifiuta/", views.home_refuse, name="home_refuse"),
    path("proposte/<uuid:public_id>/nucleo-accetta/", views.household_accept, name="household_accept"),
    path("proposte/<uuid:public_id>/nucleo-rifiuta/", views.household_refuse, name="household_refuse"),
    path("proposte/<uuid:public_id>/ritira/", views.proposal_withdraw, name="proposal_withdraw"),
    path("criteri/<str:province>/", views.criteria_detail, name="criteria_detail"),
]
