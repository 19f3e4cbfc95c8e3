"""Lines between the switchboard and its gateway: JSON objects, `{"do": order}` one way, `{"told": what}` the other.

Words between the processes only: `ready` (with the port), `failed` (with what to do), `begun` and `over` of a call,
`tape` (pieces that a recording is to be made of, once it is over), and `pong`, which answers `ping`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from tellonce.switchboard.drivers.told import PhonesChanged, Told, WhyNot

_TOLD = {kind.__name__: kind for kind in get_args(Told)}


def line(word: str, value: str, **more: Any) -> bytes:
    """One line, with the newline."""
    return json.dumps({word: value, **more}, separators=(",", ":")).encode() + b"\n"


def order(what: str, **more: Any) -> bytes:
    """To the gateway."""
    return line("do", what, **more)


def told_line(told: Told) -> bytes:
    """To the switchboard."""
    fields = asdict(told)
    if isinstance(told, PhonesChanged):
        fields["persons"] = sorted(told.persons)
    return line("told", type(told).__name__, **fields)


def read_told(plain: Mapping[str, Any]) -> Told:
    """What `told_line` wrote."""
    kind = _TOLD[plain["told"]]
    fields = {name: value for name, value in plain.items() if name != "told"}
    if "why" in fields:
        fields["why"] = WhyNot(fields["why"])
    if "persons" in fields:
        fields["persons"] = frozenset(fields["persons"])
    told: Told = kind(**fields)
    return told
