"""Which encoding a text file is in: stated, by its byte order mark, UTF-8 where it fits, else the likeliest."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from tellonce.intake.contracts import UnreadableFileError
from tellonce.intake.readers.packed import open_bytes

_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
_OF_COUNTRY = {
    **dict.fromkeys(("AL", "BA", "CZ", "HR", "HU", "ME", "PL", "RO", "RS", "SI", "SK"), "cp1250"),
    **dict.fromkeys(("EE", "LT", "LV"), "cp1257"),
    "TR": "cp1254",
    "VN": "cp1258",
}
"""The code page of Latin letters that a country's programs write, where it is not the western one."""
_LATIN = frozenset(
    {
        "cp1250",
        _WESTERN,
        "cp1254",
        "cp1257",
        "cp1258",
        "latin_1",
        *(f"iso8859_{n}" for n in (1, 2, 3, 4, 9, 10, 13, 14, 15, 16)),
    }
)
_WORDS = re.compile(r"[^\W\d_]+")
_SHOWN_WORDS = 6


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding by Python's name, how sure that is, and of a guess some words of the file as they are read."""

    name: str
    how: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Misfit:
    line: int
    offset: int
    bytes_there: bytes


def find_encoding(path: Path, *, stated: str = "", country: str = "") -> Encoding:
    """The encoding of the file; a stated one that does not fit is refused with the line that shows it.

    Latin letters are guessed to be in the code page of `country`: their code pages hold the same bytes, and telling
    them apart by a few names goes wrong (ø is ř in the next).
    """
    if stated:
        return _stated(path, stated)
    with open_bytes(path) as file:
        head = file.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _refused_unless_fitting(path, Encoding(name, name.removesuffix("-sig")))
    misfit = _first_misfit(path, "utf-8")
    if misfit is None:
        return Encoding("utf-8", "utf-8")
    guess = _guess(path, near=misfit.offset, latin=_OF_COUNTRY.get(country, _WESTERN))
    words = _words(path, near=misfit.offset, encoding=guess)
    return Encoding(guess, _("%(encoding)s (guessed)") % {"encoding": guess}, words)


def _stated(path: Path, stated: str) -> Encoding:
    try:
        name = codecs.lookup(stated).name
    except LookupError as error:
        raise UnreadableFileError(
            _("There is no encoding “%(name)s”.") % {"name": stated}, do=_("Use a name like utf-8 or windows-1252.")
        ) from error
    with open_bytes(path) as file:
        marked = file.read(3) == codecs.BOM_UTF8
    return _refused_unless_fitting(path, Encoding("utf-8-sig" if marked and name == "utf-8" else name, name))


def _refused_unless_fitting(path: Path, encoding: Encoding) -> Encoding:
    misfit = _first_misfit(path, encoding.name)
    if misfit is None:
        return encoding
    raise UnreadableFileError(
        _("Line %(line)d is not text in %(encoding)s.") % {"line": misfit.line, "encoding": encoding.how},
        line=misfit.line,
        value=misfit.bytes_there.hex(" "),
        do=_("State the file's real encoding in the mapping, or save the file as UTF-8."),
    )


def _first_misfit(path: Path, name: str) -> _Misfit | None:
    """Where the file first fails to be text in this encoding, by decoding it a megabyte at a time."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    line, offset = 1, 0
    with open_bytes(path) as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                line += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(name, "replace")
                return _Misfit(line + good.count("\n"), offset + error.start, error.object[error.start : error.end])
            if not chunk:
                return None
            offset += len(chunk)


def _guess(path: Path, *, near: int, latin: str) -> str:
    for match in from_bytes(_sample(path, near)):
        likely = latin if match.encoding in _LATIN else match.encoding
        if _first_misfit(path, likely) is None:
            return likely
    return latin if _first_misfit(path, latin) is None else "latin-1"


def _words(path: Path, *, near: int, encoding: str) -> tuple[str, ...]:
    """Some words with other letters than English ones, so that people see whether the guess is right."""
    found = _WORDS.findall(_sample(path, near).decode(encoding, "replace"))
    return tuple(dict.fromkeys(word for word in found if not word.isascii()))[:_SHOWN_WORDS]


def _sample(path: Path, near: int) -> bytes:
    with open_bytes(path) as file:
        file.seek(max(0, near - _SAMPLE // 2))
        return file.read(_SAMPLE)
