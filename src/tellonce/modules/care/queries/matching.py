"""Whose contact is this? By the number or mail address it came from."""

from django.conf import settings

from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import BadPhoneError, phone_number


def candidates(reached_from: str) -> tuple[int, ...]:
    """The customers reached at this number or mail address; none when it is neither."""
    value = as_kept(reached_from)
    if not value:
        return ()
    return record_queries.find_by_mail(value) if "@" in value else record_queries.find_by_phone(value)


def as_kept(reached_from: str) -> str:
    """A number or mail address in the record's form (E.164, lower case); empty when it is neither."""
    text = reached_from.strip()
    return text.lower() if "@" in text else _e164(text)


def rule_match(reached_from: str) -> int | None:
    """The one customer reached at this number or address; None when there is none, or more than one."""
    found = candidates(reached_from)
    return found[0] if len(found) == 1 else None


def _e164(text: str) -> str:
    if not text:
        return ""
    try:
        return phone_number(text, country=settings.SETUP.country)
    except BadPhoneError:
        return ""
