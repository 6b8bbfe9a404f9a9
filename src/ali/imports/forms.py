"""What people choose about an import: the file, who sends it, which column is which field."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ali.imports.columns import Target
from ali.imports.kinds import ImportKind, kind_named
from ali.organisations.models import Organisation


class UploadForm(forms.Form):
    """A file and who sends it."""

    kind = forms.ChoiceField(label=_("Che cosa contiene"))
    sender = forms.ModelChoiceField(
        label=_("Chi lo manda"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Scegli l'ente"),
        help_text=_("Serve per gli elenchi di persone: le colonne scelte si ricordano per ogni ente."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX o CSV, fino a 20 MB. Niente formule: solo valori."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.xml,.cbi,.rh"}),
        error_messages={"required": _("Scegli il file da importare."), "empty": _("Il file è vuoto.")},
    )

    def __init__(
        self, *args: Any, senders: QuerySet[Any], offered: Sequence[ImportKind], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in offered]  # type: ignore[attr-defined]  # ChoiceField
        self.fields["sender"].queryset = senders  # type: ignore[attr-defined]  # ModelChoiceField
        if senders.count() == 1:
            self.fields["sender"].initial = senders.get().public_id

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind and kind_named(kind).needs_sender and not cleaned.get("sender"):
            self.add_error("sender", _("Indica chi manda l'elenco: serve per riconoscere i suoi centri."))
        return cleaned


class ColumnsForm(forms.Form):
    """For each column of the file, the field that it is; its first values help to recognise it."""

    def __init__(
        self,
        *args: Any,
        columns: Sequence[str],
        targets: Sequence[Target],
        mapping: Mapping[str, str],
        examples: Mapping[str, Sequence[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns, self.targets = columns, targets
        fields = {column: field for field, column in mapping.items()}
        choices = [("", _("Non usare questa colonna")), *((one.field, _(one.label)) for one in targets)]
        for number, column in enumerate(columns):
            shown = ", ".join(f"«{value}»" for value in examples.get(column, ()))
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column,
                choices=choices,
                required=False,
                initial=fields.get(column, ""),
                help_text=_("Per esempio: %(values)s") % {"values": shown} if shown else _("Colonna vuota"),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for number, column in enumerate(self.columns):
            field = cleaned.get(f"column_{number}", "")
            if field and field in seen:
                self.add_error(
                    f"column_{number}",
                    _("Anche «%(column)s» è indicata così: un campo viene da una sola colonna.")
                    % {"column": seen[field]},
                )
            elif field:
                seen[field] = column
        return cleaned

    def chosen(self) -> dict[str, str]:
        """Return the column of each field, empty for those that the file does not have."""
        found = {target.field: "" for target in self.targets}
        for number, column in enumerate(self.columns):
            if field := self.cleaned_data.get(f"column_{number}"):
                found[field] = column
        return found
