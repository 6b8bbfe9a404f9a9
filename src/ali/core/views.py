"""The page of the design system. Nothing here knows the domain."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from ali.core.gallery import sample_values

POINTS = (
    ("Via Esempio 1, Padova", 11.876, 45.407, "ok"),
    ("Via Esempio 9, Abano Terme", 11.79, 45.36, "soon"),
)


def component_gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for who builds pages; only in the demo and in development."""
    _only_outside_production()
    return render(request, "core/component_gallery.html", sample_values())


def legal_notes(request: HttpRequest) -> HttpResponse:
    """Cookies, licences and sources of data, for everybody."""
    return render(request, "core/legal_notes.html")


def gallery_points(request: HttpRequest) -> JsonResponse:
    """Two invented points for the map of the gallery."""
    _only_outside_production()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {"label": label, "href": "/", "note": "2 posti", "tone": tone},
        }
        for label, longitude, latitude, tone in POINTS
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )


# Open to everybody: nothing in them is about anybody (`accounts.access` reads the rule).
for _view in (component_gallery, gallery_points, legal_notes):
    _view.access_rule = "public"  # type: ignore[attr-defined]  # accounts stand above this app


def _only_outside_production() -> None:
    if not (settings.DEBUG or settings.IS_DEMO):
        raise Http404
