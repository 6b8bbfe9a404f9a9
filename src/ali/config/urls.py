"""Every address of the site. A view without an access rule does not answer (`accounts.middleware`)."""

from django.urls import include, path
from django.views.i18n import set_language

from ali.accounts.access import public
from ali.accounts.urls import sign_in_patterns
from ali.core.once import repeatable

handler400 = "ali.core.errors.bad_request"
handler403 = "ali.core.errors.refused"
handler404 = "ali.core.errors.not_found"
handler500 = "ali.core.errors.broken"

urlpatterns = [
    path("", include("ali.desk.urls")),
    path("accesso/", include(sign_in_patterns)),
    path("accesso/", include("ali.accounts.urls")),
    path("organizzazioni/", include("ali.organisations.urls")),
    path("regole/", include("ali.rules.urls")),
    path("importazioni/", include("ali.imports.urls")),
    path("persone/", include("ali.people.urls")),
    path("accoglienza/", include("ali.reception.urls")),
    path("percorsi/", include("ali.pathways.urls")),
    path("lavoro/", include("ali.work.urls")),
    path("case/", include("ali.housing.urls")),
    path("abbinamenti/", include("ali.allocation.urls")),
    path("documenti/", include("ali.documents.urls")),
    path("ricerca-case/", include("ali.scouting.urls")),
    path("accordi/", include("ali.agreements.urls")),
    path("cantieri/", include("ali.renovation.urls")),
    path("manutenzioni/", include("ali.upkeep.urls")),
    path("affitti/", include("ali.tenancies.urls")),
    path("canoni/", include("ali.rents.urls")),
    path("patrimonio/", include("ali.portfolio.urls")),
    path("registro/", include("ali.desk.audit_urls")),
    path("lingua/", public(repeatable(set_language)), name="set_language"),
    path("", include("ali.core.urls")),
]
