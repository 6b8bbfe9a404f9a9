from django.urls import path

from ali.agreements import views

app_name = "agreements"
urlpatterns = [
    path("", views.agreement_list, name="agreement_list"),
    path("tipi/", views.contract_type_list, name="contract_type_list"),
    path("nuovo/", views.agreement_choose, name="agreement_choose"),
    path("nuovo/<uuid:public_id>/", views.agreement_add, name="agreement_add"),
    path("nuovo/<uuid:public_id>/termini/", views.contract_terms, name="contract_terms"),
    path("<uuid:public_id>/", views.agreement_detail, name="agreement_detail"),
    path("<uuid:public_id>/modifica/", views.agreement_edit, name="agreement_edit"),
    path("<uuid:public_id>/firma/", views.agreement_sign, name="agreement_sign"),
    path("<uuid:public_id>/comincia/", views.agreement_start, name="agreement_start"),
    path("<uuid:public_id>/annulla/", views.agreement_cancel, name="agreement_cancel"),
    path("<uuid:public_id>/modifiche/nuova/", views.agreement_amend, name="agreement_amend"),
    path("<uuid:public_id>/registrazione/", views.agreement_register, name="agreement_register"),
    path("<uuid:public_id>/disdetta/", views.agreement_notice, name="agreement_notice"),
    path("<uuid:public_id>/disdetta/ritira/", views.agreement_notice_back, name="agreement_notice_back"),
    path("<uuid:public_id>/fine/", views.agreement_end, name="agreement_end"),
    path("<uuid:public_id>/deposito/", views.agreement_deposit, name="agreement_deposit"),
    path("<uuid:public_id>/quote/nuova/", views.agreement_share, name="agreement_share"),
    path("<uuid:public_id>/garanzie/chiedi/", views.guarantee_ask, name="guarantee_ask"),
    path("<uuid:public_id>/case/<uuid:home_id>/restituisci/", views.home_return, name="home_return"),
    path("adempimenti/<uuid:public_id>/fatto/", views.clock_done, name="clock_done"),
    path("garanzie/", views.scheme_list, name="scheme_list"),
    path("garanzie/nuova/", views.scheme_add, name="scheme_add"),
    path("garanzie/<uuid:public_id>/modifica/", views.scheme_edit, name="scheme_edit"),
    path("garanzie/<uuid:public_id>/conferma/", views.scheme_confirm, name="scheme_confirm"),
    path(
        "garanzie/richieste/<uuid:public_id>/risposta/", views.application_answer, name="application_answer"
    ),
    path("garanzie/richieste/<uuid:public_id>/chiudi/", views.application_end, name="application_end"),
    path("fondi/", views.fund_list, name="fund_list"),
    path("fondi/nuovo/", views.fund_add, name="fund_add"),
    path("fondi/<uuid:public_id>/", views.fund_detail, name="fund_detail"),
    path("fondi/<uuid:public_id>/regole/", views.fund_edit, name="fund_edit"),
    path("fondi/<uuid:public_id>/dotazione/", views.fund_endow, name="fund_endow"),
    path("fondi/<uuid:public_id>/impegni/nuovo/", views.commitment_add, name="commitment_add"),
    path("fondi/impegni/<uuid:public_id>/libera/", views.commitment_release, name="commitment_release"),
    path("fondi/escussioni/<uuid:public_id>/rispondi/", views.call_decide, name="call_decide"),
    path("fondi/escussioni/<uuid:public_id>/recupero/", views.call_recover, name="call_recover"),
    path("fondi/scritture/<uuid:public_id>/rettifica/", views.entry_reverse, name="entry_reverse"),
]
