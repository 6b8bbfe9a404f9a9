"""Invented values for the page that shows every component in every state."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Nome"), help_text=_("Come è scritto sul permesso."))
    birth_date = forms.DateField(
        label=_("Data di nascita"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label=_("Procedura"),
        choices=[("", "—"), ("1", _("Asilo")), ("2", _("Protezione speciale"))],
        required=False,
    )
    notes = forms.CharField(label=_("Annotazioni"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    answer = forms.ChoiceField(
        label=_("Risposta"), widget=forms.RadioSelect, choices=[("y", _("Accetta")), ("n", _("Rifiuta"))]
    )
    languages = forms.MultipleChoiceField(
        label=_("Lingue"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("it", _("Italiano")), ("fr", _("Francese")), ("bn", _("Bengalese"))],
        required=False,
    )
    reserved = forms.BooleanField(
        label=_("Riservato"), required=False, help_text=_("Lo vede solo il proprio ente.")
    )
    paper = forms.FileField(
        label=_("Elenco ospiti"), required=False, help_text=_("Excel o CSV, al massimo 10 MB.")
    )


def sample_values() -> dict[str, Any]:  # a template context
    """What `/_components/` shows; nothing here is about a real person."""
    return {
        "form": SampleForm(),
        "wrong_form": SampleForm(data={"birth_date": "31/02/1999", "answer": "y"}),
        "breadcrumb": [{"label": _("Inizio"), "url": "#"}, {"label": _("Componenti"), "url": ""}],
        "offers_search": True,
        "nav": [
            {"label": _("Oggi"), "url": "#", "icon": "it-calendar", "current": True},
            {"label": _("Uscite"), "url": "#", "icon": "ali-door", "current": False, "count": 214},
            {"label": _("Persone"), "url": "#", "icon": "ali-people", "current": False},
            {"label": _("Case"), "url": "#", "icon": "ali-home", "current": False},
            {"label": _("Scadenze"), "url": "#", "icon": "it-clock", "current": False},
        ],
        "weeks": sample_weeks(),
        "steps": [
            {"label": _("Prefettura"), "state": "done", "who": "L. Bassi", "when": "12 nov 2026", "note": ""},
            {
                "label": _("Ente che ha la casa"),
                "state": "current",
                "who": "GEA",
                "when": "",
                "note": "entro il 26 nov",
            },
            {"label": _("Nucleo"), "state": "waiting", "who": "", "when": "", "note": ""},
        ],
        "refused_steps": [
            {"label": _("Prefettura"), "state": "done", "who": "L. Bassi", "when": "2 nov 2026", "note": ""},
            {
                "label": _("Ente che ha la casa"),
                "state": "refused",
                "who": "GEA",
                "when": "5 nov 2026",
                "note": "La stanza non è ancora agibile.",
            },
            {"label": _("Nucleo"), "state": "skipped", "who": "", "when": "", "note": ""},
        ],
        "gaps": [
            {"kind": "papers", "state": "partial", "note": "permesso in stampa"},
            {"kind": "income", "state": "ok", "note": ""},
            {"kind": "home", "state": "missing", "note": ""},
            {"kind": "language", "state": "ok", "note": "A2"},
            {"kind": "network", "state": "unknown", "note": ""},
        ],
        "rows": sample_rows(),
        "tabs": [
            {"label": _("Elenco"), "href": "#", "current": True, "count": 12, "icon": "it-list"},
            {"label": _("Mappa"), "href": "#", "current": False, "count": None, "icon": "it-map-marker"},
        ],
        "jump": [
            {"id": "abitare", "label": "Abitare"},
            {"id": "lavorare", "label": "Lavorare"},
            {"id": "integrarsi", "label": "Integrarsi"},
        ],
        "pairs": [(_("Nascita"), "1.1.1999 (giorno presunto)"), (_("Cittadinanza"), "Mali")],
        "active": [{"label": "Padova", "remove_url": "#"}, {"label": "entro 30 giorni", "remove_url": "#"}],
        "tones": ["primary", "secondary", "success", "danger", "warning"],
        "alert_tones": ["info", "success", "warning", "danger"],
        "badge_tones": ["neutral", "info", "success", "warning", "danger"],
        "days": [-12, 0, 5, 24, 71, None],
        "kinds": ["papers", "income", "home", "language", "network"],
        "icons": [f"ali-{name}" for name in ("home", "euro", "speech", "people", "work", "bed", "door")],
        "states": ["missing", "partial", "ok", "unknown"],
    }


def sample_weeks() -> list[dict[str, Any]]:  # the plain dicts that the chart takes
    starts = [
        "23/11",
        "30/11",
        "7/12",
        "14/12",
        "21/12",
        "28/12",
        "4/1",
        "11/1",
        "18/1",
        "25/1",
        "1/2",
        "8/2",
        "15/2",
    ]
    numbers = [
        (6, 3),
        (9, 8),
        (4, 12),
        (7, 16),
        (3, 9),
        (1, 4),
        (5, 11),
        (2, 19),
        (3, 14),
        (0, 17),
        (1, 12),
        (0, 9),
        (0, 6),
    ]
    return [
        {
            "label": start,
            "with_solution": solved,
            "without": unsolved,
            "href": "#",
            "href_with": "#",
            "href_without": "#",
        }
        for start, (solved, unsolved) in zip(starts, numbers, strict=True)
    ]


def sample_rows() -> list[dict[str, Any]]:
    gaps = [
        {"kind": kind, "state": state, "note": ""}
        for kind, state in zip(
            ("papers", "income", "home", "language", "network"),
            ("ok", "ok", "missing", "partial", "ok"),
            strict=True,
        )
    ]
    people = [
        ("Amina Yusuf Ali", "CAS Esempio Nord", "Padova", 5, True, "Lista per SAI"),
        ("Moussa Traoré", "CAS Esempio Est", "Abano Terme", 24, True, "Colloquio con l’agenzia"),
        ("Rahman Hossain", "CAS Esempio Sud", "Monselice", 71, False, "Ritiro del permesso"),
    ]
    return [
        {
            "name": name,
            "centre": centre,
            "town": town,
            "days": days,
            "dated": dated,
            "next": following,
            "gaps": gaps,
        }
        for name, centre, town, days, dated, following in people
    ]
