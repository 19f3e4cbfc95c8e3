"""Telephone numbers as carriers write them, and in full."""

import re

import phonenumbers

from tellonce.switchboard.callers import shown_number

_FULL = re.compile(r"\+[1-9][0-9]{6,14}")
_BETWEEN = re.compile(r"[\s().\-/]")


def in_full(number: str, country: str) -> str:
    """With + and country code where that can be told, else the digits as they came; "" if there is no number."""
    plain = shown_number(_BETWEEN.sub("", number))
    if not plain:
        return ""
    try:
        parsed = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException:
        return plain
    if not phonenumbers.is_possible_number(parsed):
        return plain
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def is_full(number: str) -> bool:
    """Whether it may be dialled as it stands: + and country code (E.164)."""
    return _FULL.fullmatch(number) is not None
