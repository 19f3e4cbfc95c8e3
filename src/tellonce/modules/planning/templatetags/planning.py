"""How the planner's pages write numbers."""

from math import isfinite

from django import template

from tellonce.modules.planning.contracts.reasons import told_words

register = template.Library()
register.filter("told", told_words)


@register.filter
def percent(value: float | None) -> str:
    """A share as a whole percentage; nothing for none."""
    return f"{value:.0%}" if value is not None and isfinite(value) else ""


@register.filter
def plain(value: float) -> str:
    """A number as an attribute takes it, whatever the reader's language."""
    return f"{value:g}"
