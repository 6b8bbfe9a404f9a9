"""What the components need and a template cannot compute. Built in: no template loads it."""

from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template import defaultfilters
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from uuid6 import uuid7

from ali.core import charts, fields, gaps
from ali.core.money import show_euros
from ali.core.once import KEY_FIELD
from ali.core.text import in_text

register = template.Library()


@register.simple_tag
def icon(name: str, *, size: str = "sm", label: str = "", css: str = "") -> SafeString:
    """A drawing from one of the two sprites (ours start with `ali-`); without a label it is decoration."""
    return _icon(str(name), str(size), str(label), str(css))


@lru_cache(maxsize=2000)
def _icon(name: str, size: str, label: str, css: str) -> SafeString:
    sprite = "ali/icons.svg" if name.startswith("ali-") else "bootstrap-italia/sprite.svg"
    return format_html(
        '<svg class="icon icon-{}{}"{}><use href="{}#{}"></use></svg>',
        size,
        f" {css}" if css else "",
        format_html(' role="img" aria-label="{}"', label)
        if label
        else format_html(' aria-hidden="{}"', "true"),
        static(sprite),
        name,
    )


@register.simple_tag
def gap(kind: str, state: str, note: str = "", *, show_label: bool = False) -> SafeString:
    """One thing that a household lacks or has: lists hold hundreds, so this is code and not a template."""
    if note:
        return _draw_gap(kind, state, note, show_label)
    return _gap_without_note(kind, state, show_label, get_language())


@lru_cache(maxsize=200)
def _gap_without_note(kind: str, state: str, show_label: bool, language: str | None) -> SafeString:
    return _draw_gap(kind, state, "", show_label)


def _draw_gap(kind: str, state: str, note: str, show_label: bool) -> SafeString:
    parts = gaps.describe(kind, state)
    words = f"{parts.label}: {parts.state_label}"
    drawing = format_html(
        "{}{}", _icon(parts.icon, "sm", "", ""), _icon(parts.mark, "xs", "", "ali-gap__mark")
    )
    if show_label:
        told = format_html(' <span class="ali-muted">{}</span>', note) if note else ""
        text = format_html("<span>{}{}</span>", words, told)
    else:
        text = format_html('<span class="visually-hidden">{}</span>', f"{words}, {note}" if note else words)
    title = f"{words} – {note}" if note else words
    return format_html(
        '<span class="ali-gap ali-gap--{}" title="{}">{}{}</span>', state, title, drawing, text
    )


@register.simple_tag
def idempotency_key() -> SafeString:
    """A hidden field that lets the server notice the same form sent twice."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY_FIELD, uuid7().hex)


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
def days_parts(value: int | None) -> charts.DaysParts:
    """Words and tone of a number of days left."""
    return charts.describe_days(value)


@register.filter
def euros(cents: int | None) -> str:
    """Cents as «1.234,50 €»."""
    return show_euros(cents)


register.filter("in_text", in_text)


@register.filter(name="date", expects_localtime=True, is_safe=False)
def day_in_words(value: Any, form: str | None = None) -> str:  # Any: what Django's own filter takes
    """Django's `date`, with Italian months and weekdays as they are written in Italian: «23 novembre 2026»."""
    return in_text(str(defaultfilters.date(value, form)))


@register.filter
def initials(name: str) -> str:
    """At most two letters that stand for a name: «Amina Yusuf Ali» gives AA."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.filter
def is_required_anywhere(form: forms.BaseForm) -> bool:
    """Whether a form has at least one field that must be filled."""
    return any(field.field.required for field in form)
