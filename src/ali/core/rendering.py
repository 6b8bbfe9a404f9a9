"""How Django draws a form: with our own components, from the project's templates."""

from django.forms.renderers import TemplatesSetting


class DesignFormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` give the same markup as `<c-field>`."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
