from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ali.documents.services import DocumentFacts
from ali.documents.states import Audience, DocumentKind


class DocumentForm(forms.Form):
    """A file with what it is."""

    file = forms.FileField(
        label=_("File o foto"),
        help_text=_("PDF, foto, DOCX, XLSX o ODT, fino a 12 MB. Dalle foto si toglie la posizione."),
        widget=forms.FileInput(attrs={"accept": ".pdf,image/jpeg,image/png,image/webp,.docx,.xlsx,.odt"}),
        error_messages={"required": _("Scegli il file."), "empty": _("Il file è vuoto.")},
    )
    kind = forms.ChoiceField(label=_("Che cos'è"), choices=DocumentKind)
    title = forms.CharField(label=_("Titolo"), max_length=150, help_text=_("Senza nomi di persone."))
    issued_on = forms.DateField(
        label=_("Data del documento"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    audience = forms.ChoiceField(label=_("Chi lo vede"), choices=Audience, initial=Audience.BODY)

    def __init__(self, *args: Any, kinds: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kinds:
            chosen = [choice for choice in DocumentKind.choices if choice[0] in kinds]
            self.fields["kind"].choices = chosen  # type: ignore[attr-defined]  # ChoiceField

    def facts(self) -> DocumentFacts:
        """Return what was typed about the file."""
        data = self.cleaned_data
        return DocumentFacts(data["kind"], data["title"], data["audience"], data["issued_on"])
