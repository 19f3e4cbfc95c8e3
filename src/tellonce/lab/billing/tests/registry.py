"""How a home is written down: what is changed in it, and what must be found there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tellonce.lab.billing.tests.worlds import Home

Said = tuple[int, int | None, str, int]
"""The month of the bill, the line, the kind, and the money."""


@dataclass
class Case:
    """One home: how it differs from one where all is well, and what must be found there."""

    name: str
    change: Callable[[Home], None]
    found: tuple[Said, ...] = field(default=())


CASES: list[Case] = []


def case(*found: Said) -> Callable[[Callable[[Home], None]], Callable[[Home], None]]:
    """Registers a home with its findings, by the name of the function."""

    def register(change: Callable[[Home], None]) -> Callable[[Home], None]:
        CASES.append(Case(change.__name__, change, tuple(found)))
        return change

    return register
