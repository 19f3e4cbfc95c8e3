"""Text as search sees it: lower case, without accents and marks, in words; and what a customer is found by."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import phonenumbers
from phonenumbers import NumberParseException

from tellonce.modules.record.contracts import CustomerKind, SearchKind

_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'`\u2018\u2019\u00b4")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_NOT_CODE = re.compile(r"[^0-9a-z]")
PAIR = "~"
LONGEST_WORD = 60
_LONGEST = 300
_MOST_NAME_WORDS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a customer is found by: `folded` is compared, `shown` is what people read."""

    kind: SearchKind
    folded: str
    shown: str


def fold(text: str) -> str:
    """`text` in lower case without accents and apostrophes."""
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_APOSTROPHES)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)


def words_of(text: str) -> list[str]:
    """The words and numbers of `text`, folded, in their order."""
    return _WORDS.findall(fold(text))


def code_of(text: str) -> str:
    """A serial, MAC or account number without blanks, dashes and colons."""
    return _NOT_CODE.sub("", fold(text))


def national_digits(e164: str) -> str:
    """The digits of a number without its country code: what people type when they look for it."""
    try:
        return phonenumbers.national_significant_number(phonenumbers.parse(e164, None))
    except NumberParseException:
        return e164.lstrip("+")


def name_entries(name: str, *, kind: str) -> list[Entry]:
    """A name as it is written, and with the last word first, as people are looked up."""
    words = words_of(name)
    if not words:
        return []
    entries = [Entry(SearchKind.NAME, " ".join(words)[:_LONGEST], name)]
    if kind != CustomerKind.BUSINESS and 1 < len(words) <= _MOST_NAME_WORDS:
        entries.append(Entry(SearchKind.NAME, " ".join([words[-1], *words[:-1]])[:_LONGEST], name))
    return entries


def phone_entry(e164: str) -> Entry:
    """A phone number by its national digits."""
    if e164.startswith("+1"):
        return Entry(SearchKind.PHONE, e164[2:], e164)
    return Entry(SearchKind.PHONE, national_digits(e164), e164)


def mail_entry(mail: str) -> Entry:
    """A mail address as it is."""
    return Entry(SearchKind.MAIL, mail[:_LONGEST], mail)


def address_entry(*parts: str) -> list[Entry]:
    """An address by its words, house number first; none where there is no word."""
    shown = ", ".join(part for part in parts if part)
    folded = " ".join(words_of(shown))[:_LONGEST]
    return [Entry(SearchKind.ADDRESS, folded, shown[:_LONGEST])] if folded else []


def code_entry(kind: SearchKind, value: str) -> list[Entry]:
    """An account number, serial or MAC by its letters and digits; none where it is empty."""
    folded = code_of(value)[:_LONGEST]
    return [Entry(kind, folded, value)] if folded else []


def each_once(entries: Iterable[Entry]) -> list[Entry]:
    """The entries without those that say the same: a name with and without its accent is one."""
    unique: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        unique.setdefault((entry.kind, entry.folded), entry)
    return list(unique.values())


def document_of(entries: Iterable[Entry]) -> str:
    """All words of names and addresses, each once, so that any of them in any order finds the customer; then pairs."""
    words: dict[str, None] = {}
    pairs: dict[str, None] = {}
    for entry in entries:
        if entry.kind == SearchKind.NAME:
            there = entry.folded.split(" ")
            words.update(dict.fromkeys(there))
            pairs.update(dict.fromkeys(pairs_of(there)))
        elif entry.kind == SearchKind.ADDRESS:
            words.update(dict.fromkeys(entry.folded.split(" ")))
    return " ".join((*words, *pairs))


def pairs_of(words: Sequence[str]) -> list[str]:
    """The beginnings of every two words of a name, two letters each, in one order: 'ga~ma' for Maria Garcia."""
    return [PAIR.join(sorted((one[:2], two[:2]))) for one, two in combinations(words[:_MOST_NAME_WORDS], 2)]


def is_word(token: str) -> bool:
    """Whether a token of a document is a word that somebody may misspell: no number and no pair."""
    return len(token) <= LONGEST_WORD and PAIR not in token and not token.isdecimal()


def variants_of(word: str) -> list[str]:
    """The word, and what is left of it without one of its letters (symmetric deletes, after W. Garbe's SymSpell)."""
    return list(dict.fromkeys((word, *(word[:place] + word[place + 1 :] for place in range(len(word))))))
