"""Tags and filters with words of the trade."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tellonce.desk.entries import Entry
from tellonce.desk.moment_line import delivery_words, marked, moment_line
from tellonce.modules.record.contracts import shown_phone
from tellonce.webkit import times

register = template.Library()
_TOLD_FROM_S = 60


@register.filter
def with_us_since(since: date, now: datetime) -> str:
    """How long somebody has been a customer."""
    return times.length_of_days(max((timezone.localtime(now).date() - since).days, 0))


@register.filter
def phone(value: str) -> str:
    """A phone number as people read it; anything else as it is."""
    return shown_phone(value) if value.startswith("+") else value


@register.simple_tag
def waited(began_at: datetime, answered_at: datetime) -> str:
    """How long somebody waited, where it is worth saying."""
    seconds = (answered_at - began_at).total_seconds()
    if seconds < _TOLD_FROM_S:
        return ""
    return gettext(", waited %(length)s") % {"length": times.length(seconds)}


register.filter("delivery_words", delivery_words)
register.filter("marked", marked)


@register.simple_tag(takes_context=True)
def moment(context: Mapping[str, Any], entry: Entry, words: str = "") -> SafeString:
    """A line of a story."""
    return moment_line(entry, words=words, is_on_case=bool(context.get("here_is_case")))
