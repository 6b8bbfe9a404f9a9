from django.urls import path

from ali.tenancies import views

app_name = "tenancies"
urlpatterns = [
    path("", views.tenancy_list, name="tenancy_list"),
    path("casa/<uuid:public_id>/nuovo/", views.tenancy_add, name="tenancy_add"),
    path("proposta/<uuid:public_id>/nuovo/", views.tenancy_from_proposal, name="tenancy_from_proposal"),
    path("casa/<uuid:public_id>/chiavi/", views.keys_and_inventory, name="keys_and_inventory"),
    path("casa/<uuid:public_id>/chiavi/aggiungi/", views.key_add, name="key_add"),
    path("casa/<uuid:public_id>/chiavi/consegna/", views.key_give, name="key_give"),
    path("chiavi/<uuid:public_id>/ritorno/", views.key_return, name="key_return"),
    path("casa/<uuid:public_id>/inventario/aggiungi/", views.inventory_add, name="inventory_add"),
    path("inventario/<uuid:public_id>/togli/", views.inventory_remove, name="inventory_remove"),
    path("casa/<uuid:public_id>/regole/", views.house_rules, name="house_rules"),
    path("ingresso/<uuid:dwelling_id>/<uuid:household_id>/", views.entry_detail, name="entry_detail"),
    path("ingresso/<uuid:dwelling_id>/<uuid:household_id>/costi/", views.entry_costs, name="entry_costs"),
    path(
        "ingresso/<uuid:dwelling_id>/<uuid:household_id>/aiuto/", views.entry_help_add, name="entry_help_add"
    ),
    path("ingresso/aiuto/<uuid:public_id>/stato/", views.entry_help_state, name="entry_help_state"),
    path("firma/<uuid:public_id>/", views.sign, name="sign"),
    path("persona/<uuid:public_id>/esce/", views.party_leave, name="party_leave"),
    path("persona/<uuid:public_id>/letto/", views.bed_change, name="bed_change"),
    path("adempimento/<uuid:public_id>/fatto/", views.duty_done, name="duty_done"),
    path("<uuid:public_id>/", views.tenancy_detail, name="tenancy_detail"),
    path("<uuid:public_id>/modifica/", views.tenancy_edit, name="tenancy_edit"),
    path("<uuid:public_id>/letti/", views.tenancy_people, name="tenancy_people"),
    path("<uuid:public_id>/firma/", views.tenancy_send, name="tenancy_send"),
    path("<uuid:public_id>/riprendi/", views.tenancy_back, name="tenancy_back"),
    path("<uuid:public_id>/annulla/", views.tenancy_cancel, name="tenancy_cancel"),
    path("<uuid:public_id>/consegna/", views.hand_over, name="hand_over"),
    path("<uuid:public_id>/riconsegna/", views.hand_over_return, name="hand_over_return"),
    path("<uuid:public_id>/quote/", views.shares_set, name="shares_set"),
    path("<uuid:public_id>/disdetta/", views.tenancy_notice, name="tenancy_notice"),
    path("<uuid:public_id>/disdetta/ritira/", views.tenancy_notice_back, name="tenancy_notice_back"),
    path("<uuid:public_id>/proroga/", views.tenancy_extend, name="tenancy_extend"),
    path("<uuid:public_id>/chiudi/", views.tenancy_end, name="tenancy_end"),
    path("<uuid:public_id>/deposito/", views.deposit_return, name="deposit_return"),
    path(
        "<uuid:public_id>/comunicazione/<uuid:stay_id>/", views.communication_done, name="communication_done"
    ),
    path("<uuid:public_id>/carte/<slug:kind>/", views.paper, name="paper"),
]
