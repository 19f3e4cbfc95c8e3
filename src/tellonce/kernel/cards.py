"""Card numbers in what people type: found by issuer, length and Luhn's check digit, and masked but for four digits."""

import re
from collections.abc import Iterator

SHORTEST, LONGEST = 13, 19
_SHOWN = 4
_E164_LONGEST = 15
_NANP = (3, 3, 4)
_GAP = "[ \\t\\-._/\u00a0\u2009\u202f\u2010-\u2015]{0,2}"
_RUN = re.compile(rf"\d(?:{_GAP}\d){{{SHORTEST - 1},}}")
_GROUP = re.compile(r"\d+")

# ISO/IEC 7812 ranges in use: (first, last, lengths), the bounds having the same number of digits.
_ISSUERS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({13, 16, 18, 19})),  # Visa
    (51, 55, frozenset({16})),  # Mastercard
    (2221, 2720, frozenset({16})),  # Mastercard
    (34, 34, frozenset({15})),  # American Express
    (37, 37, frozenset({15})),  # American Express
    (300, 305, frozenset(range(14, 20))),  # Diners Club
    (36, 36, frozenset(range(14, 20))),  # Diners Club
    (38, 39, frozenset(range(14, 20))),  # Diners Club
    (3528, 3589, frozenset(range(16, 20))),  # JCB
    (6011, 6011, frozenset(range(16, 20))),  # Discover
    (644, 659, frozenset(range(16, 20))),  # Discover
    (62, 62, frozenset(range(16, 20))),  # UnionPay
    (81, 81, frozenset(range(16, 20))),  # UnionPay, RuPay
    (60, 60, frozenset({16})),  # RuPay
    (2200, 2204, frozenset(range(16, 20))),  # Mir
    (5018, 5018, frozenset(range(13, 20))),  # Maestro
    (5020, 5020, frozenset(range(13, 20))),
    (5038, 5038, frozenset(range(13, 20))),
    (5893, 5893, frozenset(range(13, 20))),
    (6304, 6304, frozenset(range(13, 20))),
    (6759, 6763, frozenset(range(13, 20))),
)


def is_card_number(digits: str) -> bool:
    """True for 13 to 19 digits with an issuer's prefix, that issuer's length, and a right check digit."""
    if not SHORTEST <= len(digits) <= LONGEST or not digits.isdecimal():
        return False
    return _has_issuer(digits) and _luhn(digits)


def mask_cards(text: str) -> str:
    """`text` with every card number in it masked: all digits but the last four become a dot, separators stay.

    Digits may be grouped by spaces, dashes, dots or slashes. A number written with a plus sign, or grouped as a
    North American phone number (3-3-4), is not taken for a card. The length never changes; masking twice does nothing.
    """
    return _RUN.sub(lambda found: _masked_run(found.group(), plus=text[: found.start()].endswith("+")), text)


def _has_issuer(digits: str) -> bool:
    return any(
        first <= int(digits[: len(str(first))]) <= last and len(digits) in lengths for first, last, lengths in _ISSUERS
    )


def _luhn(digits: str) -> bool:
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - Luhn's sum of two digits
    return total % 10 == 0


def _masked_run(run: str, *, plus: bool) -> str:
    groups = [(found.start(), found.end()) for found in _GROUP.finditer(run)]
    masked, first = list(run), 0
    while first < len(groups):
        last = next(_cards_from(run, groups, first, plus=plus and first == 0), None)
        if last is None:
            first += 1
            continue
        _blank(masked, groups[first][0], groups[last][1])
        first = last + 1
    return "".join(masked)


def _cards_from(run: str, groups: list[tuple[int, int]], first: int, *, plus: bool) -> Iterator[int]:
    """The last groups of the card numbers that begin with group `first`, the longest first."""
    lengths = tuple(end - start for start, end in groups[first:])
    if lengths[: len(_NANP)] == _NANP:
        return
    for last in range(min(len(groups), first + LONGEST) - 1, first - 1, -1):
        digits = "".join(run[start:end] for start, end in groups[first : last + 1])
        if plus and len(digits) <= _E164_LONGEST:
            return
        if is_card_number(digits):
            yield last


def _blank(masked: list[str], start: int, end: int) -> None:
    shown = _SHOWN
    for index in range(end - 1, start - 1, -1):
        if not masked[index].isdecimal():
            continue
        if shown:
            shown -= 1
        else:
            masked[index] = "•"
