"""Events as they are kept: a kind, and plain values that JSON can hold."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from tellonce.switchboard.decisions import Decision
from tellonce.switchboard.errors import JournalError
from tellonce.switchboard.facts import Fact
from tellonce.switchboard.folding import Event

_KINDS: dict[str, type] = {kind.__name__: kind for kind in (*get_args(Fact), *get_args(Decision))}


def encode(event: Event) -> tuple[str, dict[str, Any]]:
    """The event's kind, and its values as JSON can hold them (infinity as text)."""
    return type(event).__name__, plain(event)


def decode(kind: str, values: Mapping[str, Any]) -> Event:
    """The event of this kind with these values.

    Raises:
        JournalError: there is no such kind, or the values are not those of one.
    """
    try:
        event: Event = adapter(_KINDS[kind]).validate_python(values)
    except KeyError as error:
        raise JournalError(f"There is no event {kind!r}: the journal was written by a newer Tellonce.") from error
    except ValidationError as error:
        raise JournalError(f"An event {kind!r} in the journal cannot be read: {error.errors()[0]['msg']}.") from error
    return event


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """What reads plain values as this type."""
    return TypeAdapter(kind)


def plain(value: Any) -> Any:
    """The value as lists, text-keyed mappings, text and numbers; JSON knows no infinity, so it is text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    return value
