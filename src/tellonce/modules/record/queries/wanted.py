"""What somebody typed into a search, taken apart: words, digits, codes, a mail address."""

import re
from dataclasses import dataclass

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from tellonce.modules.record.folding import code_of, words_of

_ONLY_DIGITS = re.compile(r"[\d\s()+./\-]*\d[\d\s()+./\-]*")
_NOT_DIGITS = re.compile(r"\D")
_MOST_WORDS = 8
_SHORT = 2
_LEAST_CODE = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """`words` folded; `digits` as a number may stand in the record, likeliest first; `code` of anything else."""

    words: tuple[str, ...]
    digits: tuple[str, ...]
    code: str
    mail: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.words or self.digits or self.code or self.mail)


def read_wanted(text: str) -> Wanted:
    """Takes apart what was typed."""
    text = text.strip()[:200]
    words = tuple(words_of(text)[:_MOST_WORDS])
    if _ONLY_DIGITS.fullmatch(text):
        return Wanted(words=words, digits=_as_numbers(text), code=code_of(text), mail="")
    if "@" in text or ("." in text.strip(".") and " " not in text):
        return Wanted(words=words, digits=(), code="", mail=text.lower())
    is_code = any(mark.isdigit() for mark in text) and (" " not in text or len("".join(words)) == len(words) * _SHORT)
    return Wanted(words=words, digits=(), code=code_of(text) if is_code else "", mail="")


def _as_numbers(text: str) -> tuple[str, ...]:
    """The digits without trunk zeros and country code, then as they were typed."""
    digits = _NOT_DIGITS.sub("", text.replace("(0)", ""))
    found = [digits]
    is_abroad = text.startswith(("+", "00"))
    plain = digits.lstrip("0")
    if is_abroad:
        found = [plain[size:] for size in (1, 2, 3) if plain[:size].isdigit() and _is_country(plain[:size])] + found
    elif digits.startswith("1") and len(digits) > _LEAST_CODE:
        found.append(digits[1:])
    elif plain != digits and plain:
        found.insert(0, plain)
    return tuple(dict.fromkeys(number for number in found if number))


def _is_country(code: str) -> bool:
    return int(code) in COUNTRY_CODE_TO_REGION_CODE
