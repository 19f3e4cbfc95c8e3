"""Phone numbers, mail addresses and MACs in the one form that the record keeps; what cannot be one is refused."""

import re

import phonenumbers
from django.utils.translation import gettext
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from tellonce.modules.record.contracts.errors import BadMacError, BadMailError, BadPhoneError

_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")
_MAC = re.compile(r"[0-9a-f]{12}")
_MAC_MARKS = str.maketrans("", "", ":-. ")
MAIL_LENGTH = 254
_MADE_LIMIT = 50_000
_made: set[str] = set()


def phone_number(text: str, *, country: str) -> str:
    """`text` as E.164; a number without a country code is read as one of `country` (ISO 3166, such as "US").

    Raises BadPhoneError, saying which number and why. One that was just made here is known again: an import has each
    number checked where it is read, to say the line, and again by the record.
    """
    if text in _made:
        return text
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException as error:
        raise BadPhoneError(_bad_phone(text, gettext("it does not read as a phone number"))) from error
    if not phonenumbers.is_valid_number(number):
        raise BadPhoneError(_bad_phone(text, _why_invalid(number)))
    made: str = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if len(_made) >= _MADE_LIMIT:
        _made.clear()
    _made.add(made)
    return made


def _why_invalid(number: PhoneNumber) -> str:
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.TOO_SHORT | ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return gettext("it is too short")
        case ValidationResult.TOO_LONG:
            return gettext("it is too long")
        case ValidationResult.INVALID_COUNTRY_CODE:
            return gettext("no country has this code")
        case ValidationResult.INVALID_LENGTH:
            return gettext("no number there has this length")
        case _:
            return gettext("no number begins like this there")


def _bad_phone(text: str, why: str) -> str:
    return gettext("%(text)s cannot be a phone number: %(why)s.") % {"text": text.strip() or "“”", "why": why}


def shown_phone(e164: str, *, country: str = "") -> str:
    """An E.164 number as people write it: nationally within `country`, internationally elsewhere."""
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return e164
    here = country and phonenumbers.region_code_for_number(number) == country
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if here else PhoneNumberFormat.INTERNATIONAL)


def mail_address(text: str) -> str:
    """`text` trimmed and in lower case; raises BadMailError, saying which and why."""
    address = text.strip().lower()
    if len(address) > MAIL_LENGTH or not _MAIL.fullmatch(address):
        why = gettext("it needs a name, an @ and a domain, as in maria@example.net")
        raise BadMailError(
            gettext("%(text)s cannot be a mail address: %(why)s.") % {"text": text.strip() or "“”", "why": why}
        )
    return address


def mac_address(text: str) -> str:
    """`text` as six bytes, 'a4:83:e7:01:02:03', from any usual spelling; raises BadMacError."""
    digits = text.lower().translate(_MAC_MARKS)
    if not _MAC.fullmatch(digits):
        raise BadMacError(gettext("%(text)s cannot be a MAC: it needs twelve hexadecimal digits.") % {"text": text})
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))
