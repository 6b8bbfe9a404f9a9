from django.urls import URLPattern

app_name = "tenancies"
urlpatterns: list[URLPattern] = []
