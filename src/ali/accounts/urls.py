from allauth.account import views as allauth_views
from django.conf import settings
from django.urls import path

from ali.accounts import views
from ali.accounts.access import public, signed_in

app_name = "accounts"
urlpatterns = [
    path("ruolo/", views.switch_role, name="switch_role"),
    path("senza-ruolo/", views.no_role, name="no_role"),
]
if not settings.IS_PRODUCTION:
    urlpatterns.append(path("demo/", views.demo_sign_in, name="demo_sign_in"))
# allauth reverses its own names without a namespace: `config.urls` includes these apart.
sign_in_patterns = [
    path("entra/", views.sign_in, name="account_login"),
    path("esci/", views.sign_out, name="account_logout"),
    path("password/", signed_in(allauth_views.password_change), name="account_change_password"),
    path("riconferma/", signed_in(allauth_views.reauthenticate), name="account_reauthenticate"),
    path("disattivato/", public(allauth_views.account_inactive), name="account_inactive"),
]
