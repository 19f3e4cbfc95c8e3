"""One line of a story as HTML; in Python, because a page has fifty of them and a template took most of its time."""

from collections.abc import Sequence
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from tellonce.desk.entries import Entry
from tellonce.modules.record.contracts import DeliveryState
from tellonce.webkit.templatetags.kit import clock

_NOT_DELIVERED = frozenset({DeliveryState.FAILED, DeliveryState.NO_ADDRESS})


def moment_line(entry: Entry, *, words: str, is_on_case: bool) -> SafeString:
    """The line with `words` marked, which were searched for; on a case's own page without the way to the case."""
    to = " to" if entry.direction == "to" else ""
    rest = f" <span>{escape(entry.rest)}</span>" if entry.rest else ""
    bodies = "".join(f'<p class="body">{marked(text, words)}</p>' for text in entry.words)
    again = f'<p class="again">{escape(gettext("Had to tell it again"))}</p>' if entry.again else ""
    return mark_safe(  # noqa: S308 - every text is escaped here
        f'<li class="moment {escape(entry.tone)}{to}" id="m-{entry.id}">{clock(entry.at)}<span class="dot"></span>'
        f'<div class="what"><p class="head"><b>{escape(entry.lead)}</b>{rest}</p>{bodies}{again}'
        f"{_more(entry, is_on_case=is_on_case)}</div></li>"
    )


def delivery_words(state: str) -> str:
    """How far a message got; "told" is said of it on delivery only."""
    return str(DeliveryState(state).label) if state in DeliveryState.values else state


def marked(text: str, words: str) -> SafeString:
    """The text with the words that were searched for marked."""
    wanted = [word.lower() for word in words.split()]
    parts = text.split(" ") if wanted else [text]
    return mark_safe(" ".join(_marked(part, wanted) for part in parts))  # noqa: S308 - every part is escaped


def _marked(word: str, wanted: Sequence[str]) -> str:
    is_found = any(word.lower().lstrip("(\"'“").startswith(each) for each in wanted)
    return f"<mark>{escape(word)}</mark>" if is_found else escape(word)


def _more(entry: Entry, *, is_on_case: bool) -> str:
    """Who it was, how far a message got, and the way to the case or the recording."""
    who = f"<span>{escape(entry.by_name)}</span>" if entry.by_name else ""
    sent = _delivery(entry.delivery) if entry.delivery else ""
    case = _way_to_case(entry.case_id) if entry.case_id and not is_on_case else ""
    sound = _way_to_sound(entry.recording_id) if entry.recording_id else ""
    more = f"{who}{sent}{case}{sound}"
    return f'<p class="more">{more}</p>' if more else ""


def _delivery(state: str) -> str:
    tone = "again" if state in _NOT_DELIVERED else ""
    return f'<span class="{tone}">{escape(delivery_words(state))}</span>'


def _way_to_case(case_id: int) -> str:
    address, words = reverse("case", args=[case_id]), gettext("the case")
    return f'<a href="{address}">{escape(words)}</a>'


def _way_to_sound(recording_id: int) -> str:
    address, words = reverse("recording", args=[recording_id]), gettext("listen")
    return f'<a href="{address}">{escape(words)}</a>'
