"""How Django draws a form: with our own components, from the project's templates."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape

SELECT = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"


class DesignFormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` give the same markup as `<c-field>`.

    Selects are drawn here: Django's templates take one more for each option, and filters have hundreds of them.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The HTML that the template gives; whoever asked for it marks it as HTML."""
        if template_name == SELECT and _has_plain_options(context["widget"]):
            return draw_select(context["widget"])
        return super().render(template_name, context, request)


def _has_plain_options(widget: Mapping[str, Any]) -> bool:
    return all(
        option["template_name"] == OPTION
        for _name, options, _index in widget["optgroups"]
        for option in options
    )


def draw_select(widget: Mapping[str, Any]) -> str:
    """A `<select>` with its groups and options, every value escaped."""
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            parts.append(f'<optgroup label="{conditional_escape(name)}">')
        parts += [_option(option) for option in options]
        if name:
            parts.append("</optgroup>")
    parts.append("</select>")
    return "".join(parts)


def _option(option: Mapping[str, Any]) -> str:
    value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    return f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _attributes(attributes: Mapping[str, Any]) -> str:
    parts = []
    for name, value in attributes.items():
        if value is True:
            parts.append(f" {conditional_escape(name)}")
        elif value is not False:
            parts.append(f' {conditional_escape(name)}="{conditional_escape(str(value))}"')
    return "".join(parts)
