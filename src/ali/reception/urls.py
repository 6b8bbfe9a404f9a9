from django.urls import path

from ali.reception.views import centres, contracts, exits, solutions, stays

app_name = "reception"
urlpatterns = [
    path("centri/", centres.centre_list, name="centre_list"),
    path("centri/nuovo/", centres.centre_add, name="centre_add"),
    path("centri/<uuid:public_id>/", centres.centre_detail, name="centre_detail"),
    path("centri/<uuid:public_id>/posti/", centres.centre_edit, name="centre_edit"),
    path("centri/<uuid:public_id>/arrivi/", centres.arrival_add, name="arrival_add"),
    path("centri/<uuid:public_id>/arrivi/<uuid:arrival_id>/", centres.arrival_close, name="arrival_close"),
    path("contratti/", contracts.contract_list, name="contract_list"),
    path("contratti/<uuid:public_id>/", contracts.contract_detail, name="contract_detail"),
    path("persone/<uuid:public_id>/ingresso/", stays.admit, name="admit"),
    path("persone/<uuid:public_id>/trasferimento/", stays.transfer, name="transfer"),
    path("persone/<uuid:public_id>/partenza/", stays.departure, name="departure"),
    path("persone/<uuid:public_id>/uscita/", stays.exit_add, name="exit_add"),
    path("uscite/<uuid:public_id>/", exits.exit_detail, name="exit_detail"),
    *(
        path(f"uscite/<uuid:public_id>/{step.path}/", view, name=step.name)
        for step, view in exits.STEP_VIEWS.items()
    ),
    path(
        "uscite/<uuid:public_id>/proroga/<uuid:extension_id>/",
        exits.extension_answer,
        name="extension_answer",
    ),
    path("uscite/<uuid:public_id>/soluzione/", solutions.exit_solution, name="exit_solution"),
    path("uscite/<uuid:public_id>/dettaglio/", solutions.exit_solution_note, name="exit_solution_note"),
    path("uscite/<uuid:public_id>/prossimo-passo/", solutions.exit_next_step, name="exit_next_step"),
    path("uscite/<uuid:public_id>/comune/", solutions.exit_municipality, name="exit_municipality"),
]
