"""Tags and filters that every template may load: times, icons, the stylesheet, the shape of a field."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tellonce.webkit import icons, times
from tellonce.webkit.styles import stylesheet

register = template.Library()


def _now(context: Mapping[str, Any]) -> datetime:
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()


def _time(at: datetime, words: str) -> SafeString:
    said = f'<time datetime="{at.isoformat()}" title="{escape(times.exact(at))}">{escape(words)}</time>'
    return mark_safe(said)  # noqa: S308 - escaped above; a page has a hundred of them


@register.simple_tag(takes_context=True)
def when(context: Mapping[str, Any], at: datetime | None) -> str:
    """A time as people say it, exact on hover."""
    return _time(at, times.spoken(at, now=_now(context))) if at else ""


@register.simple_tag(takes_context=True)
def ago(context: Mapping[str, Any], at: datetime | None) -> str:
    """How long ago, exact on hover."""
    return _time(at, times.ago(at, now=_now(context))) if at else ""


@register.simple_tag(takes_context=True)
def lasting(context: Mapping[str, Any], since: datetime | None) -> str:
    """How long something has lasted so far, exact on hover."""
    return _time(since, times.length((_now(context) - since).total_seconds())) if since else ""


@register.simple_tag(takes_context=True)
def ticking(context: Mapping[str, Any], since: datetime | None) -> str:
    """How long something has lasted so far, by the second; a script counts on (`ticking.js`)."""
    if since is None:
        return ""
    seconds = max((_now(context) - since).total_seconds(), 0.0)
    said = '<time datetime="{}" title="{}" data-so-far="{}">{}</time>'
    return format_html(said, since.isoformat(), times.exact(since), f"{seconds:.1f}", times.counted(seconds))


@register.simple_tag(takes_context=True)
def due(context: Mapping[str, Any], at: datetime | None) -> str:
    """A due time: how late, or when."""
    return _time(at, times.due(at, now=_now(context))) if at else ""


@register.simple_tag
def clock(at: datetime | None) -> str:
    """Hours and minutes, exact on hover."""
    return _time(at, times.clock(at)) if at else ""


@register.simple_tag(takes_context=True)
def day(context: Mapping[str, Any], on: date | None) -> str:
    """A date in words, exact on hover."""
    if on is None:
        return ""
    words = times.spoken_day(on, today=timezone.localtime(_now(context)).date())
    return format_html('<time datetime="{}" title="{}">{}</time>', on.isoformat(), on.isoformat(), words)


@register.simple_tag(takes_context=True)
def story_day(context: Mapping[str, Any], at: datetime) -> str:
    """The day of a moment as the story's heading says it."""
    return times.day_name(timezone.localtime(at).date(), today=timezone.localtime(_now(context)).date())


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """A small drawing, hidden from screen readers: the words beside it say the same."""
    inside = mark_safe(icons.drawing(name))  # noqa: S308 - our own constants
    return format_html(
        '<svg class="icon {}" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        extra,
        inside,
    )


@register.simple_tag
def stylesheet_url() -> str:
    """Where the stylesheet is, by its content."""
    return reverse("styles", args=[stylesheet().digest])


@register.filter
def shape_of(field: BoundField) -> str:
    """How a field is laid out: 'check' (label behind), 'choices' (a group), else 'plain' (label above)."""
    widget = field.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return "choices"
    return "check" if isinstance(widget, CheckboxInput) else "plain"


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str:
    """The page's own query string with some values changed; an empty value leaves it out."""
    request = context.get("request")
    values: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}" if values else "?"
