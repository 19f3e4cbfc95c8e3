"""The one gate for numbers: what is not known, or saves lives, is never dialled by us."""

import re

from tellonce.switchboard.commands import Refusal
from tellonce.switchboard.settings import Dialling

FULL_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_EMERGENCY = frozenset({"112", "911", "999", "000", "110", "113", "117", "118", "119", "120", "122", "988", "933"})


def refusal_to_dial(number: str, rules: Dialling) -> Refusal | None:
    """Why the number is not dialled: none is known, or it is no full number of a country that we may call.

    Short numbers, all those of emergency services among them, are no full numbers; one that is written after a
    country's code (+1911) is refused also.
    """
    if not number:
        return Refusal.NO_NUMBER
    if not FULL_NUMBER.fullmatch(number) or number in rules.never or _is_emergency(number, rules):
        return Refusal.NOT_ALLOWED_NUMBER
    return None if number.startswith(rules.beginnings or (" ",)) else Refusal.NOT_ALLOWED_NUMBER


def _is_emergency(number: str, rules: Dialling) -> bool:
    return any(
        number.startswith(beginning) and number[len(beginning) :] in _EMERGENCY for beginning in rules.beginnings
    )
