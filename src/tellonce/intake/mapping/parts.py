"""A part of a mapping against a header: one function from a row to the fields of that part."""

from collections.abc import Callable, Sequence
from typing import Any

from tellonce.intake.mapping.cells import CellSpec, Slot, Strict
from tellonce.intake.mapping.compiling import Header, Take, compile_cell, compile_when
from tellonce.intake.mapping.model import slot_of
from tellonce.intake.mapping.transforms import UnfitError

Fields = dict[str, Any]
Unfit = list[UnfitError]
TakePart = Callable[[Sequence[str], Unfit], Fields | None]
"""A row to the fields that hold something; None where the part does not apply. What does not fit is collected."""


def compile_part(part: Strict, header: Header) -> TakePart:
    """The part's fields as one function; fields that the file leaves empty are left out."""
    takes = [
        (name, compile_cell(value, slot_of(part, name), header))
        for name in type(part).model_fields
        if _is_cell(value := getattr(part, name))
    ]
    holds = compile_when(getattr(part, "when", None), header)

    def take_part(row: Sequence[str], unfit: Unfit) -> Fields | None:
        if holds is not None and not holds(row):
            return None
        return _taken(takes, row, unfit)

    return take_part


def compile_facts(facts: dict[str, CellSpec], header: Header) -> TakePart:
    """Further facts by their names, as values that JSON can hold."""
    takes = [(name, compile_cell(cell, Slot("any"), header)) for name, cell in facts.items()]

    def take_facts(row: Sequence[str], unfit: Unfit) -> Fields:
        fields = _taken(takes, row, unfit)
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in fields.items()}

    return take_facts


def _is_cell(value: Any) -> bool:
    return hasattr(value, "template")


def _taken(takes: list[tuple[str, Take]], row: Sequence[str], unfit: Unfit) -> Fields:
    fields: Fields = {}
    for name, take in takes:
        try:
            value = take(row)
        except UnfitError as error:
            unfit.append(error)
            continue
        if value is not None:
            fields[name] = value
    return fields
