"""Scenarios as plain values and back, so that what was rehearsed can be kept and rehearsed again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from tellonce.lab.rehearsal.changes import Base
from tellonce.lab.routing.rules import Rules
from tellonce.lab.simulation import contracts as c

_KNOWN: Mapping[str, type[Any]] = {
    each.__name__: each
    for each in (
        Base, Rules, c.Break, c.Callbacks, c.Constant, c.Empirical, c.Exponential, c.Lognormal, c.Matter, c.Menu,
        c.Outage, c.Patience, c.Person, c.Pressure, c.Scenario, c.Shift, c.Stream,
    )
}  # fmt: skip
_WHAT = "is"


def written(base: Base) -> str:
    """The base as JSON; the same base gives the same text."""
    return json.dumps(_plain(base), sort_keys=True, separators=(",", ":"))


def read(text: str) -> Base:
    """The base of a text that `written` made."""
    made = _made(json.loads(text))
    assert isinstance(made, Base)
    return made


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {_WHAT: type(value).__name__} | {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(each)] for key, each in value.items()]
    if isinstance(value, tuple):
        return {"all": [_plain(each) for each in value]}
    return value


def _made(value: Any) -> Any:
    match value:
        case {"is": name, **rest}:
            return _KNOWN[name](**{str(key): _made(each) for key, each in rest.items()})
        case {"all": items}:
            return tuple(_made(each) for each in items)
        case list():
            return {_made(key): _made(each) for key, each in value}
        case _:
            return value
