"""A cell of a mapping and the header of a file become one quick function from a row to a value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from tellonce.intake.contracts import UnreadableFileError, in_short
from tellonce.intake.mapping.cells import Cell, Slot, When, template_parts
from tellonce.intake.mapping.transforms import Turn, UnfitError, moment, turn_into, zone_named

_REMEMBERED = 4_096
Take = Callable[[Sequence[str]], Any]
"""A row of text to a value; None where the file holds nothing."""


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of the file at hand, and what the values are relative to."""

    columns: tuple[str, ...]
    as_of: date | None
    currency: str
    country: str

    def position(self, names: Sequence[str]) -> int | None:
        """Where the first of these names stands; None where the file has none of them."""
        return next((self.columns.index(name) for name in names if name in self.columns), None)

    def needed(self, names: Sequence[str]) -> int:
        """Where the first of these names stands; refused where the file has none of them."""
        position = self.position(names)
        if position is None:
            raise UnreadableFileError(
                _("The file has no column %(names)s.") % {"names": " / ".join(f"“{name}”" for name in names)},
                line=1,
                do=_(
                    "It has: %(columns)s. Choose another mapping, change the name in it, or say in it that the column"
                    " may be missing (optional)."
                )
                % {"columns": in_short(self.columns)},
            )
        return position


def _nothing(_row: Sequence[str]) -> None:
    return None


def compile_cell(cell: Cell | None, slot: Slot, header: Header) -> Take:
    """The function that makes this field from a row; it raises UnfitError with column, value, what and what to do."""
    if cell is None:
        return _nothing
    kind = cell.as_ or ("text" if slot.kind == "any" else slot.kind)
    if kind == "as_of":
        return _guarded(lambda _row: header.as_of, cell, header)
    raw, shown = _raw(cell, slot, header)
    if raw is None:
        return _nothing
    convert = _conversion(kind, cell, slot, header)
    required = slot.required or cell.required

    def take(row: Sequence[str]) -> Any:
        text = raw(row)
        if not text:
            if required:
                raise UnfitError(_("It is empty."), _("Every row needs a value here."), column=shown, value="")
            return None
        try:
            return convert(row, text)
        except UnfitError as unfit:
            if not unfit.column:
                unfit.column, unfit.value = shown, text
            raise

    return _guarded(take if cell.constant is None or kind == "time" else _once(take), cell, header)


def _once(take: Take) -> Take:
    """A constant is made once; one that does not fit is told of every row."""
    try:
        value = take(())
    except UnfitError:
        return take
    return lambda _row: value


def _conversion(kind: str, cell: Cell, slot: Slot, header: Header) -> Callable[[Sequence[str], str], Any]:
    """What makes the field's value of the row's text. Few values are many rows': they are converted once."""
    check = _check(slot, kind)
    if kind == "time":
        return _times(cell, header)
    turn = _turn(kind, cell, header)
    if turn is None:
        return (lambda _row, text: check(text)) if check else (lambda _row, text: text)

    @lru_cache(maxsize=_REMEMBERED)
    def convert(text: str) -> Any:
        value = turn(text)
        return check(value) if check and value is not None else value

    return lambda _row, text: convert(text)


def compile_when(when: When | None, header: Header) -> Callable[[Sequence[str]], bool] | None:
    """The condition as a function; None where there is none. A column that the file lacks is refused."""
    if when is None:
        return None
    position = header.needed(when.column)
    words = frozenset(word.strip().casefold() for word in (when.is_ or when.is_not or ()))
    wanted = when.is_ is not None
    return lambda row: (row[position].strip().casefold() in words) is wanted


def _guarded(take: Take, cell: Cell, header: Header) -> Take:
    condition = compile_when(cell.when, header)
    if condition is None:
        return take
    return lambda row: take(row) if condition(row) else None


def _raw(cell: Cell, slot: Slot, header: Header) -> tuple[Callable[[Sequence[str]], str] | None, str]:
    """The text of the cell before it is turned, and the name of its column to show."""
    if cell.constant is not None:
        text = ("yes" if cell.constant else "no") if isinstance(cell.constant, bool) else str(cell.constant)
        return (lambda _row: text), _("(constant)")
    if cell.template is not None:
        return _template(cell, header)
    if cell.first_of is not None:
        takes = [compile_cell(inner, Slot(kind="text"), header) for inner in cell.first_of]
        names = " / ".join(inner.column[0] if inner.column else "…" for inner in cell.first_of)
        return _first_of(takes), names
    names_here = cell.column or ()
    if cell.optional and header.position(names_here) is None:
        return None, names_here[0]
    position = header.needed(names_here)
    nothing = frozenset(cell.empty or ())
    if not nothing:
        return (lambda row: row[position].strip()), header.columns[position]

    def read(row: Sequence[str]) -> str:
        text = row[position].strip()
        return "" if text in nothing else text

    return read, header.columns[position]


def _template(cell: Cell, header: Header) -> tuple[Callable[[Sequence[str]], str] | None, str]:
    parts = template_parts(cell.template or "")
    shown = " + ".join(names[0] for _text, names in parts if names)
    if cell.optional and any(header.position(names) is None for _text, names in parts if names):
        return None, shown
    places = [header.needed(names) for _text, names in parts if names]
    whole = "".join(text.replace("%", "%%") + ("%s" if names else "") for text, names in parts)

    def read(row: Sequence[str]) -> str:
        values = [row[place].strip() for place in places]
        return whole % tuple(values) if any(values) else ""

    return read, shown


def _first_of(takes: Sequence[Take]) -> Callable[[Sequence[str]], str]:
    def read(row: Sequence[str]) -> str:
        for take in takes:
            if value := take(row):
                return str(value)
        return ""

    return read


def _times(cell: Cell, header: Header) -> Callable[[Sequence[str], str], Any]:
    translate, zone = _translate(cell), compile_cell(cell.zone, Slot(), header)

    def at_time(row: Sequence[str], text: str) -> Any:
        name = zone(row)
        return moment(translate(text), formats=cell.format, zone=zone_named(name) if name else None)

    return at_time


def _turn(kind: str, cell: Cell, header: Header) -> Turn | None:
    """What makes the value of the text; None where the text is the value, as of most cells of most files."""
    translate = _translate(cell)
    turn = turn_into(kind, cell, as_of=header.as_of, currency=header.currency, country=header.country)
    if translate is str:
        return None if turn is str else turn

    def plain(text: str) -> Any:
        translated = translate(text)
        return turn(translated) if translated else None

    return plain


def _translate(cell: Cell) -> Turn:
    if cell.prefixes is not None:
        return _by_prefix(cell, cell.prefixes)
    if cell.values is None:
        return str
    values: Mapping[str, str] = {key.casefold(): value for key, value in cell.values.items()}

    def translate(text: str) -> str:
        known = values.get(text.casefold())
        return known if known is not None else _other(cell, text)

    return translate


def _by_prefix(cell: Cell, prefixes: Mapping[str, str]) -> Turn:
    longest_first = sorted(prefixes.items(), key=lambda item: -len(item[0]))

    def translate(text: str) -> str:
        return next((value for prefix, value in longest_first if text.startswith(prefix)), None) or _other(cell, text)

    return translate


def _other(cell: Cell, text: str) -> str:
    if cell.keep_others:
        return text
    if cell.otherwise is not None:
        return cell.otherwise
    raise UnfitError(
        _("The mapping does not know this value."),
        _("Add it to the mapping, or say there what becomes of others (otherwise, keep_others)."),
    )


def _check(slot: Slot, kind: str) -> Callable[[Any], Any] | None:
    """What refuses values that the field cannot hold; None where every value of the kind fits."""
    if kind in {"date", "time", "yes_no", "months_before"}:
        return None
    known = frozenset(slot.choices.values) if slot.choices else frozenset()

    def check(value: Any) -> Any:
        if known and value not in known:
            raise UnfitError(
                _("It is none of: %(words)s.") % {"words": ", ".join(sorted(known))}, _('Map its words with "values".')
            )
        if slot.limit and isinstance(value, str) and len(value) > slot.limit:
            raise UnfitError(
                _("It has %(found)d characters; %(limit)d are possible.") % {"found": len(value), "limit": slot.limit},
                _("Shorten it."),
            )
        if _is_outside(slot, value):
            raise UnfitError(_("The number is out of range."), _("Correct it."))
        return value

    return check


def _is_outside(slot: Slot, value: Any) -> bool:
    if not isinstance(value, int):
        return False
    return (slot.least is not None and value < slot.least) or (slot.most is not None and value > slot.most)
