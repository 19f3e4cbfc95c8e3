"""The one gate for numbers: what is not known, or saves lives, is never dialled by us."""

import re

from tellonce.switchboard.commands import Refusal
from tellonce.switchboard.settings import Dialling

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
    return None
