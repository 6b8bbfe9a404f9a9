from django.urls import path

from ali.rents.views import accounts, arrears, bank

app_name = "rents"
urlpatterns = [
    path("", accounts.account_list, name="account_list"),
    path("mese/scrivi/", accounts.dues_write, name="dues_write"),
    path("bolletta/", accounts.bill_share, name="bill_share"),
    path("arretrati/", arrears.arrears_list, name="arrears_list"),
    path("arretrati/<uuid:public_id>/passo/", arrears.arrears_step, name="arrears_step"),
    path("arretrati/<uuid:public_id>/causa/", arrears.arrears_cause, name="arrears_cause"),
    path("arretrati/<uuid:public_id>/piano/", arrears.plan_add, name="plan_add"),
    path("piani/<uuid:public_id>/interrompi/", arrears.plan_end, name="plan_end"),
    path("da-prevenire/", arrears.warning_list, name="warning_list"),
    path("banca/", bank.bank_list, name="bank_list"),
    path("banca/proponi/", bank.bank_propose, name="bank_propose"),
    path("banca/<uuid:public_id>/conferma/", bank.bank_confirm, name="bank_confirm"),
    path("banca/<uuid:public_id>/di-chi/", bank.bank_choose, name="bank_choose"),
    path("banca/<uuid:public_id>/escludi/", bank.bank_ignore, name="bank_ignore"),
    path("banca/<uuid:public_id>/riapri/", bank.bank_reopen, name="bank_reopen"),
    path("movimenti/<uuid:public_id>/rettifica/", accounts.movement_reverse, name="movement_reverse"),
    path("<uuid:public_id>/", accounts.account_detail, name="account_detail"),
    path("<uuid:public_id>/dovuto/", accounts.charge_add, name="charge_add"),
    path("<uuid:public_id>/pagamento/", accounts.payment_add, name="payment_add"),
    path("<uuid:public_id>/deposito/", accounts.deposit_add, name="deposit_add"),
    path("<uuid:public_id>/abbuono/", accounts.write_off_add, name="write_off_add"),
    path("<uuid:public_id>/esporta/", accounts.account_export, name="account_export"),
]
