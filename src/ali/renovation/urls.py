from django.urls import path

from ali.renovation import views

app_name = "renovation"
urlpatterns = [
    path("", views.works_list, name="works_list"),
    path("nuovi/<uuid:public_id>/", views.works_open, name="works_open"),
    path("<uuid:public_id>/", views.works_detail, name="works_detail"),
    path("<uuid:public_id>/modifica/", views.works_edit, name="works_edit"),
    path("<uuid:public_id>/passo/", views.works_step, name="works_step"),
    path("<uuid:public_id>/programma/", views.works_programme, name="works_programme"),
    path("<uuid:public_id>/fasi/<slug:phase>/", views.phase_edit, name="phase_edit"),
    path("<uuid:public_id>/titoli/", views.title_add, name="title_add"),
    path("titoli/<uuid:public_id>/passo/", views.title_step, name="title_step"),
    path("<uuid:public_id>/costi/", views.works_costs, name="works_costs"),
    path("<uuid:public_id>/costi/nuovo/", views.cost_add, name="cost_add"),
    path("costi/<uuid:public_id>/", views.cost_edit, name="cost_edit"),
    path("costi/<uuid:public_id>/togli/", views.cost_remove, name="cost_remove"),
    path("<uuid:public_id>/quote/", views.rates_edit, name="rates_edit"),
    path("<uuid:public_id>/preventivi/nuovo/", views.quote_add, name="quote_add"),
    path("preventivi/<uuid:public_id>/scegli/", views.quote_choose, name="quote_choose"),
    path("preventivi/<uuid:public_id>/togli/", views.quote_remove, name="quote_remove"),
    path("<uuid:public_id>/finanziamenti/", views.works_funding, name="works_funding"),
    path("<uuid:public_id>/finanziamenti/nuovo/", views.funding_add, name="funding_add"),
    path("finanziamenti/<uuid:public_id>/passo/", views.funding_step, name="funding_step"),
    path("<uuid:public_id>/fatture/nuova/", views.expense_add, name="expense_add"),
    path("fatture/<uuid:public_id>/paga/", views.expense_pay, name="expense_pay"),
    path("fatture/<uuid:public_id>/togli/", views.expense_remove, name="expense_remove"),
    path("<uuid:public_id>/cantiere-scuola/", views.works_site, name="works_site"),
    path("<uuid:public_id>/cantiere-scuola/nuovo/", views.places_add, name="places_add"),
    path("posti/<uuid:public_id>/persone/", views.trainee_add, name="trainee_add"),
    path("posti/<uuid:public_id>/uscita/", views.trainee_end, name="trainee_end"),
]
