"""A Django form field taken apart, so that one component draws every kind of widget."""

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.SelectDateWidget, forms.MultiWidget)


@dataclass(frozen=True)
class FieldParts:
    kind: str
    id: str
    label: str | Promise
    hint: str | Promise
    hint_id: str
    error_id: str
    described_by: str
    required: bool
    errors: list[str]
    widget: SafeString


def kind_of(field: BoundField) -> str:
    """hidden, check, group, select, textarea, file or input: what the component must draw."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, GROUPS):
        return "group"
    for kind, widget_class in (
        ("select", forms.Select),
        ("textarea", forms.Textarea),
        ("file", forms.FileInput),
    ):
        if isinstance(widget, widget_class):
            return kind
    return "input"


CSS_CLASS = {
    "hidden": "",
    "check": "form-check-input",
    "group": "ali-choices",
    "select": "form-select",
}


def take_apart(field: BoundField, *, label: str = "", hint: str = "") -> FieldParts:
    """Everything `<c-field>` shows, with hint and errors tied to the widget for screen readers."""
    kind = kind_of(field)
    shown_hint = hint or field.help_text
    errors = [str(error) for error in field.errors]
    hint_id, error_id = f"{field.auto_id}_helptext", f"{field.auto_id}_error"
    described_by = " ".join(
        identifier for identifier, shown in ((hint_id, shown_hint), (error_id, errors)) if shown
    )
    return FieldParts(
        kind=kind,
        id=field.id_for_label,
        label=label or field.label,
        hint=shown_hint,
        hint_id=hint_id,
        error_id=error_id,
        described_by=described_by,
        required=field.field.required,
        errors=errors,
        widget=field.as_widget(attrs=_attributes(field, kind, described_by)),
    )


def _attributes(field: BoundField, kind: str, described_by: str) -> dict[str, str | bool]:
    own_class = str(field.field.widget.attrs.get("class", ""))
    css = " ".join(part for part in (CSS_CLASS.get(kind, "form-control"), own_class) if part)
    attributes: dict[str, str | bool] = {"class": css} if css else {}
    if described_by and kind not in ("group", "hidden"):
        attributes["aria-describedby"] = described_by
    return attributes
