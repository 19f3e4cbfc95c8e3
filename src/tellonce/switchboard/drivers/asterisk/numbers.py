"""Callers' numbers in full, and what of their name may be shown."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from tellonce.switchboard.callers import shown_number

_WITHHELD = frozenset({"", "anonymous", "restricted", "unavailable", "unknown", "asterisk", "s"})
_UNSHOWABLE = re.compile(r"[^\w .,\-]")
_NO_NUMBER = re.compile(r"[^\w+*#]")
_FULL = re.compile(r"\+[1-9][0-9]{6,14}")


def in_full(number: str, country: str) -> str:
    """The number with + and country code where it can be made so; as it is otherwise, "" if withheld or none at all."""
    if number.strip().lower() in _WITHHELD:
        return ""
    try:
        parsed = phonenumbers.parse(number, country)
    except NumberParseException:
        return shown_number(number)
    if not phonenumbers.is_possible_number(parsed):
        return shown_number(number)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def is_full(number: str) -> bool:
    """Whether it is a full number and nothing else: the switchboard checked it, but here it becomes an endpoint."""
    return _FULL.fullmatch(number) is not None


def caller_id(number: str, name: str) -> str:
    """Name and number as Asterisk reads them; a name cannot pretend to be another number."""
    shown = _UNSHOWABLE.sub(" ", name).strip()
    return f'"{shown}" <{_NO_NUMBER.sub("", number)}>'
