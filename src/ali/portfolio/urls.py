from django.urls import path

from ali.portfolio import views

app_name = "portfolio"
urlpatterns = [
    path("", views.indicators, name="indicators"),
    path("indicatori/<slug:indicator>/", views.indicator_rows, name="indicator_rows"),
    path("immobili/<uuid:public_id>/", views.building_options, name="building_options"),
    path("immobili/<uuid:public_id>/alternative/", views.options_make, name="options_make"),
    path("immobili/<uuid:public_id>/nuova/", views.appraisal_add, name="appraisal_add"),
    path("valutazioni/<uuid:public_id>/", views.appraisal_detail, name="appraisal_detail"),
    path("valutazioni/<uuid:public_id>/modifica/", views.appraisal_edit, name="appraisal_edit"),
]
