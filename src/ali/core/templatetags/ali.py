"""What the components need and a template cannot compute. Built in: no template loads it."""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from uuid6 import uuid7

from ali.core import charts, fields, gaps

register = template.Library()


@register.simple_tag
def icon_url(name: str) -> str:
    """The address of a drawing in one of the two sprites: ours start with `ali-`."""
    sprite = "ali/icons.svg" if name.startswith("ali-") else "bootstrap-italia/sprite.svg"
    return f"{static(sprite)}#{name}"


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden field that lets the server notice the same form sent twice."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid7().hex)


@register.simple_tag
def unique_id(prefix: str) -> str:
    """An element id that no other piece of the page has, also after a fragment is swapped in."""
    return f"{prefix}-{uuid7().hex[-12:]}"


@register.simple_tag
def field_parts(field: BoundField, *, label: str = "", hint: str = "") -> fields.FieldParts:
    """A form field taken apart for `<c-field>`."""
    return fields.take_apart(field, label=label, hint=hint)


@register.simple_tag
def weeks_chart(weeks: list[dict[str, Any]]) -> charts.WeeksChart:  # values come from the caller's context
    """The heights of the bars of `<c-weeks-chart>`."""
    return charts.weeks_chart(weeks)


@register.simple_tag
def gap_parts(kind: str, state: str) -> gaps.GapParts:
    """Icon and words of one thing a household still lacks or has."""
    return gaps.describe(kind, state)


@register.simple_tag
def days_parts(value: int | None) -> charts.DaysParts:
    """Words and tone of a number of days left."""
    return charts.describe_days(value)


@register.filter
def initials(name: str) -> str:
    """At most two letters that stand for a name: «Amina Yusuf Ali» gives AA."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.filter
def is_required_anywhere(form: forms.BaseForm) -> bool:
    """Whether a form has at least one field that must be filled."""
    return any(field.field.required for field in form)
