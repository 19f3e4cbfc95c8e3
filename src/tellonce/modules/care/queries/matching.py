"""Whose contact is this? By the number or mail address it came from."""

from django.conf import settings

from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import BadPhoneError, phone_number


def candidates(reached_from: str) -> tuple[int, ...]:
    """The customers reached at this number or mail address; none when it is neither."""
    text = reached_from.strip()
    if not text:
        return ()
    if "@" in text:
        return record_queries.find_by_mail(text)
    number = _e164(text)
    return record_queries.find_by_phone(number) if number else ()


def rule_match(reached_from: str) -> int | None:
    """The one customer reached at this number or address; None when there is none, or more than one."""
    found = candidates(reached_from)
    return found[0] if len(found) == 1 else None


def _e164(text: str) -> str:
    try:
        return phone_number(text, country=settings.SETUP.country)
    except BadPhoneError:
        return ""
