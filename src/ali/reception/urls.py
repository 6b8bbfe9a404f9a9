from django.urls import path

from ali.reception.views import centres, contracts, exits, stays

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
    path("uscite/<uuid:public_id>/proponi/", exits.exit_propose, name="exit_propose"),
    path("uscite/<uuid:public_id>/comunica/", exits.exit_communicate, name="exit_communicate"),
    path("uscite/<uuid:public_id>/decreto/", exits.exit_decree, name="exit_decree"),
    path("uscite/<uuid:public_id>/notifica/", exits.exit_notify, name="exit_notify"),
    path("uscite/<uuid:public_id>/proroga/", exits.exit_extend, name="exit_extend"),
    path(
        "uscite/<uuid:public_id>/proroga/<uuid:extension_id>/",
        exits.extension_answer,
        name="extension_answer",
    ),
    path("uscite/<uuid:public_id>/sospensione/", exits.exit_suspend, name="exit_suspend"),
    path("uscite/<uuid:public_id>/ripresa/", exits.exit_resume, name="exit_resume"),
    path("uscite/<uuid:public_id>/oltre/", exits.exit_beyond, name="exit_beyond"),
    path("uscite/<uuid:public_id>/avvenuta/", exits.exit_complete, name="exit_complete"),
    path("uscite/<uuid:public_id>/annulla/", exits.exit_cancel, name="exit_cancel"),
    path("uscite/<uuid:public_id>/soluzione/", exits.exit_solution, name="exit_solution"),
    path("uscite/<uuid:public_id>/dettaglio/", exits.exit_solution_note, name="exit_solution_note"),
    path("uscite/<uuid:public_id>/prossimo-passo/", exits.exit_next_step, name="exit_next_step"),
    path("uscite/<uuid:public_id>/comune/", exits.exit_municipality, name="exit_municipality"),
]
