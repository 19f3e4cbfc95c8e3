"""How one field is made from the columns of a row: what a mapping may say of it, strictly checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Any, Literal

from django.db.models import TextChoices
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Kind = Literal[
    "text", "date", "time", "money", "whole", "number", "yes_no", "phone", "mail", "mac", "months_before", "as_of"
]


@dataclass(frozen=True, slots=True)
class Slot:
    """What a field takes: its kind, the longest text, the words it knows, its bounds."""

    kind: Kind | Literal["any"] = "text"
    limit: int = 0
    choices: type[TextChoices] | None = None
    least: int | None = None
    most: int | None = None
    required: bool = False

    def takes(self, kind: Kind) -> bool:
        """Whether a cell of this kind fits the field."""
        return self.kind in {"any", kind} or (self.kind == "date" and kind in {"months_before", "as_of"})


class Strict(BaseModel):
    """A part of a mapping: a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _cells_fit(self) -> "Strict":
        for name, field in type(self).model_fields.items():
            kind = getattr(getattr(self, name), "as_", None)
            for slot in field.metadata:
                if kind is not None and isinstance(slot, Slot) and not slot.takes(kind):
                    raise ValueError(f'"{name}" takes a {slot.kind}, not a {kind}')
        return self


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _cell(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
"""One name, or several of which the first that the file has is taken."""


class When(Strict):
    """A condition on one column: its value is, or is not, among those listed (in any case)."""

    column: Names
    is_: Names | None = Field(default=None, alias="is")
    is_not: Names | None = None

    @model_validator(mode="after")
    def _one_test(self) -> "When":
        if (self.is_ is None) == (self.is_not is None):
            raise ValueError('a condition needs exactly one of "is" and "is_not"')
        return self


class Cell(Strict):
    """One field: where its text comes from, and how that is turned into what the field takes.

    Exactly one of `column`, `constant`, `template`, `first_of` is given, or `as = "as_of"` alone.
    """

    column: Names | None = None
    constant: str | int | float | bool | None = None
    template: str | None = None
    first_of: tuple["CellSpec", ...] | None = None
    as_: Kind | None = Field(default=None, alias="as")
    format: Names | None = None
    zone: "CellSpec | None" = None
    decimal: Literal[".", ","] = "."
    negative: Literal["refuse", "empty", "keep"] = "keep"
    values: dict[str, str] | None = None
    prefixes: dict[str, str] | None = None
    otherwise: str | None = None
    keep_others: bool = False
    empty: Names | None = None
    required: bool = False
    optional: bool = False
    when: When | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "Cell":
        given = [self.column, self.constant, self.template, self.first_of]
        number = sum(source is not None for source in given)
        if self.as_ == "as_of":
            if number:
                raise ValueError('as = "as_of" stands alone: it is the date that the import is told')
        elif number != 1:
            raise ValueError('it needs exactly one of "column", "constant", "template" and "first_of"')
        if self.template is not None:
            template_parts(self.template)
        if self.zone is not None and self.as_ != "time":
            raise ValueError('"zone" belongs to as = "time"')
        if self.keep_others and self.otherwise is not None:
            raise ValueError('give "otherwise" or "keep_others", not both')
        return self


CellSpec = Annotated[Cell, BeforeValidator(_cell)]
"""A cell, or just the name of a column."""

Cell.model_rebuild()


def template_parts(template: str) -> list[tuple[str, tuple[str, ...]]]:
    """The pieces of a template such as "{City|Town}, {State}": text, then a column with its other names (or none)."""
    return [(text, tuple(name.split("|")) if name else ()) for text, name, _spec, _ in Formatter().parse(template)]


def columns_of(cell: Cell) -> Iterator[tuple[str, ...]]:
    """Every column that the cell reads, each with its other names."""
    if cell.column:
        yield cell.column
    if cell.template:
        yield from (names for _text, names in template_parts(cell.template) if names)
    for inner in cell.first_of or ():
        yield from columns_of(inner)
    if cell.zone:
        yield from columns_of(cell.zone)
    if cell.when:
        yield cell.when.column
