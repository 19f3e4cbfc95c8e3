"""How pages of bills write money, and draw what a watch saw of each bill."""

import math
from collections.abc import Mapping, Sequence
from datetime import date

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from tellonce.kernel.money import Money
from tellonce.modules.billing.contracts import CLEAN_BILLS, CheckOutcome, WatchRule
from tellonce.webkit import times

register = template.Library()
_STEP_PX, _R_PX, _TALL_PX = 11, 3.5, 12
_EACH = {
    CheckOutcome.CLEAN: '<circle class="mark-clean" cx="{x}" cy="6" r="3.5"/>',
    CheckOutcome.CAME_BACK: '<rect class="mark-back" x="{left}" y="2" width="8" height="8" rx="1"/>',
    CheckOutcome.HELD: '<path class="mark-held" d="M{x} 1.5l4.5 4.5-4.5 4.5-4.5-4.5z"/>',
}
_TO_COME = '<circle class="mark-to-come" cx="{x}" cy="6" r="3"/>'


@register.filter
def money(minor: int | None, currency: str) -> str:
    """An amount without its currency, as in 1,234.50; nothing for none."""
    if minor is None:
        return ""
    whole, dot, rest = str(Money(minor, currency)).partition(".")
    sign = "\N{MINUS SIGN}" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{dot}{rest}"


@register.filter
def taken_off(minor: int | None, currency: str) -> str:
    """An amount that comes off, with its sign turned."""
    return money(None if minor is None else -minor, currency)


@register.filter
def grouped(number: int | None) -> str:
    """A count with its thousands apart, as the reader's language writes them: 1,234; nothing for none."""
    return "" if number is None else str(number_format(number, decimal_pos=0, force_grouping=True))


@register.filter
def percent(share: float | None) -> str:
    """A share with a decimal where it is not whole, as in 97.5 %; never rounded up to all."""
    if share is None:
        return ""
    tenths = math.floor(share * 1000)
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10:.1f}%"


@register.filter
def days_after(day: date, other: date) -> int:
    """How many days `day` is after `other`."""
    return (day - other).days


@register.filter
def in_words(seconds: float | None) -> str:
    """A length of time in its largest unit."""
    return "" if seconds is None else times.length(max(seconds, 0.0))


@register.simple_tag
def watched_for(rule: WatchRule, currency: str, services: Mapping[int, str] | None = None) -> str:
    """What a line must have to be one that is watched for; `services` are the names of the customer's services."""
    return rule.in_words(currency, services=services)


@register.simple_tag
def bill_marks(marks: Sequence[str], clean_bills: int, *, is_over: bool = False) -> SafeString:
    """One mark for each bill that was looked at, the oldest first, and one for each clean bill still to come."""
    left = 0 if is_over else max(CLEAN_BILLS - clean_bills, 0)
    drawn = [_EACH.get(CheckOutcome(mark), _TO_COME) for mark in marks] + [_TO_COME] * left
    xs = [place * _STEP_PX + _TALL_PX / 2 for place in range(len(drawn))]
    inside = format_html_join(
        "", "{}", ((format_html(each, x=f"{x:g}", left=f"{x - 4:g}"),) for each, x in zip(drawn, xs, strict=True))
    )
    width = len(drawn) * _STEP_PX + 1
    return format_html(
        '<svg class="bill-marks" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        width,
        _TALL_PX,
        width,
        _TALL_PX,
        marks_in_words(marks, clean_bills),
        inside,
    )


def marks_in_words(marks: Sequence[str], clean_bills: int) -> str:
    """What the marks show, for whoever does not see them."""
    back = sum(mark == CheckOutcome.CAME_BACK for mark in marks)
    held = sum(mark == CheckOutcome.HELD for mark in marks)
    said = [gettext("%(n)d of %(all)d clean bills") % {"n": clean_bills, "all": CLEAN_BILLS}]
    if back:
        said.append(ngettext("came back %(n)d time", "came back %(n)d times", back) % {"n": back})
    if held:
        said.append(ngettext("held %(n)d time", "held %(n)d times", held) % {"n": held})
    return ", ".join(said)
