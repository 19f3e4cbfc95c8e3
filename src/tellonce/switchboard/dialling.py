"""The one gate for numbers: what is not known, or saves lives, is never dialled by us."""

import re
from collections.abc import Sequence

import phonenumbers
from phonenumbers import PhoneNumberType

from tellonce.switchboard.commands import Refusal
from tellonce.switchboard.settings import Dialling

_ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.TOLL_FREE,
    }
)
FULL_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


def refusal_to_dial(number: str, rules: Dialling) -> Refusal | None:
    """Why the number is not dialled: none is known, or it is no full number of a country that we may call.

    Emergency numbers are short in every country, with or without its code before them: they are no full numbers.
    """
    if not number:
        return Refusal.NO_NUMBER
    is_allowed = any(number.startswith(beginning) for beginning in rules.beginnings)
    if not is_allowed or number in rules.never or not FULL_NUMBER.fullmatch(number):
        return Refusal.NOT_ALLOWED_NUMBER
    if rules.countries and not _is_ordinary(number, rules.countries):
        return Refusal.NOT_ALLOWED_NUMBER
    return None


def _is_ordinary(number: str, countries: Sequence[str]) -> bool:
    """Whether somebody may live behind it: given out in one of these countries, and not for what the caller pays."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.region_code_for_number(parsed) in countries and phonenumbers.number_type(parsed) in _ORDINARY
