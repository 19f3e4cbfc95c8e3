"""Text of a file to typed values; what does not fit says why and what to do."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from tellonce.intake.mapping.cells import Cell
from tellonce.kernel.money import Money
from tellonce.modules.record.contracts import BadMacError, BadPhoneError, mac_address, phone_number

_YES = frozenset({"yes", "y", "true", "t", "1", "on"})
_NO = frozenset({"no", "n", "false", "f", "0", "off"})
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_MONEY_DRESS = re.compile(r"[\s$€£'\u00a0\u202f]|(?:^[A-Z]{3})|(?:[A-Z]{3}$)")
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}")
_MOST_MONTHS = 1200
_DIRECTIVE = re.compile(r"%(.)")
_NUMBERS = {
    "Y": r"(?P<Y>\d{4})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "M": r"(?P<M>\d{1,2})",
    "S": r"(?P<S>\d{1,2})",
}
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)

Turn = Callable[[str], Any]


class UnfitError(Exception):
    """A value that its field cannot take; the reader adds where it stands."""

    def __init__(self, what: str, do: str, *, column: str = "", value: str = "") -> None:
        super().__init__(what)
        self.what, self.do, self.column, self.value = what, do, column, value


def months_before(day: date, months: int) -> date:
    """The same day of the month that many months earlier, or the last day of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def turn_into(kind: str, cell: Cell, *, as_of: date | None, currency: str, country: str) -> Turn:
    """The function that makes a value of `kind` from text that is not empty."""
    turns: dict[str, Callable[[], Turn]] = {
        "date": lambda: lru_cache(maxsize=4096)(_dates(cell.format)),
        "months_before": lambda: lru_cache(maxsize=1024)(_months_before(as_of)),
        "money": lambda: _money(cell, currency),
        "phone": lambda: _phone(country),
        "number": lambda: _number(cell.decimal),
        "whole": lambda: _whole_above(cell),
        "yes_no": lambda: yes_no,
        "mail": lambda: _mail,
        "mac": lambda: _mac,
    }
    return turns.get(kind, lambda: str)()


def yes_no(text: str) -> bool:
    """True or False for the usual words."""
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise UnfitError(_("It is not a yes or no."), _('Write yes or no, or map its words with "values".'))


def moment(text: str, *, formats: tuple[str, ...] | None, zone: ZoneInfo | None) -> datetime:
    """A date and time in its zone; one with an offset of its own keeps it."""
    at = _moment(text, formats)
    if at.tzinfo is None:
        if zone is None:
            raise UnfitError(_("The time has no zone."), _('State it with "zone" in the mapping.'))
        at = at.replace(tzinfo=zone)
    _in_range(at.date())
    return at


def _moment(text: str, formats: tuple[str, ...] | None) -> datetime:
    for form in formats or ():
        try:
            quick = _quick(form)
            if quick is None:
                return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added by the caller, by the mapping
            pattern, parts = quick
            if found := pattern.fullmatch(text):
                year, month, day, *clock = map(int, found.group(*parts))
                hour, minute, second = (*clock, 0, 0, 0)[:3]
                return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - as above
        except ValueError:
            continue
    if formats is None:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise UnfitError(
        _("It is not a date and time of the form %(form)s.") % {"form": _forms(formats)},
        _('Correct it, or state its form with "format".'),
    )


@lru_cache(maxsize=64)
def _quick(form: str) -> tuple[re.Pattern[str], tuple[str, ...]] | None:
    """What reads times of this form as strptime does, in a tenth of its time; None where it takes more than numbers."""
    pieces = _DIRECTIVE.split(form)
    parts = pieces[1::2]
    in_order = tuple(_NUMBERS)[: max(len(parts), 3)]
    if sorted(parts) != sorted(in_order):
        return None
    texts = [re.sub(r"(?:\\?\s)+", lambda _found: r"\s+", re.escape(piece)) for piece in pieces[::2]]
    pattern = texts[0] + "".join(_NUMBERS[part] + text for part, text in zip(parts, texts[1:], strict=True))
    return re.compile(pattern), in_order


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnfitError(
            _("There is no time zone “%(name)s”.") % {"name": name}, _("Use a name like America/New_York.")
        ) from error


def _forms(formats: tuple[str, ...] | None) -> str:
    return " / ".join(formats) if formats else _("2024-12-31 (or with 23:59)")


def _in_range(day: date) -> None:
    if not _EARLIEST <= day < _LATEST:
        raise UnfitError(_("The year cannot be right."), _("Correct the date."))


def _dates(formats: tuple[str, ...] | None) -> Turn:
    def turn(text: str) -> date:
        day = _moment(text, formats).date()
        _in_range(day)
        return day

    return turn


def _months_before(as_of: date | None) -> Turn:
    def turn(text: str) -> date:
        months = _whole(text)
        if as_of is None or not 0 <= months <= _MOST_MONTHS:
            raise UnfitError(_("It is not a number of months."), _("Give whole months from 0 to 1200."))
        return months_before(as_of, months)

    return turn


def _decimal(text: str, sign: str) -> Decimal:
    """A number whose thousands may stand apart: 59,90 is none, unless its comma is stated to be the decimal sign."""
    groups = "," if sign == "." else "."
    whole, _sign, _rest = text.partition(sign)
    plain = text.replace(groups, "").replace(sign, ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    is_grouped = groups not in text or (
        groups in whole and groups not in _rest and _GROUPS.fullmatch(whole) is not None
    )
    if not is_grouped or not value.is_finite() or not plain.isascii():
        example = {"example": "1234,50" if sign == "," else "1234.50"}
        advice = _('Write it like %(example)s, or state another "decimal" in the mapping.') % example
        raise UnfitError(_("It is not a number."), advice)
    if abs(value) >= Decimal(10) ** 15:
        raise UnfitError(_("The number is too large."), _("Correct it in the file."))
    return value


def _money(cell: Cell, currency: str) -> Turn:
    places = len(str(Money(0, currency)).partition(".")[2])

    def turn(text: str) -> int | None:
        value = _decimal(_MONEY_DRESS.sub("", text), cell.decimal)
        if value < 0 and cell.negative == "empty":
            return None
        if value < 0 and cell.negative == "refuse":
            raise UnfitError(_("The amount is below zero."), _("Correct it, or allow it in the mapping."))
        minor = value.scaleb(places)
        if minor != minor.to_integral_value():
            raise UnfitError(
                _("The amount is finer than the smallest coin of %(currency)s.") % {"currency": currency},
                _("Round it in the file."),
            )
        return int(minor)

    return turn


def _whole(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -(10**18)
    if abs(value) >= 10**15:
        raise UnfitError(_("It is not a whole number."), _("Write digits only."))
    return value


def _whole_above(cell: Cell) -> Turn:
    if cell.negative != "empty":
        return _whole
    return lambda text: value if (value := _whole(text)) >= 0 else None


def _number(sign: str) -> Turn:
    def turn(text: str) -> int | float:
        value = _decimal(text, sign)
        return int(value) if value == value.to_integral_value() else float(value)

    return turn


def _phone(country: str) -> Turn:
    def turn(text: str) -> str:
        try:
            return phone_number(text, country=country)
        except BadPhoneError as error:
            raise UnfitError(
                _("It is not a phone number of %(country)s or with a country code.") % {"country": country},
                _("Write it like +1 303 555 0100."),
            ) from error

    return turn


def _mail(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise UnfitError(_("It is not a mail address."), _("Write one address like maria@example.net."))
    return text.lower()


def _mac(text: str) -> str:
    try:
        return mac_address(text)
    except BadMacError as error:
        raise UnfitError(_("It is not a MAC."), _("Write its twelve hexadecimal digits.")) from error
